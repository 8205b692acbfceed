import { RepoRecord } from '../../state';
import { lastAttempt } from '../bodies/runBodies';
import { GitHubContext } from '../gitHubContext';

function forget<T extends { repoId: number }>(
  records: Map<number, T>,
  repo: RepoRecord,
): number[] {
  const gone = [...records].filter(([, record]) => record.repoId === repo.id);
  gone.forEach(([id]) => records.delete(id));
  return gone.map(([id]) => id);
}

/** Takes a repository away with all that belongs to it; what runs there is cancelled first. */
export async function removeRepository(
  ctx: GitHubContext,
  repo: RepoRecord,
  actor: string,
): Promise<void> {
  const { store } = ctx;
  for (const run of [...store.runs.values()]) {
    if (run.repoId !== repo.id) continue;
    if (lastAttempt(run).status !== 'completed') ctx.engine.cancel(run, actor);
  }
  store.repos.delete(repo.id);
  forget(store.runs, repo).forEach(id => store.jobsOfRun.delete(id));
  forget(store.workflows, repo);
  forget(store.deployments, repo);
  forget(store.pulls, repo);
  forget(store.issues, repo);
  await ctx.git.remove(repo);
  store.changed();
}
