import { DeploymentRecord, JobRecord, RunRecord } from '../state';

/** Runs and deployments that change no more, written once instead of with every snapshot. */
export interface ArchivedRuns {
  runs: RunRecord[];
  jobs: JobRecord[];
  deployments: DeploymentRecord[];
}

/** Changes whenever anything of the run that is kept can have changed. */
export function runFingerprint(run: RunRecord, jobs: JobRecord[]): string {
  const last = run.attempts[run.attempts.length - 1];
  return [
    run.attempts.length,
    last?.status,
    last?.updatedAt,
    run.reviews.length,
    run.artifacts.length,
    jobs.length,
  ].join(' ');
}

export function deploymentFingerprint(deployment: DeploymentRecord): string {
  return `${deployment.updatedAt} ${deployment.statuses.length}`;
}

/** Whether nothing is expected to happen to the run any more, short of a re-run. */
export function isSettled(run: RunRecord): boolean {
  return run.attempts[run.attempts.length - 1]?.status === 'completed';
}
