import MuiDrawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { CloseIcon } from './icons';
import { lineColor } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    paper: {
      width: 'min(640px, 100vw)',
      boxSizing: 'border-box',
      padding: theme.spacing(2, 3),
      backgroundColor: theme.palette.background.paper,
    },
    head: {
      display: 'flex',
      alignItems: 'flex-start',
      gap: theme.spacing(1),
      paddingBottom: theme.spacing(1.5),
      marginBottom: theme.spacing(1.5),
      borderBottom: `1px solid ${lineColor(theme)}`,
    },
    title: {
      ...theme.typography.h6,
      fontSize: '1.125rem',
      fontWeight: 700,
      flex: 1,
      minWidth: 0,
      margin: 0,
      overflowWrap: 'anywhere',
    },
    close: { padding: 4 },
  }),
  { name: 'DeliveryDrawer' },
);

/** Something beside the page, closed with Escape, its button or a click outside; the focus comes back to where it was. */
export function Drawer(props: {
  title: string;
  open: boolean;
  onClose: () => void;
  closeLabel: string;
  children: ReactNode;
}) {
  const classes = useStyles();
  const id = useId();
  return (
    <MuiDrawer
      anchor="right"
      open={props.open}
      onClose={props.onClose}
      classes={{ paper: classes.paper }}
      PaperProps={
        {
          role: 'dialog',
          'aria-modal': true,
          'aria-labelledby': id,
        } as { role: string }
      }
    >
      <div className={classes.head}>
        <h2 className={classes.title} id={id} dir="auto">
          {props.title}
        </h2>
        <IconButton
          className={classes.close}
          aria-label={props.closeLabel}
          onClick={props.onClose}
        >
          <CloseIcon />
        </IconButton>
      </div>
      {props.children}
    </MuiDrawer>
  );
}
