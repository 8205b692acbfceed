import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import type { DoraAttempt, DoraDeployment } from './linked';

/** True when it changed production, for good or not: only then can it be a change failure. */
export function wasInProduction(deployment: DoraDeployment): boolean {
  return (
    deployment.outcome === 'succeeded' ||
    deployment.outcome === 'failed_in_production' ||
    failedAttempt(deployment) !== undefined
  );
}

/** The first attempt that failed in production. */
export function failedAttempt({
  attempts,
}: DoraDeployment): DoraAttempt | undefined {
  return attempts.find(each => each.outcome === 'failed_in_production');
}

/** The attempt that succeeded after one had failed in production. */
export function retriedAttempt({
  attempts,
}: DoraDeployment): DoraAttempt | undefined {
  const first = attempts.findIndex(
    each => each.outcome === 'failed_in_production',
  );
  return first === -1
    ? undefined
    : attempts.slice(first + 1).find(each => each.outcome === 'succeeded');
}

/** True when what it brought is what runs after it: it succeeded, and nothing put the revision before back. */
export function stays(deployment: DoraDeployment): boolean {
  if (deployment.outcome !== 'succeeded') return false;
  const { runtimeRollback, checkFailed, putBack } = deployment.hints;
  return (
    (!runtimeRollback && !checkFailed && !putBack) ||
    retriedAttempt(deployment) !== undefined
  );
}

/**
 * When users had it: the finish. What failed on the way is with users from the start of its rollout on, and what a check of the run
 * found was there when the check failed.
 */
export function liveAt(deployment: DoraDeployment): number | undefined {
  const { checkFailed, putBack } = deployment.hints;
  if (deployment.outcome === 'succeeded' || checkFailed || putBack) {
    return earliest([deployment.finishedAt, checkFailed?.at, putBack?.at]);
  }
  return rolloutAt(deployment);
}

/** Start of the rollout that failed; without it the next best moment that is known. */
export function rolloutAt(deployment: DoraDeployment): number | undefined {
  return (
    failedAttempt(deployment)?.startedAt ??
    deployment.startedAt ??
    deployment.hints.runtimeRollback?.startedAt ??
    deployment.finishedAt
  );
}

/** The smallest of those that are known. */
export function earliest(
  times: readonly (number | undefined)[],
): number | undefined {
  const known = times.filter(isTime);
  return known.length === 0
    ? undefined
    : known.reduce((a, b) => Math.min(a, b));
}

export function isTime(at: number | undefined): at is number {
  return at !== undefined && Number.isFinite(at);
}

/** By finish, then id. Without a finish it has no place among the others. */
export function byFinish<T extends { id: string; finishedAt?: number }>(
  rows: readonly T[],
): (T & { finishedAt: number })[] {
  return rows
    .filter((row): row is T & { finishedAt: number } => isTime(row.finishedAt))
    .sort((a, b) => a.finishedAt - b.finishedAt || compareText(a.id, b.id));
}

/** Deployments that follow each other: of a service, with `perEnvironment` of one of its environments. */
export function sequencesOf(
  deployments: readonly DoraDeployment[],
  settings: DoraSettings,
): DoraDeployment[][] {
  const sequences = new Map<string, DoraDeployment[]>();
  for (const deployment of deployments) {
    const { service, environment } = deployment;
    const key = JSON.stringify(
      settings.perEnvironment ? [service, environment] : [service],
    );
    const sequence = sequences.get(key);
    if (sequence) sequence.push(deployment);
    else sequences.set(key, [deployment]);
  }
  return [...sequences.values()];
}

/** True when `later` is not before `at` and not further behind it than the window; `null`: however far. */
export function isWithin(
  at: number,
  later: number,
  windowMs: number | null,
): boolean {
  return later >= at && (windowMs === null || later - at <= windowMs);
}

/** Position after the last row whose time is not after `at`; the rows are sorted by time. */
export function positionAfter(
  rows: readonly { at: number }[],
  at: number,
): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
