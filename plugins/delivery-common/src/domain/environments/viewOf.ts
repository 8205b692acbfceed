import type { Environment, LogicalDeployment } from '../../contract';
import { type Current, currentOf, isGone, sinceOf } from './current';
import { driftOf } from './driftOf';
import type { EnvironmentFacts, EnvironmentView } from './facts';
import { firingAlarms, healthOf } from './healthOf';
import type { Merged } from './merged';
import { mergeFacts } from './mergeDeployments';
import { sortedStatuses } from './pipelineOutcome';
import { rolloutOf } from './rolloutOf';

/**
 * One environment as it is shown, with its deployments, newest first. Everything but `behind`, which needs the other environments.
 *
 * @param now - epoch milliseconds
 */
export function viewOf(facts: EnvironmentFacts, now: number): EnvironmentView {
  const { parts, merged } = mergeFacts(facts, now);
  const { runtime, name, tier, problem } = facts.place;
  const current: Current = runtime?.service
    ? currentOf(runtime, parts, merged)
    : declared(merged);
  const observed = runtime?.service !== undefined;
  const isDeclared = facts.pipeline.length > 0;
  const environment: Environment = {
    ...{ name, tier, basis: basisOf(observed, isDeclared) },
    commit: observed
      ? current.target?.commit
      : current.merged?.deployment.commit,
    since: sinceOf(merged, current.merged) ?? current.step?.fact.finishedAt,
    deployment: current.merged?.deployment,
    newest: newestOf(merged, current.merged),
    health: healthOf(facts),
    tasks: tasksOf(facts),
    rollout:
      runtime && parts.revisions
        ? rolloutOf(runtime, parts.revisions, now)
        : undefined,
    drift: runtime ? driftOf({ runtime, current, merged, now }) : [],
    waiting: waitingOf(merged),
    alarmsFiring: runtime ? firingAlarms(runtime) : [],
    runtime: runtime && { ...runtime.ref },
    asOf: runtime?.observedAt,
    problem: runtime?.problem ?? problem,
  };
  return { environment, deployments: told(merged, facts) };
}

function basisOf(observed: boolean, isDeclared: boolean): Environment['basis'] {
  if (observed) return 'observed';
  return isDeclared ? 'declared' : 'none';
}

function tasksOf({ place: { runtime } }: EnvironmentFacts) {
  const service = runtime?.service;
  if (!service || isGone(service)) return undefined;
  return { running: service.running, desired: service.desired };
}

/** Newest first; without those that a cut list tells only half of: as they were stored when it told more, they are right. */
function told(
  merged: Merged[],
  { completeSince = -Infinity }: EnvironmentFacts,
): LogicalDeployment[] {
  return merged
    .map(item => item.deployment)
    .filter(({ startedAt }) => startedAt >= completeSince);
}

/** Without a runtime: the newest that the pipeline says succeeded. */
function declared(merged: Merged[]): Current {
  const found = merged.find(item => item.took);
  return { merged: found, target: found?.target };
}

/** The newest that began, when it is not what runs. */
function newestOf(
  merged: Merged[],
  current: Merged | undefined,
): LogicalDeployment | undefined {
  const newest = merged.find(
    ({ group, deployment }) =>
      deployment.status !== 'waiting' &&
      (group === undefined || group.start !== undefined),
  );
  return newest === current ? undefined : newest?.deployment;
}

function waitingOf(merged: Merged[]): Environment['waiting'] {
  const item = merged.find(
    ({ deployment, group }) => deployment.status === 'waiting' && group?.run,
  );
  const run = item?.group?.run;
  if (!item?.group || !run) return undefined;
  const since = item.group.members
    .flatMap(member => sortedStatuses(member.statuses))
    .findLast(status => status.state === 'waiting')?.createdAt;
  return {
    ...{ runId: run.runKey, runNumber: run.runNumber, sha: item.group.sha },
    since: since ?? item.group.createdAt,
  };
}
