import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { useId } from 'react';
import type { KeyboardEvent } from 'react';
import { secondaryText } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { width: '100%', minWidth: 0 },
    label: { color: secondaryText(theme), whiteSpace: 'nowrap' },
    input: {
      fontSize: '0.8125rem',
      height: 18,
      lineHeight: '18px',
      padding: '8px 12px',
    },
  }),
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
      InputLabelProps={{
        shrink: true,
        htmlFor: id,
        classes: { root: classes.label },
      }}
      InputProps={{ classes: { input: classes.input } }}
      onKeyDown={props.onKeyDown}
      onChange={event => props.onChange(event.target.value)}
    />
  );
}
