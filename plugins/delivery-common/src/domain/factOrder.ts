import type { JobFact, RunFact, State } from '../model';
import { canonical, compareText } from './canonical';

const RANKS = [
  'requested',
  'queued',
  'pending',
  'waiting',
  'in_progress',
  'completed',
];

/** Position of a vendor's status word on the way to `completed`; a word that is not known ranks lowest (-1). */
export function rankOf(state: State): number {
  return RANKS.indexOf(state.rawStatus.toLowerCase());
}

/** What of a run fact belongs to its attempt; the rest is the run's header. */
export type AttemptPart = Pick<
  RunFact,
  'attempt' | 'state' | 'triggeringActor' | 'startedAt' | 'updatedAt'
>;

/** Just the attempt's part, without other keys that `fact` may have. */
export function attemptPart(fact: AttemptPart): AttemptPart {
  return {
    attempt: fact.attempt,
    state: fact.state,
    triggeringActor: fact.triggeringActor,
    startedAt: fact.startedAt,
    updatedAt: fact.updatedAt,
  };
}

function isCompleted(state: State): boolean {
  return state.status === 'completed';
}

/**
 * Which of two facts of ONE attempt says more: positive when `a` does. A total order over their content (the last step compares
 * text, only so that the order of arrival can never decide); 0 means the same content.
 */
export function compareAttempt(a: AttemptPart, b: AttemptPart): number {
  return (
    Number(isCompleted(a.state)) - Number(isCompleted(b.state)) ||
    a.updatedAt - b.updatedAt ||
    rankOf(a.state) - rankOf(b.state) ||
    compareText(canonical(attemptPart(a)), canonical(attemptPart(b)))
  );
}

/**
 * Which of two facts of ONE job says more; a total order like {@link compareAttempt}. Jobs have no `updated_at`: the way to
 * `completed` orders them, then how far the steps are. The environment does not take part, see `mergeJob`.
 */
export function compareJob(a: JobFact, b: JobFact): number {
  return (
    Number(isCompleted(a.state)) - Number(isCompleted(b.state)) ||
    rankOf(a.state) - rankOf(b.state) ||
    (a.completedAt ?? 0) - (b.completedAt ?? 0) ||
    completedSteps(a) - completedSteps(b) ||
    a.steps.length - b.steps.length ||
    (a.startedAt ?? 0) - (b.startedAt ?? 0) ||
    compareText(
      canonical({ ...a, environment: undefined }),
      canonical({ ...b, environment: undefined }),
    )
  );
}

function completedSteps(fact: JobFact): number {
  return fact.steps.filter(step => isCompleted(step.state)).length;
}
