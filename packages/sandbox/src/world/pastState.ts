import type { Clock, SandboxEvent, SandboxState } from '../state';

/**
 * The same records under another clock, whose events stay among the makers of history: GitHub delivered them long ago.
 */
export function pastState(
  state: SandboxState,
  clock: Clock,
  onEvent: (event: SandboxEvent) => void,
): SandboxState {
  return {
    clock,
    accounts: state.accounts,
    teams: state.teams,
    repos: state.repos,
    workflows: state.workflows,
    runs: state.runs,
    jobsOfRun: state.jobsOfRun,
    deployments: state.deployments,
    pulls: state.pulls,
    issues: state.issues,
    saved: state.saved,
    nextId: () => state.nextId(),
    repo: (owner, name) => state.repo(owner, name),
    changed: event => {
      if (event) onEvent(event);
    },
    onEvent: () => {},
  };
}
