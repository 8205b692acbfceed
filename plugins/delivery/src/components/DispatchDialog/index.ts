export { RunWorkflow } from './RunWorkflow';
