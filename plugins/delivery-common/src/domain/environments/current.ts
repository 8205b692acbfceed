import type { RevisionPart, RuntimeServiceFact } from '../../runtime';
import type { RuntimeState } from './facts';
import { currentFact, isMovingService } from './isMovingService';
import type { Merged, Parts } from './merged';
import type { Revisions, RuntimeStep, Target } from './RuntimeSteps';

/** What an environment runs now, and what brought it. */
export interface Current {
  target?: Target;
  /** The deployment of the runtime after which it ran. */
  step?: RuntimeStep;
  merged?: Merged;
}

/** What the runtime runs; while it moves, what it ran before. */
export function currentOf(
  runtime: RuntimeState,
  { steps, revisions }: Parts,
  merged: Merged[],
): Current {
  const { service } = runtime;
  if (!service || !revisions || isGone(service)) return {};
  const step = stepOf(runtime, service, steps);
  const target = targetOf(runtime, service, revisions) ?? step?.target;
  if (!target) return {};
  const brought =
    step &&
    step.target.identity === target.identity &&
    merged.find(item => item.matched.own.includes(step));
  return {
    target,
    step,
    // What was put back was brought by who brought it first.
    merged:
      brought ||
      merged.find(item => item.took && item.identity === target.identity),
  };
}

/** True when there is no such service any more. */
export function isGone({ status }: RuntimeServiceFact): boolean {
  return status === 'missing' || status === 'inactive';
}

function stepOf(
  { deployments }: RuntimeState,
  service: RuntimeServiceFact,
  steps: RuntimeStep[],
): RuntimeStep | undefined {
  const current = currentFact(service, deployments);
  const at = steps.findIndex(
    step => step.fact.deploymentKey === current?.deploymentKey,
  );
  return (at < 0 ? steps : steps.slice(0, at + 1)).findLast(
    step => step.fact.status === 'succeeded',
  );
}

function targetOf(
  { deployments }: RuntimeState,
  service: RuntimeServiceFact,
  revisions: Revisions,
): Target | undefined {
  const current = currentFact(service, deployments);
  const of = (part: RevisionPart | undefined) =>
    part && revisions.of(part.revisionKey);
  if (isMovingService(service, deployments) && current) {
    return of(largest(current.sources));
  }
  if (current?.status === 'succeeded' && current.target) {
    return of(current.target);
  }
  if (current?.status === 'rolled_back') {
    const key = current.rollback?.revisionKey;
    return key === undefined ? of(largest(current.sources)) : revisions.of(key);
  }
  const running = of(largest(service.revisions.filter(isThere)));
  if (running) return running;
  // Other controllers tell no revisions: the set that has the tasks.
  const sets = service.deployments.filter(item => item.running > 0);
  const arn =
    sets.length === 1 ? sets[0].taskDefinition : service.taskDefinition;
  return arn === undefined ? undefined : revisions.ofTaskDefinition(arn);
}

function isThere(part: RevisionPart): boolean {
  return part.running > 0 || part.requested > 0;
}

function largest(parts: RevisionPart[]): RevisionPart | undefined {
  return [...parts].sort(
    (a, b) =>
      (b.productionTraffic ?? 0) - (a.productionTraffic ?? 0) ||
      b.running - a.running ||
      b.requested - a.requested ||
      (a.revisionKey < b.revisionKey ? -1 : 1),
  )[0];
}

/** Since when the environment runs what it runs: redeployments of the same in between do not count. */
export function sinceOf(
  merged: Merged[],
  current: Merged | undefined,
): number | undefined {
  if (!current) return undefined;
  let since = current.tookAt;
  for (const item of merged.slice(merged.indexOf(current))) {
    if (!item.took) continue;
    if (item.identity !== current.identity) break;
    since = Math.min(since, item.tookAt);
  }
  return since;
}
