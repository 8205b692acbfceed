import { canonical, compareText } from './canonical';
import type { AttemptState, JobState, RunState } from './runState';

/** Ascending. */
export function sortedAttempts(items: Iterable<AttemptState>): AttemptState[] {
  return [...items].sort((a, b) => a.attempt - b.attempt);
}

/** Ascending by attempt, then by job key. */
export function sortedJobs(items: Iterable<JobState>): JobState[] {
  return [...items].sort(
    (a, b) =>
      a.fact.attempt - b.fact.attempt ||
      compareText(a.fact.jobKey, b.fact.jobKey),
  );
}

/** What a reader of an attempt or job sees: everything but when and how it was observed. */
export function shown(item: AttemptState | JobState): unknown {
  return { ...item, observed: undefined, confirmedAt: undefined };
}

export function whole(item: AttemptState | JobState): unknown {
  return item;
}

/** True when two states of a run differ in the given part of their attempts and jobs, or in their header. */
export function isDifferent(
  stored: RunState,
  state: RunState,
  part: (item: AttemptState | JobState) => unknown,
): boolean {
  // Sorted anew: a database may order text in another way.
  const before = [
    ...sortedAttempts(stored.attempts),
    ...sortedJobs(stored.jobs),
  ];
  const after = [...state.attempts, ...state.jobs];
  return (
    stored.needsConfirm !== state.needsConfirm ||
    before.length !== after.length ||
    before.some(
      (item, i) =>
        item !== after[i] &&
        canonical(part(item)) !== canonical(part(after[i])),
    ) ||
    canonical(stored.run) !== canonical(state.run)
  );
}
