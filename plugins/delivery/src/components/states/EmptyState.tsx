import type { ReactNode } from 'react';
import { InfoIcon, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'center',
      gap: theme.spacing(1),
      padding: theme.spacing(5, 2),
      textAlign: 'center',
      color: theme.palette.text.primary,
      ...theme.typography.body2,
    },
    icon: { fontSize: 32, color: secondaryText(theme) },
    title: { fontWeight: 700, fontSize: '1rem', margin: 0 },
    help: { margin: 0, maxWidth: 560, color: secondaryText(theme) },
  }),
  { name: 'DeliveryEmptyState' },
);

/** Why there is nothing, and what to do next. */
export function EmptyState(props: {
  title: string;
  help?: ReactNode;
  action?: ReactNode;
}) {
  const classes = useStyles();
  return (
    <div className={classes.root} role="status">
      <InfoIcon className={classes.icon} aria-hidden />
      <p className={classes.title}>{props.title}</p>
      {props.help && <p className={classes.help}>{props.help}</p>}
      {props.action}
    </div>
  );
}
