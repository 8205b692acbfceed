import { compareText } from '../canonical';
import type { PipelineDeployment } from './facts';

type Job = PipelineDeployment['jobs'][number];
type Status = PipelineDeployment['statuses'][number];

/** What the pipeline says of a deployment, before the runtime is asked. */
export type PipelineOutcome =
  | 'waiting'
  | 'in_progress'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'unknown';

const HOUR_MS = 3_600_000;
/** Longest that a job may run, and that a gate stays open; what is older was only never told to have ended. */
export const MAX_OPEN_MS = {
  in_progress: 120 * HOUR_MS,
  waiting: 840 * HOUR_MS,
};
/** What has neither statuses nor jobs is thought to last so long. */
const UNTOLD_MS = HOUR_MS;

/** Several statuses have the same second: this is the way they go. */
const ORDER = [
  'pending',
  'waiting',
  'queued',
  'in_progress',
  'success',
  'failure',
  'error',
  'inactive',
];
const ENDED: Record<string, PipelineOutcome> = {
  success: 'succeeded',
  failure: 'failed',
  error: 'failed',
};

/** Oldest first. */
export function sortedStatuses(statuses: Status[]): Status[] {
  return [...statuses].sort(
    (a, b) =>
      a.createdAt - b.createdAt ||
      ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
      compareText(a.statusKey, b.statusKey),
  );
}

/** Between when a deployment acts; without `start` it has not begun, without `end` it goes on. */
export function windowOf(
  { statuses, createdAt }: PipelineDeployment,
  jobs: Job[],
): { start?: number; end?: number } {
  const sorted = sortedStatuses(statuses);
  const ended = sorted.findLast(({ state }) => Object.hasOwn(ENDED, state));
  const startedAt = [
    ...sorted
      .filter(({ state }) => state === 'in_progress')
      .map(status => status.createdAt),
    ...jobs
      .filter(job => job.state.conclusion !== 'skipped')
      .flatMap(job => job.startedAt ?? []),
  ];
  const completed = jobs.flatMap(job => job.completedAt ?? []);
  const allDone =
    jobs.length > 0 && jobs.every(job => job.state.status === 'completed');
  const ends = [
    ...(ended ? [ended.createdAt] : []),
    ...(allDone ? completed : []),
  ];
  const untold = sorted.length === 0 && jobs.length === 0;
  if (untold) return { start: createdAt, end: createdAt + UNTOLD_MS };
  const start = startedAt.length ? Math.min(...startedAt) : ended && createdAt;
  const end = ends.length ? Math.max(...ends) : inactiveAt(sorted);
  return { start, end };
}

function inactiveAt(sorted: Status[]): number | undefined {
  return sorted.find(({ state }) => state === 'inactive')?.createdAt;
}

interface Told {
  deployment: PipelineDeployment;
  jobs: Job[];
  attempt?: number;
  run?: PipelineDeployment['run'];
}

/** The loudest of several outcomes. */
export function outcomeOf(parts: Told[], now: number): PipelineOutcome {
  const outcomes = parts.map(part => single(part, now));
  const loudest = (
    ['in_progress', 'waiting', 'failed', 'cancelled', 'unknown'] as const
  ).find(outcome => outcomes.includes(outcome));
  return loudest ?? 'succeeded';
}

function single(told: Told, now: number): PipelineOutcome {
  const byJobs = ofJobs(told.jobs);
  const byStatus = ofStatuses(told.deployment.statuses);
  // The status of the deployment may be told before the smoke test that fails the job.
  const ended = [byJobs, byStatus].filter(item => item && isEnd(item));
  if (ended.includes('cancelled')) return 'cancelled';
  if (ended.includes('failed')) return 'failed';
  if (ended.includes('succeeded')) return 'succeeded';
  const open = byJobs ?? byStatus ?? ofWaitingRun(told);
  if (open === 'unknown') return open;
  return stillOpen(open, told, now);
}

function isEnd(outcome: PipelineOutcome): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(outcome);
}

function ofStatuses(statuses: Status[]): PipelineOutcome | undefined {
  const last = sortedStatuses(statuses).findLast(
    ({ state }) => state !== 'inactive',
  )?.state;
  if (last === undefined) return statuses.length > 0 ? 'unknown' : undefined;
  if (Object.hasOwn(ENDED, last)) return ENDED[last];
  if (last === 'waiting') return 'waiting';
  return ['pending', 'queued', 'in_progress'].includes(last)
    ? 'in_progress'
    : 'unknown';
}

function ofJobs(jobs: Job[]): PipelineOutcome | undefined {
  if (jobs.length === 0) return undefined;
  const states = jobs.map(job => job.state);
  if (states.some(state => state.status === 'in_progress')) {
    return 'in_progress';
  }
  if (states.some(state => state.status === 'waiting')) return 'waiting';
  if (states.some(state => state.status === 'queued')) return 'in_progress';
  if (states.some(state => state.status !== 'completed')) return undefined;
  const ends = states.map(state => ofConclusion(state.conclusion));
  return (
    (['failed', 'cancelled', 'unknown'] as const).find(end =>
      ends.includes(end),
    ) ?? 'succeeded'
  );
}

function ofConclusion(conclusion: string | undefined): PipelineOutcome {
  switch (conclusion) {
    case 'success':
    case 'neutral':
      return 'succeeded';
    case 'failure':
    case 'timed_out':
    case 'startup_failure':
      return 'failed';
    case 'cancelled':
    case 'skipped':
    case 'stale':
      return 'cancelled';
    default:
      return 'unknown';
  }
}

function ofWaitingRun({ run }: Told): PipelineOutcome {
  return run?.state.status === 'waiting' && run.waitingFor.length > 0
    ? 'waiting'
    : 'unknown';
}

/** A run that has ended, or a time nothing lasts, ends what nobody told the end of. */
function stillOpen(
  open: PipelineOutcome,
  { deployment, attempt, run }: Told,
  now: number,
): PipelineOutcome {
  if (open !== 'waiting' && open !== 'in_progress') return open;
  if (run && attempt !== undefined && run.attempt > attempt) {
    return open === 'waiting' ? 'cancelled' : 'unknown';
  }
  if (run?.state.status === 'completed') {
    return ofConclusion(run.state.conclusion) === 'succeeded' &&
      open === 'waiting'
      ? 'unknown'
      : ofConclusion(run.state.conclusion);
  }
  const last = sortedStatuses(deployment.statuses).at(-1)?.createdAt;
  const since = Math.max(deployment.createdAt, last ?? 0);
  return now - since > MAX_OPEN_MS[open] ? 'unknown' : open;
}
