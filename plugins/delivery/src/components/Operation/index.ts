export { OperationProgress } from './OperationProgress';
export { OperationView } from './OperationView';
