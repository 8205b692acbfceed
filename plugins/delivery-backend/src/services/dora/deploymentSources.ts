import {
  type DeploymentSource,
  isMovingStatus,
  type Merged,
  type PipelineGroup,
  type RuntimeStep,
  type SourceStatus,
  sortedStatuses,
} from 'backstage-plugin-delivery-common/domain';
import type { JobRow } from '../../database/rows';
import { type Afterwards, afterwardsOf } from './afterwards';
import { fullSha, line, webLink } from './words';

/** Where deployments were put together, and what is known besides. */
export interface SourceContext {
  service: string;
  environment: string;
  /** All jobs of an attempt; absent: not looked at, because nothing about it is peculiar. */
  jobsOf: (runKey: string, attempt: number) => JobRow[] | undefined;
  /** Title of a commit, where no run has one. */
  titleOf: (sha: string) => string | undefined;
}

/** Attempts of a run are one deployment of an environment. */
export function groupOfRun(runKey: string, environment: string): string {
  return `run:${runKey}@${environment}`;
}

/** True when only all jobs of its run say how it went: something failed, or it was done again. */
export function isPeculiar({ group }: Merged): boolean {
  if (!group?.run) return false;
  const { attempt, state } = group.run;
  return (
    (group.outcome !== 'succeeded' && group.outcome !== 'waiting') ||
    group.putBack ||
    attempt > 1 ||
    (state.conclusion !== undefined && state.conclusion !== 'success')
  );
}

/** What a deployment that was put together from pipeline and runtime gives: one row for each side that speaks of it. */
export function sourcesOf(
  merged: Merged,
  context: SourceContext,
): DeploymentSource[] {
  const { group, matched, deployment } = merged;
  const { service, environment } = context;
  const sha = fullSha(deployment.commit.sha);
  const runtime = {
    ...{ service, environment, tier: 'production' as const },
    group: group?.run
      ? groupOfRun(group.run.runKey, environment)
      : deployment.id,
    title: sha === undefined ? undefined : context.titleOf(sha),
  };
  const own = matched.own.map((step, index) => ({
    ...runtime,
    ...ofStep(step, matched.own.slice(index + 1)),
    ...(group ? { title: undefined } : {}),
  }));
  return group ? [ofGroup(group, merged, context), ...own] : own;
}

function ofGroup(
  group: PipelineGroup,
  { deployment, matched, target }: Merged,
  context: SourceContext,
): DeploymentSource {
  const { run } = group;
  const attempt = attemptOf(group);
  const after = afterwards(group, matched.own, context);
  const isRollback = group.isRollback || deployment.kind === 'rollback';
  // A workflow that puts something back runs at the head of its branch; only the runtime knows where it went.
  const isElsewhere = group.isRollback && target?.commit.sha === undefined;
  const sha = fullSha(deployment.commit.sha ?? group.sha);
  return {
    ...{ id: group.id, source: 'vendor_deployment', service: context.service },
    ...{ environment: context.environment, tier: 'production' },
    group: run ? groupOfRun(run.runKey, context.environment) : deployment.id,
    sha: isElsewhere ? undefined : sha,
    artifact: target?.taskDefinition,
    run: run && {
      id: run.runKey,
      ...{ attempt, number: run.runNumber, url: webLink(run.url) },
    },
    status: statusOf(group),
    touched: wasTouched(group, after, matched.own.length > 0),
    createdAt: group.createdAt,
    startedAt: group.start,
    finishedAt: finishOf(group, after, matched.own),
    waitedMs: waitOf(group),
    title: line(run?.title, 500) ?? (sha && context.titleOf(sha)),
    actor: line(
      run?.triggeringActor ?? run?.actor ?? group.members[0].creator,
      100,
    ),
    url: webLink(run?.url),
    isRollback: isRollback ? true : undefined,
    checkFailed: after?.checkFailed && {
      ...after.checkFailed,
      url: webLink(after.checkFailed.url),
    },
    putBack: backOf(matched.back) ?? after?.putBack,
  };
}

/** Which attempt of its run; a run that was never done again has only one. */
function attemptOf({ attempt, run }: PipelineGroup): number | undefined {
  return attempt ?? (run?.attempt === 1 ? 1 : undefined);
}

function afterwards(
  group: PipelineGroup,
  own: RuntimeStep[],
  { jobsOf }: SourceContext,
): Afterwards | undefined {
  const attempt = attemptOf(group);
  const jobs =
    group.run && attempt !== undefined
      ? jobsOf(group.run.runKey, attempt)
      : undefined;
  return (
    jobs &&
    afterwardsOf(
      jobs,
      new Set(group.jobs.map(job => job.jobKey)),
      own.at(-1)?.fact.status === 'succeeded',
    )
  );
}

