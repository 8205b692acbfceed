import { formatDuration, formatEstimate } from '../../format/duration';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import { Bar, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { minWidth: 0 },
    text: {
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
      fontVariantNumeric: 'tabular-nums',
      whiteSpace: 'nowrap',
    },
  }),
  { name: 'DeliveryTimeLeft' },
);

/** Progress of something that moves, from its own history: how far, and how long it will still take. */
export function TimeLeft(props: {
  startedAt: number;
  expectedAt: number;
  label: string;
}) {
  const classes = useStyles();
  const t = useT();
  const now = useNow();
  const whole = Math.max(1, props.expectedAt - props.startedAt);
  const left = props.expectedAt - now;
  return (
    <div className={classes.root}>
      <Bar value={(now - props.startedAt) / whole} label={props.label} />
      <div className={classes.text}>
        {left >= 0
          ? t('runs.left', { duration: formatEstimate(left, t) })
          : t('runs.overdue', { duration: formatDuration(-left, t) })}
      </div>
    </div>
  );
}
