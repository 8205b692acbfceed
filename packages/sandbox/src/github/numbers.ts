import { RepoRecord, SandboxState } from '../state';

/** Issues and pull requests of a repository share one series of numbers. */
export function nextNumber(state: SandboxState, repo: RepoRecord): number {
  const numbers = [...state.pulls.values(), ...state.issues.values()]
    .filter(({ repoId }) => repoId === repo.id)
    .map(({ number }) => number);
  return Math.max(0, ...numbers) + 1;
}
