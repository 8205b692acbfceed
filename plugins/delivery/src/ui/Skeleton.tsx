import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import { trackColor } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'block',
      borderRadius: 4,
      backgroundColor: trackColor(theme),
      animation: '$pulse 1.6s ease-in-out infinite',
      '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
    },
    '@keyframes pulse': {
      '0%': { opacity: 1 },
      '50%': { opacity: 0.5 },
      '100%': { opacity: 1 },
    },
  }),
  { name: 'DeliverySkeleton' },
);

/** A grey place where something will stand. */
export function Skeleton(props: { width?: number | string; height?: number }) {
  const classes = useStyles();
  return (
    <span
      aria-hidden
      className={classes.root}
      style={{ width: props.width ?? '100%', height: props.height ?? 14 }}
    />
  );
}
