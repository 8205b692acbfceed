import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import { changeName } from './evidenceText';
import { RevertTargets, isRevert } from './evidenceReverts';
import type { DoraChange, DoraDeployment, DoraIncident } from './linked';
import { isHotfix } from './references';

type Because = NonNullable<DoraDeployment['reworkBecause']>;

/**
 * Says which deployments were not planned but made because of something users noticed: rollbacks, and those that bring a hotfix, a revert of
 * something that had been deployed, or a change that closes an incident. `settings.reworkBatch` says whether one such change is enough.
 *
 * @returns copies with `rework` and `reworkBecause` told
 */
export function tellRework(
  deployments: DoraDeployment[],
  context: {
    changes: DoraChange[];
    incidents: DoraIncident[];
    settings: DoraSettings;
  },
): DoraDeployment[] {
  const { settings } = context;
  const batches = batchesOf(context.changes);
  const targets = targetsOf(deployments, context.changes);
  const incidents = new Map(context.incidents.map(each => [each.id, each]));
  return deployments.map(deployment => {
    const { reworkBecause: _, ...rest } = deployment;
    const because =
      deployment.kind === 'rollback'
        ? rollbackBecause(deployment)
        : ofBatch(
            (batches.get(deployment.id) ?? []).map(change =>
              becauseOf(change, incidents, targets.get(change.service)),
            ),
            settings,
          );
    return because
      ? { ...rest, rework: true, reworkBecause: because }
      : { ...rest, rework: false };
  });
}

function ofBatch(
  becauses: (Because | undefined)[],
  { reworkBatch }: DoraSettings,
): Because | undefined {
  if (reworkBatch === 'all' && becauses.some(each => !each)) return undefined;
  return becauses.find(each => each);
}

function rollbackBecause({ url }: DoraDeployment): Because {
  return { text: 'It is a rollback', ...(url && { url }) };
}

function becauseOf(
  change: DoraChange,
  incidents: Map<string, DoraIncident>,
  targets: RevertTargets | undefined,
): Because | undefined {
  const name = changeName(change);
  const link = { ref: change.id, ...(change.url && { url: change.url }) };
  if (isRevert(change) && !targets?.isOfNothingDeployed(change)) {
    return { text: `${name} takes back what had been deployed`, ...link };
  }
  if (isHotfix(change)) return { text: `${name} is a hotfix`, ...link };
  const closed = (change.closes ?? [])
    .map(id => incidents.get(id))
    .find(incident => incident !== undefined);
  if (!closed) return undefined;
  const what =
    closed.number === undefined ? 'an incident' : `incident #${closed.number}`;
  return { text: `${name} closes ${what}`, ...link };
}

/** Changes by the deployment that brought them first. */
function batchesOf(changes: DoraChange[]): Map<string, DoraChange[]> {
  const batches = new Map<string, DoraChange[]>();
  for (const change of [...changes].sort((a, b) => compareText(a.id, b.id))) {
    if (change.deploymentId === undefined) continue;
    const batch = batches.get(change.deploymentId);
    if (batch) batch.push(change);
    else batches.set(change.deploymentId, [change]);
  }
  return batches;
}

function targetsOf(
  deployments: DoraDeployment[],
  changes: DoraChange[],
): Map<string, RevertTargets> {
  const services = new Set(changes.filter(isRevert).map(each => each.service));
  return new Map(
    [...services].map(service => [
      service,
      new RevertTargets({
        deployments: deployments.filter(each => each.service === service),
        changes: changes.filter(each => each.service === service),
      }),
    ]),
  );
}
