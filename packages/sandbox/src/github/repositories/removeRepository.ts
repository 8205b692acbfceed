import { RepoRecord } from '../../state';
import { lastAttempt } from '../bodies/runBodies';
import { forgetDeleted, noteDeleted } from '../../store/forgetDeleted';
import { GitHubContext } from '../gitHubContext';

function forget<T extends { repoId: number }>(
  records: Map<number, T>,
  repo: RepoRecord,
): void {
  for (const [id, record] of records) {
    if (record.repoId === repo.id) records.delete(id);
  }
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
  noteDeleted(store, repo.id);
  forgetDeleted(store);
  forget(store.workflows, repo);
  forget(store.pulls, repo);
  forget(store.issues, repo);
  await ctx.git.remove(repo);
  store.changed();
}
