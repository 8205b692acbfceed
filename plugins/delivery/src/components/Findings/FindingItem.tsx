import { Link } from '@backstage/core-components';
import type { Finding } from 'backstage-plugin-delivery-common';
import { cutText, plainText, shortSha } from '../../format/plainText';
import { useRunPath } from '../../hooks/useRunPath';
import { useUser } from '../../hooks/useUser';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, Badge, lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { RefLink } from '../AuditPanel/RefLink';
import { Ago } from '../Time';
import { KIND_LOOKS, STATE_LOOKS } from './looks';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'flex-start',
      gap: theme.spacing(0.5, 2),
      padding: theme.spacing(1, 0),
      borderBottom: `1px solid ${lineColor(theme)}`,
      '&:last-child': { borderBottom: 'none' },
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    body: { flex: '1 1 320px', minWidth: 0, display: 'grid', gap: 4 },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.25, 1),
      minWidth: 0,
      '& > *': { minWidth: 0 },
    },
    side: { fontSize: '0.75rem', color: secondaryText(theme) },
    sha: { fontFamily: 'monospace' },
  }),
  { name: 'DeliveryFinding' },
);

/** One finding: what it is, where, since when, and who looked into it. */
export function FindingItem(props: {
  finding: Finding;
  showService: boolean;
  onReview: (finding: Finding) => void;
}) {
  const classes = useStyles();
  const t = useT();
  const user = useUser();
  const runPath = useRunPath();
  const { finding } = props;
  const { by, environment, kind, review, runId, sha, state } = finding;
  const message = cutText(finding.message, 400);
  const to = runId === undefined ? undefined : runPath?.(runId);
  return (
    <li
      className={classes.root}
      data-finding={finding.id}
      data-state={finding.state}
    >
      <div className={classes.body}>
        <div className={classes.line}>
          <Badge {...KIND_LOOKS[kind]}>{t(`findings.kind.${kind}`)}</Badge>
          {state !== 'open' && (
            <Badge {...STATE_LOOKS[state]}>
              {state === 'reviewed'
                ? t('findings.reviewed')
                : t('findings.stateUnknown')}
            </Badge>
          )}
          {props.showService && <RefLink entityRef={finding.entityRef} />}
          {environment && <bdi>{cutText(environment, 80)}</bdi>}
          <span className={classes.side}>
            <Ago at={finding.at} />
          </span>
        </div>
        <bdi>{message}</bdi>
        <div className={`${classes.line} ${classes.side}`}>
          {by && (
            <span>{t('findings.by', { who: <RefLink entityRef={by} /> })}</span>
          )}
          {sha && (
            <code className={classes.sha} title={plainText(sha)}>
              {shortSha(sha)}
            </code>
          )}
          {to && <Link to={to}>{t('findings.run')}</Link>}
        </div>
        {review && (
          <bdi className={classes.side}>
            {t('findings.reviewedBy', {
              who: cutText(review.by, 80),
              when: <Ago at={review.at} />,
              comment: cutText(review.comment, 800),
            })}
          </bdi>
        )}
      </div>
      {state === 'open' && (
        <Action
          label={t('findings.reviewOf', { message })}
          reason={
            by !== undefined && by === user ? t('findings.own') : undefined
          }
          onClick={() => props.onReview(finding)}
        >
          {t('findings.review')}
        </Action>
      )}
    </li>
  );
}
