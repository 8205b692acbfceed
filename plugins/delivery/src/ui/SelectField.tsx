import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { useId } from 'react';
import { secondaryText } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { minWidth: 0, width: '100%' },
    label: { color: secondaryText(theme) },
    input: {
      fontSize: '0.8125rem',
      height: 18,
      lineHeight: '18px',
      padding: '8px 10px',
      textOverflow: 'ellipsis',
    },
  }),
  { name: 'DeliverySelectField' },
);

/** A small select. Native on purpose: it is reachable on every device and holds long lists. */
export function SelectField(props: {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const classes = useStyles();
  const id = useId();
  return (
    <TextField
      id={id}
      select
      size="small"
      variant="outlined"
      label={props.label}
      value={props.value}
      className={classes.root}
      InputLabelProps={{
        shrink: true,
        htmlFor: id,
        classes: { root: classes.label },
      }}
      InputProps={{ classes: { input: classes.input } }}
      SelectProps={{ native: true }}
      onChange={event => props.onChange(event.target.value)}
    >
      {props.options.map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </TextField>
  );
}
