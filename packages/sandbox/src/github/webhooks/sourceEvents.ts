import { CommitInfo, RepoRecord } from '../../state';
import { fullPull } from '../bodies/pullBodies';
import { repoHtml } from '../bodies/repoBodies';
import { repoById } from '../bodies/runBodies';
import { iso } from '../bodies/schemas';
import { GitHubContext } from '../gitHubContext';
import { envelope, Of } from './envelope';

function pushCommit(
  ctx: GitHubContext,
  repo: RepoRecord,
  info: Required<CommitInfo>,
) {
  const person = { name: info.author.name, email: info.author.email };
  return {
    id: info.sha,
    tree_id: info.tree,
    distinct: true,
    message: info.message,
    timestamp: iso(info.at),
    url: `${repoHtml(ctx, repo)}/commit/${info.sha}`,
    author: person,
    committer: person,
  };
}

/** Most commits a push body lists. */
const PUSH_COMMITS = 20;

export async function pushEvent(ctx: GitHubContext, event: Of<'push'>) {
  const repo = repoById(ctx, event.repoId);
  const created = /^0+$/.test(event.before);
  const deleted = /^0+$/.test(event.after);
  const range = created ? event.after : `${event.before}..${event.after}`;
  const found = deleted
    ? []
    : await ctx.git.log(repo, range, created ? 1 : PUSH_COMMITS);
  const commits = await Promise.all(
    [...found].reverse().map(async info => {
      const parent = info.parents[0];
      const files = await ctx.git.changedFiles(
        repo,
        parent ?? '0'.repeat(40),
        info.sha,
      );
      const before = new Set(
        parent ? (await ctx.git.listFiles(repo, parent)).map(f => f.path) : [],
      );
      const after = new Set(
        (await ctx.git.listFiles(repo, info.sha)).map(f => f.path),
      );
      return {
        ...pushCommit(ctx, repo, info),
        added: files.filter(f => !before.has(f)),
        removed: files.filter(f => !after.has(f)),
        modified: files.filter(f => before.has(f) && after.has(f)),
      };
    }),
  );
  const pusher = ctx.store.account(event.pusher);
  return {
    ref: event.ref,
    before: event.before,
    after: event.after,
    base_ref: null,
    compare: `${repoHtml(ctx, repo)}/compare/${event.before.slice(
      0,
      12,
    )}...${event.after.slice(0, 12)}`,
    created,
    deleted,
    forced: false,
    commits,
    head_commit: commits[commits.length - 1] ?? null,
    pusher: { name: event.pusher, email: pusher?.email ?? '' },
    ...envelope(ctx, repo, event.pusher),
  };
}

export async function pullRequestEvent(
  ctx: GitHubContext,
  event: Of<'pull_request'>,
) {
  const { pull } = event;
  const repo = repoById(ctx, pull.repoId);
  const base = (await ctx.git.resolve(repo, pull.baseBranch)) ?? pull.headSha;
  const files = await ctx.git
    .changedFiles(repo, base, pull.headSha)
    .catch(() => []);
  return {
    action: event.action,
    number: pull.number,
    pull_request: fullPull(ctx, pull, base, {
      commits: 1,
      files: files.length,
      additions: 0,
      deletions: 0,
    }),
    ...envelope(ctx, repo, pull.mergedBy ?? pull.author),
  };
}
