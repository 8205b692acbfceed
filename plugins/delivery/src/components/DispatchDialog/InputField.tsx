import { cutText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  makeStyles,
  secondaryText,
  SelectField,
  TextInput,
  Toggle,
} from '../../ui';
import type { Theme } from '../../ui';
import type { Input } from './dispatchForm';

const useStyles = makeStyles<Theme>(
  theme => ({
    help: {
      margin: theme.spacing(0.5, 0, 0),
      fontSize: '0.75rem',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
    },
  }),
  { name: 'DeliveryDispatchInput' },
);

const LONGEST = 2_000;

/** One input of a workflow, as its type asks for it. */
export function InputField(props: {
  input: Input;
  value: string;
  onChange: (value: string) => void;
}) {
  const classes = useStyles();
  const t = useT();
  const { input, onChange, value } = props;
  const name = cutText(input.name, 100);
  const label = input.required ? t('dispatch.required', { name }) : name;
  const help = cutText(input.description ?? '', 300);
  const options = input.options ?? [];
  if (input.type === 'boolean') {
    return (
      <div>
        <Toggle
          label={label}
          checked={value === 'true'}
          onChange={checked => onChange(checked ? 'true' : 'false')}
        />
        {help && <p className={classes.help}>{help}</p>}
      </div>
    );
  }
  if (options.length > 0) {
    // A default that is no option (any more) stays to be seen: the vendor would take it, or say why not.
    const known = value === '' || options.includes(value);
    return (
      <div>
        <SelectField
          label={label}
          value={value}
          options={[
            ...(input.default === undefined
              ? [
                  {
                    value: '',
                    label: input.required
                      ? t('dispatch.choose')
                      : t('dispatch.none'),
                  },
                ]
              : []),
            ...(known ? options : [value, ...options]).map(option => ({
              value: option,
              label: cutText(option, 120),
            })),
          ]}
          onChange={onChange}
        />
        {help && <p className={classes.help}>{help}</p>}
      </div>
    );
  }
  return (
    <TextInput
      label={name}
      value={value}
      required={input.required}
      help={help || undefined}
      maxLength={LONGEST}
      onChange={onChange}
    />
  );
}
