import type { TimeWindow } from 'backstage-plugin-delivery-common/domain';
import {
  changeVerdictsOf,
  type DoraDeployment,
  type OverrideFact,
  verdictsOf,
} from 'backstage-plugin-delivery-common/domain';
import type { DoraSettings } from 'backstage-plugin-delivery-common';
import type { DoraStore, ServiceDora } from '../../database/DoraStore';

/**
 * Rows of long ago stay as they were derived: jobs are forgotten after a while, and a list of deployments has an end, so that what is derived
 * of old facts says less than it once did. What a person said of them is believed all the same, and settings hold for them too.
 *
 * @param derived - what the facts give now
 * @param until - epoch milliseconds; newer rows are not looked at
 */
export async function keepOld(
  store: Pick<DoraStore, 'deployments' | 'changes'>,
  service: string,
  derived: ServiceDora,
  options: { until: number; overrides: OverrideFact[]; settings: DoraSettings },
): Promise<ServiceDora> {
  const { until, overrides, settings } = options;
  const window: TimeWindow = { from: 0, to: until };
  const said = new Set(overrides.map(item => item.deploymentId));
  const deployments = (await store.deployments([service], window))
    .map(({ deployment }) => deployment)
    .filter(item => !said.has(item.id) && !isSaid(item))
    .map(deployment => ({
      deployment,
      verdicts: verdictsOf(deployment, settings),
    }));
  const changes = (await store.changes([service], window))
    .map(({ change }) => change)
    .map(change => ({ change, verdicts: changeVerdictsOf(change, settings) }));
  if (deployments.length === 0 && changes.length === 0) return derived;
  const oldDeployments = new Set(deployments.map(row => row.deployment.id));
  const oldChanges = new Set(changes.map(row => row.change.id));
  return {
    ...derived,
    deployments: [
      ...deployments,
      ...derived.deployments.filter(
        row => !oldDeployments.has(row.deployment.id),
      ),
    ],
    changes: [
      ...changes,
      ...derived.changes.filter(row => !oldChanges.has(row.change.id)),
    ],
  };
}

/** What a person once said may have been taken back. */
function isSaid({ evidence }: DoraDeployment): boolean {
  return evidence.some(item => item.by !== undefined);
}
