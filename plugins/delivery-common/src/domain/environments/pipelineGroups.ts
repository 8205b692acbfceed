import { canonical, compareText } from '../canonical';
import type { PipelineDeployment } from './facts';
import { outcomeOf, type PipelineOutcome, windowOf } from './pipelineOutcome';

type Job = PipelineDeployment['jobs'][number];

/** Deployments of the vendor that one attempt of a run made into an environment: one deployment to a person. */
export interface PipelineGroup {
  /** Key of the oldest member. */
  id: string;
  /** Oldest first. */
  members: PipelineDeployment[];
  sha: string;
  run?: PipelineDeployment['run'];
  attempt?: number;
  jobs: Job[];
  createdAt: number;
  /** When it began to act; absent: it waits, or ended before. */
  start?: number;
  /** Absent while it goes on. */
  end?: number;
  outcome: PipelineOutcome;
  /** A step or job that puts the old revision back did so. */
  putBack: boolean;
  /** The jobs' names say that putting back is what they are for. */
  isRollback: boolean;
}

/** Clocks of two vendors differ, and a job may come before its deployment is told. */
const SLACK_MS = 10_000;
const ROLLBACK = /(?:^|[/\s])roll(?:ed|ing)?[\s_-]*back/i;

/** Groups deployments of the vendor, oldest first; the order they stand in plays no part. */
export function groupPipeline(
  pipeline: PipelineDeployment[],
  now: number,
): PipelineGroup[] {
  const byRun = new Map<string, PipelineDeployment[]>();
  for (const item of distinct(pipeline)) {
    const key = item.run?.runKey ?? ` ${item.deploymentKey}`;
    const list = byRun.get(key);
    if (list) list.push(item);
    else byRun.set(key, [item]);
  }
  return [...byRun.values()]
    .flatMap(siblings => groupRun(siblings, now))
    .sort(
      (a, b) =>
        (a.start ?? a.createdAt) - (b.start ?? b.createdAt) ||
        compareText(a.id, b.id),
    );
}

/** Each deployment once, oldest first; of two tellings the one that tells more. */
function distinct(pipeline: PipelineDeployment[]): PipelineDeployment[] {
  const byKey = new Map<string, PipelineDeployment>();
  for (const item of pipeline) {
    const known = byKey.get(item.deploymentKey);
    if (!known || tellsMore(item, known)) byKey.set(item.deploymentKey, item);
  }
  return [...byKey.values()].sort(
    (a, b) =>
      a.createdAt - b.createdAt ||
      compareText(a.deploymentKey, b.deploymentKey),
  );
}

function tellsMore(a: PipelineDeployment, b: PipelineDeployment): boolean {
  if (a.statuses.length !== b.statuses.length) {
    return a.statuses.length > b.statuses.length;
  }
  return compareText(canonical(a), canonical(b)) > 0;
}

interface Member {
  deployment: PipelineDeployment;
  jobs: Job[];
  attempt?: number;
  window: { start?: number; end?: number };
}

function groupRun(
  siblings: PipelineDeployment[],
  now: number,
): PipelineGroup[] {
  const jobs = assignJobs(siblings);
  const parts: Member[][] = [];
  for (const deployment of siblings) {
    const own = jobs.get(deployment) ?? [];
    const attempt = own.length
      ? Math.max(...own.map(job => job.attempt))
      : undefined;
    const member = {
      ...{ deployment, jobs: own, attempt },
      window: windowOf(deployment, own),
    };
    const fitting = parts.findLast(part => part.some(it => joins(it, member)));
    if (fitting) fitting.push(member);
    else parts.push([member]);
  }
  return parts.map(part => toGroup(part, now));
}

function joins(a: Member, b: Member): boolean {
  if (a.deployment.sha !== b.deployment.sha) return false;
  if (a.attempt !== undefined && b.attempt !== undefined) {
    return a.attempt === b.attempt;
  }
  // Without jobs: what one run does at the same time is one deployment, what it does again later is another one.
  const from = b.window.start ?? b.deployment.createdAt;
  const to = a.window.end ?? Infinity;
  return from < to;
}

/** Which job made which deployment: by the link of a status, otherwise by time. */
function assignJobs(
  siblings: PipelineDeployment[],
): Map<PipelineDeployment, Job[]> {
  const jobs = new Map<string, Job>();
  for (const job of siblings.flatMap(item => item.jobs)) {
    const known = jobs.get(job.jobKey);
    if (!known || compareText(canonical(job), canonical(known)) > 0) {
      jobs.set(job.jobKey, job);
    }
  }
  const links = siblings.map(linkedJobs);
  const found = new Map<PipelineDeployment, Job[]>();
  const byKey = [...jobs.values()].sort((a, b) =>
    compareText(a.jobKey, b.jobKey),
  );
  for (const job of byKey) {
    const named = siblings.filter(item =>
      item.jobs.some(({ jobKey }) => jobKey === job.jobKey),
    );
    const id = job.jobKey.slice(job.jobKey.lastIndexOf('.') + 1);
    const linked = siblings.filter((_, i) => links[i].has(id));
    const before = named.filter(
      item => item.createdAt <= (job.startedAt ?? Infinity) + SLACK_MS,
    );
    const owner = linked.at(-1) ?? before.at(-1) ?? named.at(0);
    if (owner) found.set(owner, [...(found.get(owner) ?? []), job]);
  }
  return found;
}

function linkedJobs({ statuses }: PipelineDeployment): Set<string> {
  return new Set(
    statuses.flatMap(
      ({ url }) => /\/jobs?\/(\d{1,20})(?:[/?#]|$)/.exec(url ?? '')?.[1] ?? [],
    ),
  );
}

function toGroup(part: Member[], now: number): PipelineGroup {
  const members = part.map(item => item.deployment);
  const jobs = part.flatMap(item => item.jobs);
  const run = members.findLast(item => item.run)?.run;
  const attempts = part.flatMap(item => item.attempt ?? []);
  const starts = part.flatMap(item => item.window.start ?? []);
  const ends = part.map(item => item.window.end ?? Infinity);
  const end = Math.max(...ends);
  const attempt = attempts.length ? Math.max(...attempts) : undefined;
  const isBack = (name: string) => ROLLBACK.test(name.slice(0, 200));
  return {
    ...{ id: members[0].deploymentKey, members, jobs, run, attempt },
    sha: members[0].sha.slice(0, 64),
    createdAt: members[0].createdAt,
    start: starts.length ? Math.min(...starts) : undefined,
    end: end === Infinity ? undefined : end,
    outcome: outcomeOf(
      part.map(item => ({ ...item, run: item.deployment.run })),
      now,
    ),
    putBack: jobs.some(
      job =>
        (isBack(job.name) && job.state.conclusion === 'success') ||
        job.steps.some(
          step => isBack(step.name) && step.state.conclusion === 'success',
        ),
    ),
    isRollback: jobs.length > 0 && jobs.every(job => isBack(job.name)),
  };
}
