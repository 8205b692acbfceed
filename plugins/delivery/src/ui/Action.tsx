import { LinkButton } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { tonesOf } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { textTransform: 'none', whiteSpace: 'nowrap', minWidth: 36 },
    primary: { fontWeight: 700 },
    danger: {
      fontWeight: 700,
      color: tonesOf(theme).error.text,
      borderColor: tonesOf(theme).error.border,
      '&:hover': { backgroundColor: tonesOf(theme).error.fill },
    },
    // Stays reachable with the keyboard, so that its reason is, too.
    off: {
      cursor: 'not-allowed',
      boxShadow: 'none',
      color: theme.palette.text.disabled,
      borderColor: theme.palette.action.disabled,
      backgroundColor: 'transparent',
      '&:hover': { boxShadow: 'none', backgroundColor: 'transparent' },
    },
  }),
  { name: 'DeliveryAction' },
);

/** `primary`: the one thing this place is for. `danger`: what cannot be taken back, or says no. */
export type ActionKind = 'normal' | 'primary' | 'danger';

/** A button, or a link that looks like one when `to` is given. */
export function Action(props: {
  children: ReactNode;
  onClick?: () => void;
  to?: string;
  icon?: ReactNode;
  disabled?: boolean;
  pressed?: boolean;
  label?: string;
  kind?: ActionKind;
  /** Says more on hover. */
  title?: string;
  /** Why it cannot be used now: it does nothing then, but can be reached, and says this on hover and to screen readers. */
  reason?: string;
  /** Id of a text that is on the page and says the reason, instead of reading out `reason`. */
  describedBy?: string;
}) {
  const classes = useStyles();
  const { kind = 'normal', reason } = props;
  const off = reason !== undefined;
  const common = {
    className: [
      classes.root,
      kind === 'primary' && !off ? classes.primary : '',
      kind === 'danger' && !off ? classes.danger : '',
      off ? classes.off : '',
    ].join(' '),
    size: 'small' as const,
    variant:
      kind === 'primary' && !off
        ? ('contained' as const)
        : ('outlined' as const),
    'aria-label': props.label,
    title: reason || props.title,
  };
  if (props.to !== undefined) {
    return (
      <LinkButton
        {...common}
        // Material calls it a button; it leads somewhere, so it is a link.
        role={undefined}
        to={props.to}
        endIcon={props.icon}
      >
        {props.children}
      </LinkButton>
    );
  }
  return (
    <Button
      {...common}
      color={
        props.pressed || (kind === 'primary' && !off) ? 'primary' : 'default'
      }
      aria-pressed={props.pressed}
      aria-disabled={off || undefined}
      aria-describedby={props.describedBy}
      disableRipple={off}
      disabled={props.disabled}
      onClick={off ? undefined : props.onClick}
      startIcon={props.icon}
    >
      {props.children}
    </Button>
  );
}
