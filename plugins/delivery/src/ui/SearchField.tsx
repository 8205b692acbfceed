import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { useId } from 'react';
import type { KeyboardEvent } from 'react';

const useStyles = makeStyles(
  {
    root: { width: 180 },
    input: { fontSize: '0.8125rem', paddingTop: 8, paddingBottom: 8 },
  },
  { name: 'DeliverySearchField' },
);

/** A small search box. */
export function SearchField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}) {
  const classes = useStyles();
  const id = useId();
  return (
    <TextField
      id={id}
      size="small"
      variant="outlined"
      type="search"
      label={props.label}
      value={props.value}
      className={classes.root}
      InputLabelProps={{ shrink: true, htmlFor: id }}
      InputProps={{ classes: { input: classes.input } }}
      onKeyDown={props.onKeyDown}
      onChange={event => props.onChange(event.target.value)}
    />
  );
}
