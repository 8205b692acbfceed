import type {
  EnvironmentRecord,
  JobRecord,
  ReviewRecord,
  RunRecord,
} from '../state';

/** Who stands in the list of approvals for a wait timer that is over. */
const TIMER_BOT = 'github-actions[bot]';

/** How long the gate of an environment waits by itself, sandbox milliseconds. */
export const timerMs = (environment: EnvironmentRecord, speed: number) =>
  (environment.waitTimerMinutes * 60_000) / speed;

/** Approvals that count for the gate of a job: of its own attempt, and not from before the job was there. */
const approvalsOf = (
  run: RunRecord,
  job: JobRecord,
  environment: EnvironmentRecord,
): ReviewRecord[] =>
  run.reviews.filter(
    review =>
      review.attempt === job.attempt &&
      review.state === 'approved' &&
      review.environmentIds.includes(environment.id) &&
      review.at >= job.createdAt,
  );

/** Whether a person has let the job through. */
export const isDecided = (
  run: RunRecord,
  job: JobRecord,
  environment: EnvironmentRecord,
): boolean =>
  approvalsOf(run, job, environment).some(({ user }) => user !== TIMER_BOT);

/** Whether the wait timer of the job has passed. */
export const timerPassed = (
  run: RunRecord,
  job: JobRecord,
  environment: EnvironmentRecord,
): boolean =>
  approvalsOf(run, job, environment).some(({ user }) => user === TIMER_BOT);

/** GitHub notes a timer that is over as an approval by its bot: once, also for several jobs at the same gate. */
export function noteTimer(
  run: RunRecord,
  environment: EnvironmentRecord,
  at: number,
): void {
  const attempt = run.attempts.length;
  const known = run.reviews.some(
    review =>
      review.user === TIMER_BOT &&
      review.at === at &&
      review.attempt === attempt &&
      review.environmentIds.includes(environment.id),
  );
  if (known) return;
  run.reviews.push({
    environmentIds: [environment.id],
    state: 'approved',
    comment: `${environment.waitTimerMinutes} minute wait timer`,
    user: TIMER_BOT,
    at,
    attempt,
  });
}
