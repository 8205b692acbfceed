import type { JobFact, Observation } from '../model';
import { canonical } from './canonical';
import { compareJob } from './factOrder';
import type { JobState } from './runState';

/** Merges one fact into what is known of its job. The caller has refused webhooks that a read made stale. */
export function mergeJob(
  stored: JobState | undefined,
  fact: JobFact,
  observed: Observation,
): JobState {
  const isRead = observed.source === 'api';
  if (!stored) {
    return { fact, observed, confirmedAt: isRead ? observed.at : undefined };
  }
  if (isRead && isReplacedBy(stored, observed)) {
    return {
      // The vendor's API does not tell a job's environment, only its webhooks do.
      fact: withEnvironment(fact, fact.environment ?? stored.fact.environment),
      observed,
      confirmedAt: observed.at,
    };
  }
  if (isRead && observed.at < (stored.confirmedAt ?? -Infinity)) return stored;

  const confirmedAt = isRead ? observed.at : stored.confirmedAt;
  const environment = laterText(stored.fact.environment, fact.environment);
  const order = compareJob(fact, stored.fact);
  if (order === 0) {
    return {
      fact: withEnvironment(stored.fact, environment),
      observed: earlierOfSame(stored.observed, observed),
      confirmedAt,
    };
  }
  const [winner, loser] =
    order > 0 ? [{ fact, observed }, stored] : [stored, { fact, observed }];
  // A read said "waiting", a webhook observed since says "queued": the gate may just have opened, or the message is late. Keeping the
  // word but not the confirmation makes the run ask again.
  const doubted =
    winner.observed.source === 'api' &&
    loser.observed.source === 'webhook' &&
    winner.fact.state.status === 'waiting';
  return {
    fact: withEnvironment(winner.fact, environment),
    observed: doubted ? loser.observed : winner.observed,
    confirmedAt,
  };
}

/** True when nothing but webhooks leaves open whether the job is queued or waits at a gate. */
export function isDoubtful(job: JobState): boolean {
  return (
    job.fact.state.status === 'waiting' && job.observed.source === 'webhook'
  );
}

/** A read replaces what was observed before it began, and what earlier reads said. */
export function isReplacedBy(
  stored: { observed: Observation; confirmedAt?: number },
  read: Observation,
): boolean {
  return stored.observed.source === 'api'
    ? stored.observed.at <= read.at
    : stored.observed.at < read.at;
}

/** The same content heard twice counts from the first time, so that a replayed delivery is never newer than it was. */
export function earlierOfSame(
  stored: Observation,
  observed: Observation,
): Observation {
  return stored.source === 'webhook' &&
    observed.source === 'webhook' &&
    observed.at < stored.at
    ? observed
    : stored;
}

function withEnvironment(
  fact: JobFact,
  environment: string | undefined,
): JobFact {
  return canonical(fact.environment) === canonical(environment)
    ? fact
    : { ...fact, environment };
}

/** Webhooks of a job that name its environment name the same one; if not, the choice must not depend on their order. */
function laterText(
  a: string | undefined,
  b: string | undefined,
): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
