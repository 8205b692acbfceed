import { announcePush } from '../github/gitHttp';
import { GitHubContext } from '../github/gitHubContext';
import { nextNumber } from '../github/numbers';
import { mergeMessage } from '../mergeMessage';
import {
  CommitInfo,
  GitHubError,
  PullRequestRecord,
  RepoRecord,
  WEB_FLOW,
} from '../state';

type NewPull = Pick<
  PullRequestRecord,
  'title' | 'body' | 'author' | 'headBranch' | 'headSha' | 'baseSha' | 'labels'
>;

/** Opens a pull request into the default branch; its workflows start. */
export async function createPull(
  ctx: GitHubContext,
  repo: RepoRecord,
  what: NewPull,
): Promise<PullRequestRecord> {
  const { store } = ctx;
  const id = store.nextId();
  const now = store.clock.now();
  const pull: PullRequestRecord = {
    ...what,
    id,
    nodeId: `PR_${id}`,
    repoId: repo.id,
    number: nextNumber(store, repo),
    baseBranch: repo.defaultBranch,
    state: 'open',
    mergedAt: null,
    mergeSha: null,
    mergedBy: null,
    createdAt: now,
    updatedAt: now,
  };
  store.pulls.set(id, pull);
  store.changed({ event: 'pull_request', action: 'opened', pull });
  for (const label of pull.labels ?? []) {
    store.changed({ event: 'pull_request', action: 'labeled', pull, label });
  }
  await ctx.engine.pullRequest(repo, pull, 'opened', pull.author);
  return pull;
}

/**
 * Merges a pull request of one commit as its repository merges; the workflows of the base branch start.
 * @returns the commit that reached the base branch
 */
export async function mergePull(
  ctx: GitHubContext,
  repo: RepoRecord,
  pull: PullRequestRecord,
  merge: { by: string; files: Record<string, string | null> },
): Promise<CommitInfo> {
  const { git, store } = ctx;
  const own = await git.commitInfo(repo, pull.headSha);
  if (!own) throw new GitHubError(409, `#${pull.number} has no commit.`);
  const before = new Map(await git.refs(repo));
  const merger = store.account(merge.by);
  const keepsHistory = repo.mergeMethod === 'merge';
  const now = store.clock.now();
  const commit = await git.commit(repo, {
    branch: pull.baseBranch,
    files: merge.files,
    message: mergeMessage(
      repo.mergeMethod ?? 'squash',
      { ...pull, owner: repo.owner, branch: pull.headBranch },
      [own.message],
    ),
    author:
      keepsHistory && merger
        ? { name: merger.name, email: merger.email }
        : own.author,
    committer: WEB_FLOW,
    at: now,
    ...(repo.mergeMethod === 'rebase' ? { authoredAt: own.authoredAt } : {}),
    ...(keepsHistory ? { merge: pull.headSha } : {}),
  });
  await endPull(ctx, repo, pull, { sha: commit.sha, by: merge.by, before });
  return commit;
}

/**
 * A pull request whose changes have reached the base branch is closed, and the workflows of that branch start.
 * @param before - the branches as they were, by their full names
 */
export async function endPull(
  ctx: GitHubContext,
  repo: RepoRecord,
  pull: PullRequestRecord,
  merge: { sha: string; by: string; before: Map<string, string> },
): Promise<void> {
  const { store } = ctx;
  const now = store.clock.now();
  Object.assign(pull, {
    state: 'closed',
    mergedAt: now,
    mergeSha: merge.sha,
    mergedBy: merge.by,
    closedAt: now,
    updatedAt: now,
  });
  store.changed({ event: 'pull_request', action: 'closed', pull });
  await announcePush(ctx, repo, merge.before, merge.by);
}
