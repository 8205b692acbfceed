import type { DispatchOptions } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { cutText, plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  makeStyles,
  Message,
  SelectField,
  TextInput,
  WarningIcon,
} from '../../ui';
import { DeploysTo } from '../RunActs';
import { valueOf } from './dispatchForm';
import type { DispatchForm, Pipeline } from './dispatchForm';
import { InputField } from './InputField';

const useStyles = makeStyles(
  theme => ({
    two: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))',
      gap: theme.spacing(2, 1.5),
    },
    inputs: {
      display: 'grid',
      gap: theme.spacing(2),
      margin: 0,
      padding: theme.spacing(1, 0, 0),
      border: 'none',
      minWidth: 0,
    },
    legend: { padding: 0, fontWeight: 700, fontSize: '0.8125rem' },
    none: { margin: 0 },
  }),
  { name: 'DeliveryDispatchFields' },
);

/** No name of a branch holds a space. */
const OTHER = ' other';

/** Which workflow, of which branch, with what. */
export function DispatchFields(props: {
  options: DispatchOptions;
  pipeline: Pipeline;
  form: DispatchForm;
  onChange: (form: DispatchForm) => void;
}) {
  const classes = useStyles();
  const t = useT();
  const { form, onChange, options, pipeline } = props;
  const branches = [...new Set([options.defaultBranch, ...options.branches])];
  const [other, setOther] = useState(!branches.includes(form.ref));
  return (
    <>
      {options.problem && (
        <Message
          role="status"
          tone="warning"
          icon={<WarningIcon />}
          title={t('dispatch.problem')}
        >
          <div dir="auto">{cutText(options.problem.message, 400)}</div>
        </Message>
      )}
      <div className={classes.two}>
        <SelectField
          label={t('dispatch.pipeline')}
          value={pipeline.id}
          options={options.pipelines.map(({ id, name }) => ({
            value: id,
            label: cutText(name, 100),
          }))}
          // Inputs of another workflow only look the same.
          onChange={id => onChange({ ...form, pipeline: id, values: {} })}
        />
        <SelectField
          label={t('dispatch.ref')}
          value={other ? OTHER : form.ref}
          options={[
            ...branches.map(name => ({ value: name, label: plainText(name) })),
            { value: OTHER, label: t('dispatch.otherRef') },
          ]}
          onChange={value => {
            setOther(value === OTHER);
            onChange({ ...form, ref: value === OTHER ? '' : value });
          }}
        />
      </div>
      {other && (
        <TextInput
          label={t('dispatch.refName')}
          required
          value={form.ref}
          maxLength={255}
          onChange={ref => onChange({ ...form, ref })}
        />
      )}
      {pipeline.inputs.length === 0 ? (
        <p className={classes.none}>{t('dispatch.noInputs')}</p>
      ) : (
        <fieldset className={classes.inputs}>
          <legend className={classes.legend}>{t('dispatch.inputs')}</legend>
          {pipeline.inputs.map(input => (
            <InputField
              key={`${pipeline.id} ${input.name}`}
              input={input}
              value={valueOf(form, input)}
              onChange={value =>
                onChange({
                  ...form,
                  values: { ...form.values, [input.name]: value },
                })
              }
            />
          ))}
        </fieldset>
      )}
      <DeploysTo
        environments={pipeline.environments.map(name => cutText(name, 80))}
      />
    </>
  );
}
