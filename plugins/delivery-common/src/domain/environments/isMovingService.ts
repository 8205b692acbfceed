import type { RuntimeDeploymentFact, RuntimeServiceFact } from '../../runtime';
import { isMovingStatus } from './RuntimeSteps';

/** True while the runtime replaces one revision by another: its newest deployment has not ended, or the service itself says so. */
export function isMovingService(
  service: RuntimeServiceFact,
  deployments: RuntimeDeploymentFact[],
): boolean {
  if (!['active', 'draining', 'unknown'].includes(service.status)) return false;
  const current = currentFact(service, deployments);
  if (current && current.status !== 'unknown') {
    return isMovingStatus(current.status);
  }
  const primary = service.deployments.find(item => item.role === 'primary');
  if (primary?.rollout !== undefined && primary.rollout !== 'unknown') {
    return primary.rollout === 'in_progress';
  }
  return service.deployments.some(
    item => item.role === 'active' && item.running + item.pending > 0,
  );
}

/** The deployment that the service calls its newest. */
export function currentFact(
  service: RuntimeServiceFact,
  deployments: RuntimeDeploymentFact[],
): RuntimeDeploymentFact | undefined {
  return deployments.find(
    item => item.deploymentKey === service.currentDeployment,
  );
}
