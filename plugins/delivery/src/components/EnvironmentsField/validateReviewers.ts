import { create } from '../../translation/create';
import { MOST_REVIEWERS } from './plannedRows';

/** What a form tells a validator, as far as this one looks at it. */
interface Context {
  formData: object;
  uiSchema?: { 'ui:options'?: object };
}

/**
 * Keeps the form on this page while an environment that needs an approval has nobody who could give it. A validator has no translations:
 * the table beside it says the same in the reader's language.
 */
export function validateReviewers(
  _value: unknown,
  field: { addError(message: string): void },
  { formData, uiSchema }: Context,
): void {
  const options = uiSchema?.['ui:options'] as
    | { environments?: unknown; reviewersFrom?: unknown }
    | undefined;
  const environments = options?.environments;
  const guarded =
    Array.isArray(environments) &&
    environments.some(item => item?.approval === true);
  if (!guarded) return;
  const from = options?.reviewersFrom;
  const chosen = (formData as Record<string, unknown>)[
    typeof from === 'string' ? from : 'reviewers'
  ];
  const count = Array.isArray(chosen) ? chosen.length : 0;
  if (count === 0) field.addError(create.approval.missing);
  if (count > MOST_REVIEWERS) {
    field.addError(create.approval.tooMany.replace('{{chosen}}', `${count}`));
  }
}
