import type { Change, JobFact, Observation, RunFact } from '../model';
import { canonical, compareText } from './canonical';
import { attemptPart, compareAttempt } from './factOrder';
import { mergeAttempt } from './mergeAttempt';
import { isDoubtful, mergeJob } from './mergeJob';
import {
  isDifferent,
  shown,
  sortedAttempts,
  sortedJobs,
  whole,
} from './runDifference';
import type { AttemptState, JobState, MergeResult, RunState } from './runState';

export type { AttemptState, JobState, MergeResult, RunState } from './runState';

interface Told<TFact> {
  fact: TFact;
  observed: Observation;
}

/** A run while it is merged. */
interface Draft {
  run?: RunFact;
  attempts: Map<number, AttemptState>;
  jobs: Map<string, JobState>;
}

/**
 * Merges facts of ONE run into what is stored of it; facts of other kinds are skipped.
 *
 * Webhooks are hints: in whatever order and however often they arrive, the same set gives the same state (highest attempt is
 * current; within an attempt completed is final, then the larger `updatedAt`, then the further status). A read of the API replaces
 * whatever webhooks said before the read began, regardless of rank, and webhooks observed before a read stay refused afterwards.
 *
 * Reads are understood thus: a run fact with the highest attempt the API ever told is the head of the run; it drops attempts above it
 * that only earlier webhooks spoke of. A run fact of a lower attempt fixes just that attempt, therefore read (and apply) a run's head
 * before one of its earlier attempts. When the head comes in one call together with jobs of its attempt, these are taken as all jobs
 * of that attempt, and jobs that only earlier webhooks spoke of are dropped.
 *
 * @throws `Error` when the facts speak of more than one run.
 * @public
 */
export function mergeRun(
  stored: RunState | undefined,
  changes: Change[],
): MergeResult {
  const told = sortOut(stored?.runKey, changes);
  const first = told.runs[0] ?? told.jobs[0];
  const repoKey = stored?.repoKey ?? first?.fact.repoKey;
  const runKey = stored?.runKey ?? first?.fact.runKey;
  if (runKey === undefined || repoKey === undefined) {
    return { state: stored, changed: false, touched: false };
  }

  const draft: Draft = {
    run: stored?.run,
    attempts: new Map(
      stored?.attempts.map(item => [item.attempt, withConfirmation(item)]),
    ),
    jobs: new Map(
      stored?.jobs.map(item => [item.fact.jobKey, withConfirmation(item)]),
    ),
  };
  told.runs.filter(isRead).forEach(run => applyRead(draft, run));
  dropUnlistedJobs(draft, told.runs, told.jobs);
  told.jobs.filter(isRead).forEach(job => applyJob(draft, job));
  told.runs.filter(isHint).forEach(run => applyHint(draft, run));
  told.jobs.filter(isHint).forEach(job => applyJob(draft, job));

  const state = finish(runKey, repoKey, draft);
  const changed = !stored || isDifferent(stored, state, shown);
  return {
    state,
    changed,
    touched: changed || isDifferent(stored, state, whole),
  };
}

/** What was observed by a read is confirmed by it, also when the moment was not stored twice. */
function withConfirmation<
  TItem extends { observed: Observation; confirmedAt?: number },
>(item: TItem): TItem {
  return item.confirmedAt === undefined && item.observed.source === 'api'
    ? { ...item, confirmedAt: item.observed.at }
    : item;
}

function isRead(told: { observed: Observation }): boolean {
  return told.observed.source === 'api';
}

function isHint(told: { observed: Observation }): boolean {
  return told.observed.source === 'webhook';
}

/** Heads before earlier attempts, older reads before newer ones: see {@link mergeRun}. */
function sortOut(runKey: string | undefined, changes: Change[]) {
  const runs: Told<RunFact>[] = [];
  const jobs: Told<JobFact>[] = [];
  let known = runKey;
  for (const { fact, observed } of changes) {
    if (fact.kind !== 'run' && fact.kind !== 'job') continue;
    known = known ?? fact.runKey;
    if (fact.runKey !== known) {
      throw new Error(
        `Facts of the runs ${known} and ${fact.runKey} cannot be merged into one.`,
      );
    }
    if (fact.kind === 'run') runs.push({ fact, observed });
    else jobs.push({ fact, observed });
  }
  runs.sort(
    (a, b) => b.fact.attempt - a.fact.attempt || a.observed.at - b.observed.at,
  );
  jobs.sort((a, b) => a.observed.at - b.observed.at);
  return { runs, jobs };
}

/** The highest attempt that the API confirmed, with the start of its newest read. */
function headOf(
  draft: Draft,
): { attempt: number; confirmedAt: number } | undefined {
  let head: { attempt: number; confirmedAt: number } | undefined;
  for (const { attempt, confirmedAt } of draft.attempts.values()) {
    if (confirmedAt !== undefined && attempt >= (head?.attempt ?? 0)) {
      head = { attempt, confirmedAt };
    }
  }
  return head;
}

