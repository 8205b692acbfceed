import { Link } from '@backstage/core-components';
import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { formatDuration } from '../../format/duration';
import { cutText } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import { Panel } from '../../ui';
import { Ago } from '../Time';
import { CheckLine } from './CheckLine';
import type { CheckLook } from './CheckLine';
import { useDrawerStyles } from './drawerStyles';

type Soak = NonNullable<ApprovalDetail['soak']>;

function soakLook(soak: Soak): CheckLook {
  if (soak.state === 'unknown') return 'unknown';
  if (soak.state === 'other') return 'warn';
  return soak.health === undefined || soak.health === 'healthy'
    ? 'pass'
    : 'warn';
}

function SoakLine(props: { soak: Soak }) {
  const t = useT();
  const { soak } = props;
  return (
    <CheckLine
      look={soakLook(soak)}
      end={
        <>
          {soak.since !== undefined &&
            t('approval.evidence.soakSince', {
              when: <Ago at={soak.since} />,
            })}
          {soak.since !== undefined && soak.requiredMs !== undefined && ' · '}
          {soak.requiredMs !== undefined &&
            t('approval.evidence.soakNeeds', {
              duration: formatDuration(soak.requiredMs, t),
            })}
        </>
      }
    >
      <bdi>{cutText(soak.message, 400)}</bdi>
    </CheckLine>
  );
}

function CheckOf(props: { check: ApprovalDetail['checks'][number] }) {
  const { check } = props;
  const url = safeUrl(check.url);
  const name = <bdi>{cutText(check.name, 160)}</bdi>;
  const conclusion = cutText(check.conclusion ?? '', 60);
  return (
    <CheckLine
      look={check.state}
      end={
        <>
          {conclusion && <bdi>{conclusion}</bdi>}
          {conclusion && check.at !== undefined && ' · '}
          {check.at !== undefined && <Ago at={check.at} />}
        </>
      }
    >
      {url ? <Link to={url}>{name}</Link> : name}
    </CheckLine>
  );
}

/** What speaks for and against it: checks, where it ran before, its size, and what history says of such changes. */
export function EvidencePanel(props: { detail: ApprovalDetail }) {
  const classes = useDrawerStyles();
  const t = useT();
  const runPath = useRunPath();
  const { checks, risk, size, soak } = props.detail;
  const nothing = checks.length === 0 && risk.length === 0 && !size && !soak;
  const files = size && t('approval.evidence.size', { count: size.files });
  return (
    <Panel title={t('approval.evidence.title')}>
      {nothing && <p className={classes.text}>{t('approval.evidence.none')}</p>}
      <ul className={classes.list} aria-label={t('approval.evidence.title')}>
        {checks.map((check, index) => (
          <CheckOf key={`${index}-${check.name}`} check={check} />
        ))}
        {soak && <SoakLine soak={soak} />}
        {size && files && (
          <CheckLine
            look="info"
            end={t('approval.evidence.lines', {
              additions: `${size.additions}`,
              deletions: `${size.deletions}`,
            })}
          >
            {size.atLeast
              ? t('approval.evidence.sizeAtLeast', { files })
              : files}
          </CheckLine>
        )}
        {risk.map((hint, index) => {
          const to = hint.runId && runPath?.(hint.runId);
          return (
            <CheckLine
              key={`${index}-${hint.code}`}
              look={hint.level}
              end={to && <Link to={to}>{t('approval.evidence.riskRun')}</Link>}
            >
              <bdi>{cutText(hint.message, 400)}</bdi>
            </CheckLine>
          );
        })}
      </ul>
    </Panel>
  );
}
