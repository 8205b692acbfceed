import type { Observation, RunFact } from '../model';
import { attemptPart, compareAttempt } from './factOrder';
import { earlierOfSame, isReplacedBy } from './mergeJob';
import type { AttemptState } from './runState';

/** Merges one fact into what is known of its attempt. The caller has refused webhooks that a read made stale. */
export function mergeAttempt(
  stored: AttemptState | undefined,
  fact: RunFact,
  observed: Observation,
): { attempt: AttemptState; replaced: boolean } {
  const isRead = observed.source === 'api';
  const completedAt =
    fact.state.status === 'completed' ? fact.updatedAt : undefined;
  const told: AttemptState = {
    ...attemptPart(fact),
    completedAt,
    observed,
    confirmedAt: isRead ? observed.at : undefined,
  };
  if (!stored) return { attempt: told, replaced: true };
  if (isRead && isReplacedBy(stored, observed)) {
    // Vendors touch `updated_at` of completed runs now and then; the first read after completion is closest to it.
    const known =
      stored.observed.source === 'api' ? stored.completedAt : undefined;
    return {
      attempt: { ...told, completedAt: earlier(known, completedAt) },
      replaced: true,
    };
  }
  if (isRead && observed.at < (stored.confirmedAt ?? -Infinity)) {
    return { attempt: stored, replaced: false };
  }

  const confirmedAt = isRead ? observed.at : stored.confirmedAt;
  const order = compareAttempt(fact, stored);
  if (order > 0) {
    return {
      attempt: {
        ...told,
        completedAt: earlier(stored.completedAt, completedAt),
        confirmedAt,
      },
      replaced: false,
    };
  }
  return {
    attempt: {
      ...stored,
      observed:
        order === 0
          ? earlierOfSame(stored.observed, observed)
          : stored.observed,
      completedAt:
        stored.state.status === 'completed'
          ? earlier(stored.completedAt, completedAt)
          : undefined,
      confirmedAt,
    },
    replaced: false,
  };
}

/** The earlier moment when both are known; a moment only the loser knows counts too, as long as the winner is completed. */
function earlier(
  known: number | undefined,
  told: number | undefined,
): number | undefined {
  if (known === undefined || told === undefined) return told ?? known;
  return Math.min(known, told);
}