function applyRead(draft: Draft, { fact, observed }: Told<RunFact>) {
  const { attempt, replaced } = mergeAttempt(
    draft.attempts.get(fact.attempt),
    fact,
    observed,
  );
  draft.attempts.set(fact.attempt, attempt);
  const hadHeader = draft.run?.attempt;
  if (headOf(draft)?.attempt === fact.attempt) {
    dropAbove(draft, fact.attempt, observed.at);
  }
  const headerDropped =
    hadHeader !== undefined && !draft.attempts.has(hadHeader);
  if (headerDropped || (replaced && isCurrent(draft, fact))) {
    draft.run = fact;
  } else {
    chooseHeader(draft, fact);
  }
}

/** A read of the head disproves higher attempts that only webhooks before it spoke of, with their jobs. */
function dropAbove(draft: Draft, attempt: number, readAt: number) {
  for (const other of draft.attempts.values()) {
    if (other.attempt > attempt && isDisproved(other, readAt)) {
      draft.attempts.delete(other.attempt);
    }
  }
  for (const job of draft.jobs.values()) {
    if (job.fact.attempt > attempt && isDisproved(job, readAt)) {
      draft.jobs.delete(job.fact.jobKey);
    }
  }
}

function dropUnlistedJobs(
  draft: Draft,
  runs: Told<RunFact>[],
  jobs: Told<JobFact>[],
) {
  const head = headOf(draft)?.attempt;
  if (!runs.some(run => isRead(run) && run.fact.attempt === head)) return;
  const listed = jobs.filter(job => isRead(job) && job.fact.attempt === head);
  if (listed.length === 0) return;
  const keys = new Set(listed.map(job => job.fact.jobKey));
  const readAt = Math.min(...listed.map(job => job.observed.at));
  for (const job of draft.jobs.values()) {
    if (
      job.fact.attempt === head &&
      !keys.has(job.fact.jobKey) &&
      isDisproved(job, readAt)
    ) {
      draft.jobs.delete(job.fact.jobKey);
    }
  }
}

function isDisproved(
  item: { observed: Observation; confirmedAt?: number },
  readAt: number,
): boolean {
  return item.confirmedAt === undefined && item.observed.at < readAt;
}

function applyHint(draft: Draft, { fact, observed }: Told<RunFact>) {
  const stored = draft.attempts.get(fact.attempt);
  if (isStale(draft, fact.attempt, stored?.confirmedAt, observed)) return;
  draft.attempts.set(
    fact.attempt,
    mergeAttempt(stored, fact, observed).attempt,
  );
  chooseHeader(draft, fact);
}

function applyJob(draft: Draft, { fact, observed }: Told<JobFact>) {
  const stored = draft.jobs.get(fact.jobKey);
  if (
    observed.source === 'webhook' &&
    isStale(draft, fact.attempt, stored?.confirmedAt, observed)
  ) {
    return;
  }
  draft.jobs.set(fact.jobKey, mergeJob(stored, fact, observed));
}

/** True for a webhook that a read already answered, however late the webhook is processed. */
function isStale(
  draft: Draft,
  attempt: number,
  confirmedAt: number | undefined,
  observed: Observation,
): boolean {
  if (confirmedAt !== undefined && observed.at < confirmedAt) return true;
  const head = headOf(draft);
  return (
    head !== undefined &&
    attempt > head.attempt &&
    observed.at < head.confirmedAt
  );
}

function currentOf(draft: Draft): AttemptState | undefined {
  const highest = Math.max(...draft.attempts.keys());
  return draft.attempts.get(highest);
}

function isCurrent(draft: Draft, fact: RunFact): boolean {
  return currentOf(draft)?.attempt === fact.attempt;
}

/** The header comes from the winning fact of the current attempt; the last comparison only keeps arrival order out of it. */
function chooseHeader(draft: Draft, fact: RunFact) {
  if (!isCurrent(draft, fact)) return;
  const known = draft.run;
  const wins =
    !known ||
    known.attempt < fact.attempt ||
    (compareAttempt(fact, known) ||
      compareText(canonical(fact), canonical(known))) > 0;
  if (wins) draft.run = fact;
}

function finish(runKey: string, repoKey: string, draft: Draft): RunState {
  const attempts = sortedAttempts(draft.attempts.values());
  const jobs = sortedJobs(draft.jobs.values());
  const current = attempts.at(-1);
  const doubtfulFrom = current?.attempt ?? jobs.at(-1)?.fact.attempt ?? 0;
  return {
    runKey,
    repoKey,
    run: draft.run && current && { ...draft.run, ...attemptPart(current) },
    attempts,
    jobs,
    needsConfirm: jobs.some(
      job => job.fact.attempt >= doubtfulFrom && isDoubtful(job),
    ),
    confirmedAt: headOf(draft)?.confirmedAt,
  };
}
