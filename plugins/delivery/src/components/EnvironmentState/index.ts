export { CommitMark } from './CommitMark';
export { HealthBadge } from './HealthBadge';
export {
  DEPLOYMENT_LOOKS,
  HEALTH_LOOKS,
  healthKey,
  isEnvironmentMoving,
  isRolling,
  ROLLOUT_LOOKS,
  rolloutKey,
} from './looks';
export type { HealthKey } from './looks';
export { DeploymentBadge, RolloutBadge, rolloutWord } from './RolloutBadge';
export { progressOf, rolloutCounts, shownCommits } from './rolloutView';
