import MuiDrawer from '@material-ui/core/Drawer';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { CloseIcon } from './icons';
import { lineColor, secondaryText } from './tones';

const useStyles = makeStyles<Theme, { wide: boolean }>(
  theme => ({
    paper: {
      width: ({ wide }) => (wide ? 'min(1180px, 100vw)' : 'min(640px, 100vw)'),
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
      margin: 0,
      overflowWrap: 'anywhere',
    },
    text: { flex: 1, minWidth: 0 },
    subtitle: {
      margin: 0,
      ...theme.typography.body2,
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
      // Among words of nearly the same colour a link must be seen without it.
      '& a': { textDecoration: 'underline' },
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
  /** Below the title. */
  subtitle?: ReactNode;
  /** At the right of the title. */
  side?: ReactNode;
  /** For two columns. */
  wide?: boolean;
}) {
  const classes = useStyles({ wide: props.wide ?? false });
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
        <div className={classes.text}>
          <h2 className={classes.title} id={id} dir="auto">
            {props.title}
          </h2>
          {props.subtitle && (
            <p className={classes.subtitle}>{props.subtitle}</p>
          )}
        </div>
        {props.side}
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
