import type { RunSummary } from 'backstage-plugin-delivery-common';
import { formatDuration } from '../../format/duration';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
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

/** From start to end, and how much of it nothing ran; undefined when jobs ran all the time. */
export function wholeSpan(
  run: Pick<RunSummary, 'durationMs' | 'workMs'>,
  t: T,
): string | undefined {
  if (run.durationMs === undefined || run.workMs === undefined) {
    return undefined;
  }
  const idle = run.durationMs - run.workMs;
  if (idle < 1000) return undefined;
  return t('runs.wholeSpan', {
    whole: formatDuration(run.durationMs, t),
    idle: formatDuration(idle, t),
  });
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
        {run.median && run.status !== 'waiting' && (
          // Time at a gate cannot be compared with a median that leaves it out.
          <Median median={run.median} />
        )}
      </span>
    );
  }
  const took = run.workMs ?? run.durationMs;
  if (took === undefined) return null;
  const whole = wholeSpan(run, t);
  return (
    <span className={classes.root}>
      {whole ? (
        <Hint text={whole}>
          <span>{formatDuration(took, t)}</span>
        </Hint>
      ) : (
        formatDuration(took, t)
      )}
      {run.median && <Median median={run.median} />}
    </span>
  );
}
