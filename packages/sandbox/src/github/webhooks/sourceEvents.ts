import { CommitInfo, RepoRecord } from '../../state';
import { fullPull } from '../bodies/pullBodies';
import { issue } from '../bodies/issueBodies';
import { label } from '../bodies/labelBodies';
import { repoHtml } from '../bodies/repoBodies';
import { repoById } from '../bodies/runBodies';
import { iso } from '../bodies/schemas';
import { GitHubContext } from '../gitHubContext';
import { diffEntries } from '../routes/diffEntries';
import { sidesOf } from '../routes/pullRoutes';
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
  // a picture of now: while git answers, the record may go on
  const then = { ...pull };
  const merger = event.action === 'closed' ? pull.mergedBy : null;
  const { repo, base, head } = await sidesOf(ctx, then);
  const files = await diffEntries(ctx, repo, base, head).catch(() => []);
  const commits = await ctx.git.log(repo, `${base}..${head}`, 250);
  return {
    action: event.action,
    number: pull.number,
    pull_request: fullPull(ctx, then, base, {
      commits: commits.length,
      files: files.length,
      additions: files.reduce((sum, file) => sum + file.additions, 0),
      deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    }),
    ...(event.label === undefined
      ? {}
      : { label: label(ctx, repo, event.label) }),
    ...envelope(ctx, repo, event.actor ?? merger ?? pull.author),
  };
}

/** The picture of an issue at this moment. */
export function issuesEvent(ctx: GitHubContext, event: Of<'issues'>) {
  const repo = repoById(ctx, event.issue.repoId);
  return {
    action: event.action,
    issue: issue(ctx, repo, { issue: event.issue }),
    ...(event.label === undefined
      ? {}
      : { label: label(ctx, repo, event.label) }),
    ...(event.changes ? { changes: event.changes } : {}),
    ...envelope(ctx, repo, event.actor),
  };
}
