import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { tonesOf } from './tones';
import type { Tone } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone }>(
  theme => ({
    root: {
      display: 'flex',
      alignItems: 'flex-start',
      gap: theme.spacing(1.5),
      padding: theme.spacing(1.5, 2),
      borderRadius: 8,
      border: ({ tone }) => `1px solid ${tonesOf(theme)[tone].border}`,
      backgroundColor: ({ tone }) => tonesOf(theme)[tone].fill,
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
    },
    icon: {
      display: 'flex',
      flex: 'none',
      color: ({ tone }) => tonesOf(theme)[tone].text,
    },
    body: { flex: 1, minWidth: 0, ...theme.typography.body2 },
    title: { fontWeight: 700, margin: 0 },
    actions: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  }),
  { name: 'DeliveryMessage' },
);

/** Something to know, with what to do about it. */
export function Message(props: {
  tone: Tone;
  icon: ReactNode;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** `alert` is read out at once; `status` when there is a pause. */
  role?: 'alert' | 'status';
}) {
  const classes = useStyles({ tone: props.tone });
  return (
    <div className={classes.root} role={props.role}>
      <span className={classes.icon} aria-hidden>
        {props.icon}
      </span>
      <div className={classes.body}>
        {props.title && <p className={classes.title}>{props.title}</p>}
        {props.children}
      </div>
      {props.actions && <div className={classes.actions}>{props.actions}</div>}
    </div>
  );
}
