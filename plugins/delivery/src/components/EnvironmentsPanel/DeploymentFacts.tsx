import { Link } from '@backstage/core-components';
import type { LogicalDeployment } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import { Chip, Fold, RollbackIcon, StartupFailureIcon } from '../../ui';
import { Ago } from '../Time';
import { useSectionStyles } from './sectionStyles';

/** Says when a deployment was no ordinary one: a rollback, or a change that no pipeline of the service made. */
export function KindChip(props: { deployment: LogicalDeployment }) {
  const t = useT();
  const { kind } = props.deployment;
  if (kind === 'regular') return null;
  if (kind === 'out_of_band') {
    return (
      <Chip tone="error" loud Icon={StartupFailureIcon}>
        {t('deploymentKind.out_of_band')}
      </Chip>
    );
  }
  return (
    <Chip
      tone={kind === 'rollback' ? 'warning' : 'quiet'}
      Icon={kind === 'rollback' ? RollbackIcon : undefined}
    >
      {t(`deploymentKind.${kind}`)}
    </Chip>
  );
}

/** The way to the run that deployed; nothing when no run did. */
export function RunLink(props: { deployment: LogicalDeployment }) {
  const t = useT();
  const path = useRunPath();
  const { runId, runNumber, evidence } = props.deployment;
  if (runId === undefined) return null;
  const to =
    path?.(runId) ??
    safeUrl(evidence.find(({ source }) => source === 'run')?.url);
  const word =
    runNumber === undefined
      ? t('environment.openRun')
      : t('environment.run', { n: `${runNumber}` });
  return to === undefined ? <span>{word}</span> : <Link to={to}>{word}</Link>;
}

/** What run, vendor and runtime each say of a deployment. */
export function Evidence(props: { deployment: LogicalDeployment }) {
  const classes = useSectionStyles();
  const t = useT();
  const { evidence } = props.deployment;
  if (evidence.length === 0) return null;
  return (
    <Fold label={t('environment.evidence', { count: evidence.length })}>
      <ul className={classes.list}>
        {evidence.map((piece, index) => {
          const url = safeUrl(piece.url);
          return (
            <li key={`${index}-${piece.id}`} className={classes.line}>
              <bdi>
                {t('evidence.status', {
                  source: t(`evidence.${piece.source}`),
                  status: plainText(piece.status),
                })}
              </bdi>
              <span className={classes.side}>
                <Ago at={piece.at} />
              </span>
              {url && (
                <Link to={url}>
                  {t('environment.openAt', { host: hostLabel(url) })}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </Fold>
  );
}
