import FormControlLabel from '@material-ui/core/FormControlLabel';
import Switch from '@material-ui/core/Switch';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(
  theme => ({
    root: { margin: 0, whiteSpace: 'nowrap' },
    label: { ...theme.typography.body2, fontSize: '0.8125rem' },
  }),
  { name: 'DeliveryToggle' },
);

/** On or off, with its name. */
export function Toggle(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const classes = useStyles();
  return (
    <FormControlLabel
      classes={{ root: classes.root, label: classes.label }}
      label={props.label}
      control={
        <Switch
          size="small"
          color="primary"
          checked={props.checked}
          onChange={event => props.onChange(event.target.checked)}
        />
      }
    />
  );
}
