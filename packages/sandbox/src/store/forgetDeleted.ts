import type { SandboxState } from '../state';

/** Under this key of `state.saved` lie the ids of repositories that were deleted. */
const KEY = 'deleted-repositories';

type Records = Pick<
  SandboxState,
  'saved' | 'runs' | 'jobsOfRun' | 'deployments'
>;

const deletedIds = (state: Records) => (state.saved.get(KEY) ?? []) as number[];

/** Notes that a repository is gone, for {@link forgetDeleted}. */
export function noteDeleted(state: Records, repoId: number): void {
  state.saved.set(KEY, [...deletedIds(state), repoId]);
}

/** Takes away runs and deployments of deleted repositories: files of archived ones bring them back at a start. */
export function forgetDeleted(state: Records): void {
  const gone = new Set(deletedIds(state));
  for (const [id, run] of state.runs) {
    if (!gone.has(run.repoId)) continue;
    state.runs.delete(id);
    state.jobsOfRun.delete(id);
  }
  for (const [id, deployment] of state.deployments) {
    if (gone.has(deployment.repoId)) state.deployments.delete(id);
  }
}
