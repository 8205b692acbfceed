import { AwsError, type DeploymentProgress } from '../cloud';
import type { ServiceDeploymentRecord } from '../records';
import { isMoving } from './Endings';
import type { Touched } from './incidents';
import { moveDeployment, type Parts } from './Parts';

/**
 * `StopServiceDeployment`: asked for now, done a moment later.
 * @throws AwsError `ServiceDeploymentNotFoundException`, `ConflictException` when it has ended
 */
export function stopDeployment(
  parts: Parts,
  arn: string,
  stopType: 'ROLLBACK' | 'ABORT',
  at: number,
): ServiceDeploymentRecord {
  const deployment = parts.estate.deployment(arn);
  if (!isMoving(deployment)) {
    throw new AwsError(
      'ConflictException',
      `The service deployment cannot be stopped because it is in the ${deployment.status} state.`,
    );
  }
  if (!['PENDING', 'IN_PROGRESS'].includes(deployment.status)) {
    return deployment;
  }
  deployment.status =
    stopType === 'ROLLBACK' ? 'ROLLBACK_REQUESTED' : 'STOP_REQUESTED';
  deployment.updatedAt = at;
  if (deployment.hook?.status === 'AWAITING_ACTION') {
    deployment.hook.status = 'FAILED';
  }
  moveDeployment(parts, deployment, at + parts.chance.seconds(3));
  return deployment;
}

/**
 * `ContinueServiceDeployment`: resolves a PAUSE hook.
 * @throws AwsError `ServiceDeploymentNotFoundException`, `InvalidParameterException` for another hook, `ConflictException` when nothing waits
 */
export function continueDeployment(
  { parts, rollouts }: Touched,
  order: { arn: string; hookId: string; action: 'CONTINUE' | 'ROLLBACK' },
  at: number,
): ServiceDeploymentRecord {
  const deployment = parts.estate.deployment(order.arn);
  const { hook } = deployment;
  if (!hook || hook.id !== order.hookId) {
    throw new AwsError(
      'InvalidParameterException',
      'The specified lifecycle hook was not found in the service deployment.',
    );
  }
  if (hook.status !== 'AWAITING_ACTION') {
    throw new AwsError(
      'ConflictException',
      `The lifecycle hook is not waiting for an action: it is in the ${hook.status} state.`,
    );
  }
  const service = parts.estate.ownerOf(deployment);
  if (order.action === 'CONTINUE') {
    rollouts.resume(service, deployment, at);
    return deployment;
  }
  const reason =
    'Service deployment rolled back because a user rolled it back at a lifecycle hook.';
  rollouts.endings.rollBack(service, deployment, reason, at);
  rollouts.advance(service, at);
  return deployment;
}

const ENDS: Partial<
  Record<ServiceDeploymentRecord['status'], DeploymentProgress['state']>
> = {
  SUCCESSFUL: 'succeeded',
  ROLLBACK_SUCCESSFUL: 'rolled_back',
  ROLLBACK_FAILED: 'stopped',
  STOPPED: 'stopped',
};

/** Where the deployment stands, and when its next change is due; a person may act in between, so at most a waiter's delay from now. */
export function progressOf(
  parts: Parts,
  deployment: ServiceDeploymentRecord,
  now: number,
): DeploymentProgress {
  const state = ENDS[deployment.status] ?? 'moving';
  const reason = deployment.statusReason;
  const said = reason === null ? {} : { reason };
  if (state !== 'moving') return { state, ...said };
  const service = parts.estate.ownerOf(deployment);
  const times = [
    deployment.plan.nextAt,
    ...parts.estate.live(service).map(({ nextAt }) => nextAt),
    now + parts.chance.seconds(15),
  ].flatMap(at => (at === null ? [] : [at]));
  const lookAgainAt = Math.max(now + 1, Math.min(...times));
  return { state, lookAgainAt, ...said };
}
