import type { RunSummary } from 'backstage-plugin-delivery-common';
import { formatDuration } from '../../format/duration';
import { useT } from '../../translation/deliveryTranslationRef';
import { Hint, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { isMoving } from '../StatusBadge';
import { Elapsed, TimeLeft } from '../Time';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
    side: {
      display: 'block',
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryRunDuration' },
);

function Median(props: { median: NonNullable<RunSummary['median']> }) {
  const classes = useStyles();
  const t = useT();
  return (
    <Hint text={t('runs.medianHint', { count: props.median.n })}>
      <span className={classes.side}>
        {t('runs.median', {
          duration: formatDuration(props.median.durationMs, t),
        })}
      </span>
    </Hint>
  );
}

/** How long a run took against its median; while it moves, how far it is. */
export function RunDuration(props: { run: RunSummary }) {
  const classes = useStyles();
  const t = useT();
  const { run } = props;
  if (isMoving(run)) {
    const from = run.startedAt;
    if (from === undefined) return null;
    if (run.expectedAt !== undefined && run.status === 'in_progress') {
      return (
        <TimeLeft
          startedAt={from}
          expectedAt={run.expectedAt}
          label={t('runs.progress', { n: `${run.runNumber}` })}
        />
      );
    }
    return (
      <span className={classes.root}>
        <Elapsed from={from} />
        {run.median && <Median median={run.median} />}
      </span>
    );
  }
  if (run.durationMs === undefined) return null;
  return (
    <span className={classes.root}>
      {formatDuration(run.durationMs, t)}
      {run.median && <Median median={run.median} />}
    </span>
  );
}
