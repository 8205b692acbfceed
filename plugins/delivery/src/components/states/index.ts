export { CopyAction } from './CopyAction';
export { EmptyState } from './EmptyState';
export { ErrorState, errorSentence, statusOf } from './ErrorState';
export { MissingAnnotation } from './MissingAnnotation';
