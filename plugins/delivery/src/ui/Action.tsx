import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { LinkButton } from '@backstage/core-components';

const useStyles = makeStyles(
  { root: { textTransform: 'none', whiteSpace: 'nowrap', minWidth: 36 } },
  { name: 'DeliveryAction' },
);

/** A button, or a link that looks like one when `to` is given. */
export function Action(props: {
  children: ReactNode;
  onClick?: () => void;
  to?: string;
  icon?: ReactNode;
  disabled?: boolean;
  pressed?: boolean;
  label?: string;
}) {
  const classes = useStyles();
  const common = {
    className: classes.root,
    size: 'small' as const,
    variant: 'outlined' as const,
    'aria-label': props.label,
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
      color={props.pressed ? 'primary' : 'default'}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={props.onClick}
      startIcon={props.icon}
    >
      {props.children}
    </Button>
  );
}
