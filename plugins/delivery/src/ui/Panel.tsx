import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { lineColor } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      border: `1px solid ${lineColor(theme)}`,
      borderRadius: 8,
      padding: theme.spacing(2),
      minWidth: 0,
    },
    head: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 2),
      marginBottom: theme.spacing(1),
    },
    title: {
      ...theme.typography.h6,
      fontSize: '1rem',
      fontWeight: 700,
      margin: 0,
      minWidth: 0,
      overflowWrap: 'anywhere',
    },
    side: { marginLeft: 'auto', minWidth: 0 },
  }),
  { name: 'DeliveryPanel' },
);

/** A titled region. */
export function Panel(props: {
  title: ReactNode;
  /** Controls at the right of the title. */
  side?: ReactNode;
  children: ReactNode;
  busy?: boolean;
}) {
  const classes = useStyles();
  const id = useId();
  return (
    <Paper
      component="section"
      elevation={0}
      className={classes.root}
      aria-labelledby={id}
      aria-busy={props.busy}
    >
      <div className={classes.head}>
        <h2 className={classes.title} id={id}>
          {props.title}
        </h2>
        {props.side && <div className={classes.side}>{props.side}</div>}
      </div>
      {props.children}
    </Paper>
  );
}