function statusOf({ outcome, jobs, run }: PipelineGroup): SourceStatus {
  if (outcome !== 'failed') return outcome;
  if (jobs.some(job => job.state.conclusion === 'timed_out')) {
    return 'timed_out';
  }
  const isCurrent = run?.state.conclusion === 'startup_failure';
  return isCurrent && jobs.length === 0 ? 'startup_failure' : 'failed';
}

/** A gate that was refused ends a deployment that never began. */
function wasTouched(
  { outcome, members, jobs, start }: PipelineGroup,
  after: Afterwards | undefined,
  isSeen: boolean,
): boolean {
  if (isSeen || outcome === 'succeeded') return true;
  if (start === undefined) return false;
  const states = members.flatMap(item => item.statuses.map(it => it.state));
  if (states.some(state => state === 'in_progress' || state === 'success')) {
    return true;
  }
  if (after && jobs.length > 0) return after.ran;
  return states.length === 0 && jobs.some(job => job.startedAt !== undefined);
}

/** Live, or ended: a check that fails afterwards does not move it. */
function finishOf(
  group: PipelineGroup,
  after: Afterwards | undefined,
  own: RuntimeStep[],
): number | undefined {
  const { outcome, end } = group;
  if (outcome === 'waiting' || outcome === 'in_progress') return undefined;
  const last = own.at(-1)?.fact;
  const ran = last?.status === 'succeeded' ? last.finishedAt : undefined;
  const successes = group.members.map(
    member =>
      sortedStatuses(member.statuses).find(({ state }) => state === 'success')
        ?.createdAt,
  );
  const told = successes.every(at => at !== undefined)
    ? Math.max(...successes)
    : undefined;
  if (outcome === 'succeeded') return told ?? end ?? ran;
  return after?.checkFailed ? told ?? ran ?? after.liveAt ?? end : end;
}

/** The longest of its members: the gates of a matrix are closed at the same time. */
function waitOf({ members }: PipelineGroup): number | undefined {
  const waits = members.flatMap(({ statuses }) => {
    const sorted = sortedStatuses(statuses);
    let waited: number | undefined;
    sorted.forEach(({ state, createdAt }, index) => {
      const next = sorted.at(index + 1);
      if (state !== 'waiting' || !next) return;
      waited = (waited ?? 0) + (next.createdAt - createdAt);
    });
    return waited ?? [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function backOf(back: RuntimeStep[]): DeploymentSource['putBack'] {
  const last = back.at(-1)?.fact;
  if (!last || isMovingStatus(last.status)) return undefined;
  return {
    at: last.finishedAt ?? last.stoppedAt,
    ok: last.status === 'succeeded',
  };
}

/** One deployment of the runtime. */
function ofStep(
  { fact, target }: RuntimeStep,
  later: RuntimeStep[],
): Pick<DeploymentSource, 'id' | 'source' | 'status'> &
  Partial<DeploymentSource> {
  const status = statusOfStep(fact, later);
  const rolledBack = ['rolled_back', 'rollback_failed'].includes(fact.status);
  const end = fact.finishedAt ?? fact.stoppedAt;
  return {
    ...{ id: fact.deploymentKey, source: 'runtime_deployment', status },
    sha: fullSha(target.commit.sha),
    artifact: target.taskDefinition,
    ...{ touched: true, createdAt: fact.createdAt },
    startedAt: fact.startedAt ?? fact.createdAt,
    finishedAt: isMovingStatus(fact.status) ? undefined : end,
    runtimeRollback: rolledBack
      ? {
          ok: fact.status === 'rolled_back',
          startedAt: fact.rollback?.startedAt,
          finishedAt: end,
          reason: reasonOf(fact),
        }
      : undefined,
  };
}

type RuntimeFact = RuntimeStep['fact'];

function statusOfStep(fact: RuntimeFact, later: RuntimeStep[]): SourceStatus {
  if (isMovingStatus(fact.status)) return 'in_progress';
  switch (fact.status) {
    case 'succeeded':
    case 'failed':
    case 'rolled_back':
      return fact.status;
    case 'rollback_failed':
      return 'failed';
    case 'stopped':
      // The runtime stops one that goes on when the next one begins.
      return later.length > 0 ? 'superseded' : 'cancelled';
    default:
      return 'unknown';
  }
}

function reasonOf(fact: RuntimeFact): string | undefined {
  const cause =
    (fact.circuitBreaker?.state === 'triggered' && 'circuit breaker') ||
    (fact.alarms?.state === 'triggered' && 'alarm') ||
    undefined;
  const reason = line(fact.rollback?.reason ?? fact.statusReason, 300);
  if (!cause || reason?.toLowerCase().includes(cause)) return reason;
  return reason === undefined ? cause : `${cause}: ${reason}`;
}
