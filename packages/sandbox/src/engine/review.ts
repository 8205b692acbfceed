import {
  GitHubError,
  type DeploymentRecord,
  type NewReview,
  type PendingGate,
  type ReviewRecord,
  type RunRecord,
} from '../state';
import type { EngineCore } from './EngineCore';
import { mayReview } from './reviewPlan';
import type { RunPlayer } from './RunPlayer';

/** GitHub's one text for every reason why a decision is not taken. */
export const NOTHING_PENDING =
  'No pending deployment requests to approve or reject';

/**
 * Takes a decision of a person about gates of a run.
 * @throws GitHubError 422 with one text when an environment does not wait, waits for its timer, or is not this person's
 * to decide; then nothing is decided
 */
export function reviewGates(
  core: EngineCore,
  player: RunPlayer | undefined,
  run: RunRecord,
  review: NewReview,
): DeploymentRecord[] {
  const { environmentIds, state, comment, actor } = review;
  const jobs = (player?.waiting ?? []).filter(
    ({ environment, awaitsReview }) =>
      awaitsReview &&
      environment !== null &&
      environmentIds.includes(environment.id) &&
      mayReview(core.state, run, environment, actor),
  );
  const found = new Set(jobs.flatMap(job => job.environment?.id ?? []));
  const all = environmentIds.every(id => found.has(id));
  if (!player || jobs.length === 0 || !all) {
    throw new GitHubError(422, NOTHING_PENDING);
  }
  const record: ReviewRecord = {
    environmentIds: [...found],
    state,
    comment,
    user: actor,
    at: core.clock.now(),
    attempt: run.attempts.length,
  };
  run.reviews.push(record);
  return player.review(jobs, record);
}

/** Gates of a run that are closed now, each environment once. */
export function pendingGates(player: RunPlayer | undefined): PendingGate[] {
  const found = new Map<number, PendingGate>();
  for (const job of player?.waiting ?? []) {
    const { environment, waitingSince, timerEndsAt } = job;
    if (environment && waitingSince !== null && !found.has(environment.id)) {
      found.set(environment.id, {
        environment,
        since: waitingSince,
        ...(timerEndsAt === null ? {} : { timerEndsAt }),
      });
    }
  }
  return [...found.values()];
}

/**
 * "Start all waiting jobs" of GitHub's page: an administrator starts jobs past their gates.
 * @throws GitHubError 422 when none of these environments waits or one does not allow it
 */
export function bypassGates(
  player: RunPlayer | undefined,
  environmentIds: number[],
): void {
  const jobs = (player?.waiting ?? []).filter(
    ({ environment }) =>
      environment !== null && environmentIds.includes(environment.id),
  );
  if (jobs.length === 0) throw new GitHubError(422, NOTHING_PENDING);
  if (jobs.some(({ environment }) => !environment?.canAdminsBypass)) {
    throw new GitHubError(
      422,
      'Administrators may not bypass the protection rules of this environment',
    );
  }
  jobs.forEach(job => job.bypass());
}
