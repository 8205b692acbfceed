export * from './facts';
export * from './configured';
export { resolveCommit, wantedShortShas } from './resolveCommit';
export type { CommitInput } from './resolveCommit';
export { digestRecords, mergeDeployments } from './mergeDeployments';
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
