import type { SandboxState } from '../state';

/** Archived runs and deployments outlive their repository on disk: leaves out those whose repository is gone. */
export function forgetDeleted(
  state: Pick<SandboxState, 'repos' | 'runs' | 'jobsOfRun' | 'deployments'>,
): void {
  for (const [id, run] of state.runs) {
    if (state.repos.has(run.repoId)) continue;
    state.runs.delete(id);
    state.jobsOfRun.delete(id);
  }
  for (const [id, deployment] of state.deployments) {
    if (!state.repos.has(deployment.repoId)) state.deployments.delete(id);
  }
}
