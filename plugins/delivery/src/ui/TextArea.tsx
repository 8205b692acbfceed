import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { useId } from 'react';
import { secondaryText, tonesOf } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { width: '100%', minWidth: 0 },
    label: { color: secondaryText(theme) },
    field: { padding: 0 },
    input: {
      ...theme.typography.body2,
      padding: '10px 12px',
      resize: 'vertical',
      minHeight: 44,
    },
    oneLine: { fontSize: '0.8125rem', padding: '10px 12px', height: 18 },
    help: { marginLeft: 0, marginRight: 0, color: secondaryText(theme) },
    wrong: { color: `${tonesOf(theme).error.text} !important` },
  }),
  { name: 'DeliveryTextArea' },
);

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  /** Below the field: what belongs into it. */
  help?: string;
  /** Below the field instead of `help`: what is wrong with it. */
  error?: string;
  maxLength?: number;
  disabled?: boolean;
  placeholder?: string;
}

function Text(props: TextProps & { rows?: number }) {
  const classes = useStyles();
  const id = useId();
  const { error, help, rows } = props;
  return (
    <TextField
      id={id}
      size="small"
      variant="outlined"
      className={classes.root}
      multiline={rows !== undefined}
      rows={rows}
      label={props.label}
      value={props.value}
      required={props.required}
      disabled={props.disabled}
      placeholder={props.placeholder}
      error={error !== undefined}
      helperText={error ?? help}
      InputLabelProps={{
        shrink: true,
        htmlFor: id,
        classes: { root: classes.label },
      }}
      InputProps={{
        classes: {
          multiline: classes.field,
          input: rows === undefined ? classes.oneLine : classes.input,
        },
      }}
      // eslint-disable-next-line react/jsx-no-duplicate-props
      inputProps={{ maxLength: props.maxLength, dir: 'auto' }}
      FormHelperTextProps={{
        classes: { root: classes.help, error: classes.wrong },
      }}
      onChange={event => props.onChange(event.target.value)}
    />
  );
}

/** Several lines of text, with what is wrong with them. */
export function TextArea(props: TextProps & { rows?: number }) {
  return <Text {...props} rows={props.rows ?? 3} />;
}

/** One line of text, with what is wrong with it. */
export function TextInput(props: TextProps) {
  return <Text {...props} />;
}
