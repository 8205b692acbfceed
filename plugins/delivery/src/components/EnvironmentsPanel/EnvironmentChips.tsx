import type { Drift, Environment } from 'backstage-plugin-delivery-common';
import { absoluteTime } from '../../format/absoluteTime';
import { plainText } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import type { Pair } from '../../hooks/useEnvironmentChoice';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  AlarmIcon,
  Chip,
  CompareIcon,
  GateIcon,
  makeStyles,
  MixedIcon,
  StartupFailureIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { DEPLOYMENT_LOOKS } from '../EnvironmentState';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0.5),
      minWidth: 0,
      '&:empty': { display: 'none' },
    },
  }),
  { name: 'DeliveryEnvironmentChips' },
);

function DriftChip(props: { drift: Drift }) {
  const t = useT();
  const { drift } = props;
  const message = plainText(drift.message);
  if (drift.kind === 'mixed_tasks' || drift.kind === 'infrastructure') {
    return (
      <Chip
        tone="warning"
        Icon={drift.kind === 'mixed_tasks' ? MixedIcon : StartupFailureIcon}
        hint={message || undefined}
      >
        {t(`environments.${drift.kind}`)}
      </Chip>
    );
  }
  const by = drift.by
    ? t('environments.driftBy', { by: plainText(drift.by) })
    : undefined;
  return (
    <Chip
      tone={drift.kind === 'out_of_band' ? 'error' : 'warning'}
      Icon={StartupFailureIcon}
      loud={drift.kind === 'out_of_band'}
      hint={by}
    >
      {message}
    </Chip>
  );
}

function BehindChip(props: {
  environment: Environment;
  onCompare?: (pair: Pair) => void;
}) {
  const t = useT();
  const { environment, onCompare } = props;
  const { behind } = environment;
  if (!behind || behind.commits === 0) return null;
  const upstream = plainText(behind.environment);
  return (
    <Chip
      tone="quiet"
      Icon={CompareIcon}
      hint={
        behind.oldestAt === undefined
          ? undefined
          : t('environments.behindSince', {
              when: absoluteTime(behind.oldestAt),
            })
      }
      onClick={
        onCompare &&
        (() => onCompare({ from: environment.name, to: behind.environment }))
      }
    >
      {behind.commits === undefined
        ? t('environments.behindUncounted', { environment: upstream })
        : t('environments.behind', {
            count: behind.commits,
            environment: upstream,
          })}
    </Chip>
  );
}

function WaitingChip(props: { waiting: NonNullable<Environment['waiting']> }) {
  const t = useT();
  const path = useRunPath();
  return (
    <Chip
      tone="waiting"
      Icon={GateIcon}
      to={path?.(props.waiting.runId)}
      hint={
        props.waiting.since === undefined
          ? undefined
          : absoluteTime(props.waiting.since)
      }
    >
      {t('environments.waitingRun', { n: `${props.waiting.runNumber}` })}
    </Chip>
  );
}

/** The newest change when it did not become what runs, and no rollout tells of it. */
function FailedChip(props: { environment: Environment }) {
  const t = useT();
  const path = useRunPath();
  const { newest, rollout } = props.environment;
  if (!newest || rollout) return null;
  if (newest.status !== 'failed' && newest.status !== 'rolled_back') {
    return null;
  }
  const { tone, Icon } = DEPLOYMENT_LOOKS[newest.status];
  const to =
    newest.runId === undefined
      ? safeUrl(newest.evidence.find(({ url }) => safeUrl(url))?.url)
      : path?.(newest.runId);
  return (
    <Chip tone={tone} Icon={Icon} to={to}>
      {t('environments.failedChange', {
        status: t(`deploymentStatus.${newest.status}`),
      })}
    </Chip>
  );
}

/** What is worth a remark: real drift first, then alarms, what waits, and how far it is behind. */
export function EnvironmentChips(props: {
  environment: Environment;
  onCompare?: (pair: Pair) => void;
}) {
  const classes = useStyles();
  const t = useT();
  const { environment } = props;
  const { alarmsFiring, behind, waiting } = environment;
  const drifts = environment.drift.filter(
    // Says the same as "3 commits behind staging", only without the way to them.
    ({ kind }) => kind !== 'version_lag' || !behind,
  );
  return (
    <div className={classes.root}>
      {drifts.map((drift, index) => (
        <DriftChip key={`${index}-${drift.code}`} drift={drift} />
      ))}
      {alarmsFiring.length > 0 && (
        <Chip
          tone="error"
          Icon={AlarmIcon}
          hint={alarmsFiring.map(plainText).join(', ').slice(0, 300)}
        >
          {t('environments.alarms', { count: alarmsFiring.length })}
        </Chip>
      )}
      <FailedChip environment={environment} />
      {waiting && <WaitingChip waiting={waiting} />}
      <BehindChip environment={environment} onCompare={props.onCompare} />
    </div>
  );
}
