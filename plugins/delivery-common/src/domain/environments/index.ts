export * from './facts';
export * from './configured';
export { resolveCommit, wantedShortShas } from './resolveCommit';
export type { CommitInput } from './resolveCommit';
export {
  digestRecords,
  mergeDeployments,
  mergeFacts,
} from './mergeDeployments';
export type { Merged } from './merged';
export type { PipelineGroup } from './pipelineGroups';
export { sortedStatuses } from './pipelineOutcome';
export { isMovingStatus } from './RuntimeSteps';
export type { RuntimeStep } from './RuntimeSteps';
export { healthOf } from './healthOf';
export { rolloutOf } from './rolloutOf';
export { driftOf, versionLagOf } from './driftOf';
export { viewOf } from './viewOf';
export {
  lagOf,
  matchesEnvironment,
  matrixCellOf,
  placeBehind,
} from './placing';
export { isMovingService } from './isMovingService';
export { groupStopped } from './tasks';
export { healthChains } from './healthChains';
