import type {
  Environment,
  EnvironmentHealth,
  LogicalDeployment,
  Rollout,
} from 'backstage-plugin-delivery-common';
import {
  CancelledIcon,
  FailureIcon,
  GateIcon,
  NotStartedIcon,
  PendingIcon,
  RollbackIcon,
  RunningIcon,
  SuccessIcon,
  UnknownIcon,
  WarningIcon,
} from '../../ui';
import type { Tone } from '../../ui';

type Look = { tone: Tone; Icon: typeof SuccessIcon };

/** Health, and the two ways of having none: `unknown` is grey and never looks like success. */
export const HEALTH_LOOKS = {
  healthy: { tone: 'ok', Icon: SuccessIcon },
  degraded: { tone: 'warning', Icon: WarningIcon },
  unhealthy: { tone: 'error', Icon: FailureIcon },
  unknown: { tone: 'quiet', Icon: UnknownIcon },
  none: { tone: 'quiet', Icon: NotStartedIcon },
  never: { tone: 'quiet', Icon: NotStartedIcon },
  declared: { tone: 'quiet', Icon: UnknownIcon },
} satisfies Record<EnvironmentHealth['state'] | 'never' | 'declared', Look>;

export type HealthKey = keyof typeof HEALTH_LOOKS;

/** The one word for the health of an environment. */
export function healthKey(
  environment: Pick<Environment, 'basis' | 'health'>,
): HealthKey {
  if (environment.basis === 'none') return 'never';
  if (environment.basis === 'declared') return 'declared';
  return environment.health.state;
}

export const ROLLOUT_LOOKS = {
  pending: { tone: 'quiet', Icon: PendingIcon },
  in_progress: { tone: 'running', Icon: RunningIcon },
  paused: { tone: 'waiting', Icon: GateIcon },
  succeeded: { tone: 'ok', Icon: SuccessIcon },
  stopping: { tone: 'waiting', Icon: PendingIcon },
  stopped: { tone: 'quiet', Icon: CancelledIcon },
  rolling_back: { tone: 'warning', Icon: RollbackIcon },
  rolled_back: { tone: 'warning', Icon: RollbackIcon },
  rollback_failed: { tone: 'error', Icon: FailureIcon },
  failed: { tone: 'error', Icon: FailureIcon },
  unknown: { tone: 'quiet', Icon: UnknownIcon },
} satisfies Record<Rollout['status'] | 'paused', Look>;

/** The one word for a rollout; a pause hides that it is in progress. */
export function rolloutKey(rollout: Rollout): keyof typeof ROLLOUT_LOOKS {
  return rollout.paused && isRolling(rollout) ? 'paused' : rollout.status;
}

/** True while a rollout can still change by itself. */
export function isRolling(rollout: Rollout | undefined): boolean {
  return (
    rollout?.status === 'pending' ||
    rollout?.status === 'in_progress' ||
    rollout?.status === 'stopping' ||
    rollout?.status === 'rolling_back'
  );
}

/** True while anything of an environment is on its way: a rollout, a deployment, a run at its gate. */
export function isEnvironmentMoving(environment: Environment): boolean {
  return (
    isRolling(environment.rollout) ||
    environment.newest?.status === 'in_progress' ||
    environment.waiting !== undefined
  );
}

export const DEPLOYMENT_LOOKS = {
  waiting: { tone: 'waiting', Icon: GateIcon },
  in_progress: { tone: 'running', Icon: RunningIcon },
  succeeded: { tone: 'ok', Icon: SuccessIcon },
  failed: { tone: 'error', Icon: FailureIcon },
  rolled_back: { tone: 'warning', Icon: RollbackIcon },
  cancelled: { tone: 'quiet', Icon: CancelledIcon },
  unknown: { tone: 'quiet', Icon: UnknownIcon },
} satisfies Record<LogicalDeployment['status'], Look>;
