import type { LogicalDeployment } from '../../contract';
import { messageOf, statusOfGroup, statusOfStep } from './deploymentStatus';
import { evidenceOf } from './evidence';
import type { DigestRecords, EnvironmentFacts, RuntimeState } from './facts';
import { tellKinds } from './kinds';
import { byTime, comesBack, type Merged, type Parts, partsOf } from './merged';
import type { PipelineGroup } from './pipelineGroups';
import { isMovingStatus, type RuntimeStep } from './RuntimeSteps';
import { declaredCommit } from './resolveCommit';
import { principalOf } from './principal';
import { plain, plainOrNone } from './vendorText';

/**
 * Joins what the pipeline's vendor, its runs and the runtime tell of an environment: what they mean the same by is one deployment.
 * The order in which facts stand, or came, plays no part.
 *
 * @param now - epoch milliseconds; what nobody told the end of does not go on for ever
 * @returns newest first; every deployment of the vendor and of the runtime is evidence of exactly one
 */
export function mergeDeployments(
  facts: EnvironmentFacts,
  now: number,
): LogicalDeployment[] {
  return mergeFacts(facts, now).merged.map(item => item.deployment);
}

/** Which commit a digest is of, learnt from what pipelines deployed. */
export function digestRecords(
  facts: EnvironmentFacts,
  now: number,
): DigestRecords {
  return partsOf(facts, now).records;
}

/** As {@link mergeDeployments}, with what each was made of; newest first. */
export function mergeFacts(
  facts: EnvironmentFacts,
  now: number,
): { merged: Merged[]; parts: Parts } {
  const parts = partsOf(facts, now);
  const { runtime } = facts.place;
  const merged = [
    ...parts.groups.map(group => ofGroup(group, parts, facts)),
    ...(runtime ? parts.alone.map(step => ofStep(step, facts, runtime)) : []),
  ].sort(byTime);
  tellKinds(merged, parts.steps, facts.completeSince);
  return { merged: merged.reverse(), parts };
}

function ofGroup(
  group: PipelineGroup,
  { matched: all, steps }: Parts,
  { place: { runtime }, commits }: EnvironmentFacts,
): Merged {
  const matched = all.get(group) ?? { own: [], back: [] };
  const cameBack = group.outcome === 'failed' && comesBack(steps, matched.own);
  const status = statusOfGroup(group, matched, {
    ...{ cameBack, service: runtime?.service, observedAt: runtime?.observedAt },
  });
  const target = matched.own.at(-1)?.target;
  const declared = declaredCommit(group.sha, commits);
  const commit =
    target?.commit.sha === undefined
      ? { ...declared, image: target?.commit.image }
      : target.commit;
  const startedAt = group.start ?? group.createdAt;
  const brought = matched.own.at(-1)?.fact.status === 'succeeded';
  const took = target
    ? brought && status !== 'rolled_back' && matched.back.length === 0
    : status === 'succeeded' && isDeclared(group, runtime, steps);
  const { run } = group;
  return {
    ...{ group, matched, target, took },
    identity: commit.sha ?? group.sha,
    tookAt: endOf([matched.own.at(-1)]) ?? group.end ?? startedAt,
    deployment: {
      ...{ id: group.id, kind: 'regular', status, commit, startedAt },
      ...ended(status, startedAt, [
        group.end,
        endOf([...matched.own, ...matched.back]),
      ]),
      by: plainOrNone(
        run?.triggeringActor ?? run?.actor ?? group.members[0].creator,
        100,
      ),
      approvedBy: [
        ...new Set(
          group.members
            .flatMap(member => member.approvedBy ?? [])
            .map(login => plain(login, 100)),
        ),
      ].sort(),
      runId: run?.runKey,
      runNumber: run?.runNumber,
      message: messageOf(status, group.outcome, matched),
      ranHealthy: took && status === 'succeeded',
      evidence: evidenceOf(group, [...matched.own, ...matched.back]),
    },
  };
}

/** True when the pipeline's word is all there is: no runtime, one without deployments of its own, or one that does not reach back. */
function isDeclared(
  group: PipelineGroup,
  runtime: RuntimeState | undefined,
  steps: RuntimeStep[],
): boolean {
  const first = steps.at(0);
  return !runtime || !first || (group.end ?? Infinity) < first.fact.createdAt;
}

function ofStep(
  step: RuntimeStep,
  { completeSince, pipeline, place }: EnvironmentFacts,
  runtime: RuntimeState,
): Merged {
  const { fact, target } = step;
  const status = statusOfStep(fact);
  const matched = { own: [step], back: [] };
  const took = status === 'succeeded';
  const definition =
    target.taskDefinition && runtime.taskDefinitions.get(target.taskDefinition);
  const by = definition ? principalOf(definition.registeredBy) : undefined;
  // Where no pipeline ever tells of a deployment, nobody can say that one went past it.
  const silent = pipeline.length === 0;
  const untold = fact.createdAt < (completeSince ?? -Infinity);
  const stranger = `No pipeline of this service made it${
    by ? `; ${by} registered its task definition` : ''
  }.`;
  const since = silent
    ? `Which run made it is not known: no job of the pipeline names the environment. Add "environment: ${plain(
        place.name,
        60,
      )}" to the job that deploys.`
    : stranger;
  return {
    ...{ matched, target, took, identity: target.identity },
    tookAt: endOf([step]) ?? fact.createdAt,
    deployment: {
      id: fact.deploymentKey,
      kind: silent ? 'regular' : 'out_of_band',
      ...{ status, commit: target.commit },
      startedAt: fact.createdAt,
      ...ended(status, fact.createdAt, [endOf([step])]),
      approvedBy: [],
      message:
        messageOf(status, undefined, matched) ?? (untold ? undefined : since),
      ranHealthy: took,
      evidence: evidenceOf(undefined, [step]),
    },
  };
}

/** When the last of these deployments of the runtime ended; undefined while one moves. */
function endOf(steps: (RuntimeStep | undefined)[]): number | undefined {
  const ends = steps.flatMap(step => {
    if (!step) return [];
    if (isMovingStatus(step.fact.status)) return [Infinity];
    return step.fact.finishedAt ?? step.fact.stoppedAt ?? [];
  });
  const end = Math.max(...ends);
  return Number.isFinite(end) ? end : undefined;
}

function ended(
  status: LogicalDeployment['status'],
  startedAt: number,
  ends: (number | undefined)[],
): Pick<LogicalDeployment, 'endedAt' | 'durationMs'> {
  if (status === 'in_progress' || status === 'waiting') return {};
  const known = ends.filter(end => end !== undefined);
  if (known.length === 0) return {};
  const endedAt = Math.max(...known);
  return { endedAt, durationMs: Math.max(0, endedAt - startedAt) };
}
