import type { DispatchOptions } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import type { DispatchWish } from '../../hooks/useDispatch';
import type { T } from '../../translation/deliveryTranslationRef';

export type Pipeline = DispatchOptions['pipelines'][number];
export type Input = Pipeline['inputs'][number];

export interface DispatchForm {
  pipeline: string;
  ref: string;
  /** Values that the person gave; the others are as the file says. */
  values: Record<string, string>;
}

/** What an input holds before anybody touches it. */
export function startOf({ default: given, type }: Input): string {
  return given ?? (type === 'boolean' ? 'false' : '');
}

/** What an input holds now. */
export function valueOf(form: DispatchForm, input: Input): string {
  // Names are of people we do not know: `constructor` is one like any other.
  return Object.hasOwn(form.values, input.name)
    ? form.values[input.name]
    : startOf(input);
}

/** Why it cannot be sent yet; absent: it can. The workflow itself is asked again when it is sent. */
export function whatIsMissing(
  form: DispatchForm,
  pipeline: Pipeline,
  t: T,
): string | undefined {
  if (form.ref.trim() === '') return t('dispatch.noRef');
  for (const input of pipeline.inputs) {
    const value = valueOf(form, input).trim();
    const name = plainText(input.name);
    if (value === '' && input.required) return t('dispatch.missing', { name });
    if (
      input.type === 'number' &&
      value !== '' &&
      !Number.isFinite(Number(value))
    ) {
      return t('dispatch.notANumber', { name });
    }
  }
  return undefined;
}

/** As it is sent: what is empty and was so before is left to the file. */
export function wishOf(
  form: DispatchForm,
  pipeline: Pipeline,
): Pick<DispatchWish, 'pipeline' | 'ref' | 'inputs'> {
  return {
    pipeline: pipeline.id,
    ref: form.ref.trim(),
    inputs: Object.fromEntries(
      pipeline.inputs
        .map(input => [input.name, valueOf(form, input), input] as const)
        .filter(([, value, { default: given }]) => value !== '' || given)
        .map(([name, value]) => [name, value]),
    ),
  };
}
