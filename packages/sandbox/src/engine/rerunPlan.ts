import { GitHubError, type JobRecord, type RunRecord } from '../state';
import type { LoadedWorkflow } from './WorkflowSource';

const MONTH = 30 * 86_400_000;

/** Refuses what GitHub refuses. */
export function checkRerun(run: RunRecord, now: number): void {
  const last = run.attempts[run.attempts.length - 1];
  if (last.status !== 'completed') {
    throw new GitHubError(403, 'This workflow is already running');
  }
  if (last.conclusion === 'startup_failure') {
    throw new GitHubError(403, 'This workflow run cannot be retried');
  }
  if (now - run.createdAt > MONTH) {
    throw new GitHubError(
      403,
      'Unable to retry this workflow run because it was created over a month ago',
    );
  }
}

/** Newest record of every job, as GitHub's `filter=latest` shows them. */
export function latestJobs(jobs: readonly JobRecord[]): JobRecord[] {
  const latest = new Map<string, JobRecord>();
  for (const job of jobs) latest.set(`${job.key}\u0000${job.name}`, job);
  return [...latest.values()];
}

/** Keys of the jobs of the first file that depend on `id`, itself included. */
function withDependents(loaded: LoadedWorkflow, id: string): Set<string> {
  const found = new Set([id]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const job of loaded.file.jobs.values()) {
      if (job.needs.some(need => found.has(need))) found.add(job.id);
    }
  }
  return found;
}

/**
 * Jobs a new attempt takes over instead of playing them again: nothing for a whole re-run, the successful ones when
 * only failed jobs run again, all but one job and its dependents when a single job does.
 */
export function keptJobs(
  jobs: readonly JobRecord[],
  loaded: LoadedWorkflow,
  request: { failedOnly: boolean; jobId?: number },
): JobRecord[] {
  const latest = latestJobs(jobs);
  if (request.jobId !== undefined) {
    const wanted = jobs.find(({ id }) => id === request.jobId);
    if (!wanted) throw new GitHubError(404, 'Not Found');
    const again = withDependents(loaded, wanted.key.split('/')[0]);
    return latest.filter(job => {
      const top = job.key.split('/')[0];
      // Only a call's own inner job runs again, not its finished siblings.
      if (top === wanted.key.split('/')[0] && job.key !== wanted.key) {
        return job.conclusion === 'success';
      }
      return !again.has(top);
    });
  }
  if (!request.failedOnly) return [];
  return latest.filter(({ conclusion }) => conclusion === 'success');
}
