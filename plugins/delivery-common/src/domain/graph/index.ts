export type {
  Problem,
  Workflow,
  WorkflowInput,
  WorkflowJob,
  WorkflowReading,
} from './Workflow';
export { WORKFLOW_LIMITS } from './parseWorkflowYaml';
export { readWorkflow } from './readWorkflow';
export { buildGraph } from './buildGraph';
export { byStart, flatGraph, type GraphJob } from './flatGraph';
export { stagesOf } from './stagesOf';
export { jointState } from './jointState';
export { referencedFile, type ReferencedFile } from './referencedFile';
