import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import { tonesOf } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'inline-block',
      minWidth: 18,
      boxSizing: 'border-box',
      padding: '0 6px',
      borderRadius: 9,
      border: `1px solid ${tonesOf(theme).waiting.border}`,
      backgroundColor: tonesOf(theme).waiting.fill,
      color: tonesOf(theme).waiting.text,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      fontWeight: 700,
      lineHeight: '16px',
      textAlign: 'center',
      fontVariantNumeric: 'tabular-nums',
    },
  }),
  { name: 'DeliveryCount' },
);

/** How many wait; nothing for none. */
export function Count(props: { n: number; label: string }) {
  const classes = useStyles();
  if (props.n <= 0) return null;
  return (
    <span
      className={classes.root}
      role="img"
      aria-label={props.label}
      title={props.label}
    >
      {props.n > 99 ? '99+' : props.n}
    </span>
  );
}
