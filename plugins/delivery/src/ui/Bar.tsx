import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import { tonesOf, trackColor } from './tones';
import type { Tone } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone }>(
  theme => ({
    track: {
      height: 6,
      borderRadius: 3,
      overflow: 'hidden',
      backgroundColor: trackColor(theme),
    },
    value: {
      height: '100%',
      borderRadius: 3,
      backgroundColor: ({ tone }) => tonesOf(theme)[tone].solid,
      transition: 'width 1s linear',
      '@media (prefers-reduced-motion: reduce)': { transition: 'none' },
    },
  }),
  { name: 'DeliveryBar' },
);

/** Progress from 0 to 1 with a name for those who cannot see it. */
export function Bar(props: {
  value: number;
  label: string;
  /** Of something that moves when absent. */
  tone?: Tone;
}) {
  const classes = useStyles({ tone: props.tone ?? 'running' });
  const percent = Math.round(Math.min(1, Math.max(0, props.value)) * 100);
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div className={classes.value} style={{ width: `${percent}%` }} />
    </div>
  );
}
