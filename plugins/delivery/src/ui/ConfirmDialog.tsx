import Dialog from '@material-ui/core/Dialog';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { Action } from './Action';
import type { ActionKind } from './Action';

const useStyles = makeStyles<Theme>(
  theme => ({
    paper: {
      width: 'min(560px, calc(100vw - 32px))',
      boxSizing: 'border-box',
      margin: 16,
      padding: theme.spacing(2.5, 3),
      borderRadius: 8,
    },
    title: {
      ...theme.typography.h6,
      fontSize: '1.125rem',
      fontWeight: 700,
      margin: theme.spacing(0, 0, 1.5),
      overflowWrap: 'anywhere',
    },
    body: {
      ...theme.typography.body2,
      color: theme.palette.text.primary,
      display: 'grid',
      gap: theme.spacing(1.5),
      minWidth: 0,
      overflowWrap: 'anywhere',
      // Else the label of a field in the first line is cut off.
      paddingTop: 6,
    },
    foot: {
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'flex-end',
      gap: theme.spacing(1),
      marginTop: theme.spacing(2),
    },
  }),
  { name: 'DeliveryConfirmDialog' },
);

/** Asks once more before something is done. Escape, the button and a click outside leave everything as it is. */
export function ConfirmDialog(props: {
  open: boolean;
  title: string;
  children?: ReactNode;
  confirm: string;
  cancel: string;
  onConfirm: () => void;
  onClose: () => void;
  kind?: ActionKind;
  /** Why it cannot be confirmed (yet). */
  reason?: string;
  /** It was begun or done: there is nothing to confirm any more, only to close. */
  done?: boolean;
}) {
  const classes = useStyles();
  const id = useId();
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      classes={{ paper: classes.paper }}
      aria-labelledby={id}
    >
      <h2 className={classes.title} id={id} dir="auto">
        {props.title}
      </h2>
      {props.children && <div className={classes.body}>{props.children}</div>}
      <div className={classes.foot}>
        <Action onClick={props.onClose}>{props.cancel}</Action>
        {!props.done && (
          <Action
            kind={props.kind ?? 'primary'}
            reason={props.reason}
            onClick={props.onConfirm}
          >
            {props.confirm}
          </Action>
        )}
      </div>
    </Dialog>
  );
}
