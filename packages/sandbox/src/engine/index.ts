export {
  createEngine,
  DEFAULT_SPEED,
  type EngineOptions,
} from './createEngine';
export type { Engine } from './Engine';
export type { FailNext } from './ForcedFailures';
export { refuseOnboarding } from './aws/onboarding/onboard';
export { HandClock } from './HandClock';
export {
  HEALTH_KEY,
  healthProfile,
  type Health,
  usualSeconds,
  type JobFacts,
  type Profile,
  type StepFacts,
} from './profile';
export { hashUnit, nodeId, pick, seededRandom, type Random } from './random';
export { mayReview } from './reviewPlan';
export { readWorkflowFile, WorkflowFileError } from './workflowFile';
export type { WorkflowFile } from './workflowTypes';
export { gitWorkflowSource, type WorkflowSource } from './WorkflowSource';
