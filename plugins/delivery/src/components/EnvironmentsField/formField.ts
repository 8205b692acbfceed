import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { EnvironmentsField } from './EnvironmentsField';
import { ENVIRONMENTS_FIELD } from './name';
import { validateReviewers } from './validateReviewers';

/** The field as the new frontend system wants it. */
export const environmentsFormField = createFormField({
  name: ENVIRONMENTS_FIELD,
  component: EnvironmentsField,
  validation: validateReviewers,
});
