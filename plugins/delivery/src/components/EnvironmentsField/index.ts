export { EnvironmentsField } from './EnvironmentsField';
export type { EnvironmentsFieldProps } from './EnvironmentsField';
export { ENVIRONMENTS_FIELD } from './name';
export { validateReviewers } from './validateReviewers';
