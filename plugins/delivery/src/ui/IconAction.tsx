import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { Hint } from './Hint';
import { secondaryText } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      padding: 4,
      color: secondaryText(theme),
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
      },
    },
  }),
  { name: 'DeliveryIconAction' },
);

/** A button that is only a sign; its name is shown on hover and focus. */
export function IconAction(props: {
  label: string;
  children: ReactNode;
  onClick: () => void;
}) {
  const classes = useStyles();
  return (
    <Hint text={props.label}>
      <IconButton
        size="small"
        className={classes.root}
        aria-label={props.label}
        onClick={props.onClick}
      >
        {props.children}
      </IconButton>
    </Hint>
  );
}
