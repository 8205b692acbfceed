import { GitHubContext } from '../github/gitHubContext';
import { nextNumber } from '../github/numbers';
import { Account, GitHubError } from '../state';
import { runsOfCommit, writable } from './actions';
import { Body, text } from './awsTarget';
import { lastChange, ProductionChange } from './lastChange';
import { createPull, mergePull } from './pulls';
import { Target } from './target';

type Files = Record<string, string | null>;

/** Somebody else merges it, when there is somebody. */
function mergerOf(ctx: GitHubContext, target: Target, author: Account): string {
  const other = ctx.store.teams
    .filter(
      team => team.org === target.repo.owner && team.permission !== 'pull',
    )
    .flatMap(({ members }) => members)
    .find(login => login !== author.login);
  return other ?? author.login;
}

/** A branch of one commit, its pull request, and the merge of it; all workflows start. */
async function throughPull(
  ctx: GitHubContext,
  target: Target,
  change: {
    author: Account;
    branch: string;
    title: string;
    message: string;
    body: string;
    labels: string[];
    files: Files;
  },
) {
  const { repo } = target;
  const { author, branch, files } = change;
  const baseSha = await ctx.git.resolve(repo, repo.defaultBranch);
  const commit = await ctx.git.commit(repo, {
    branch,
    from: repo.defaultBranch,
    files,
    message: change.message,
    author: { name: author.name, email: author.email },
    at: ctx.store.clock.now(),
  });
  const pull = await createPull(ctx, repo, {
    title: change.title,
    body: change.body,
    author: author.login,
    headBranch: branch,
    headSha: commit.sha,
    baseSha,
    labels: change.labels,
  });
  const by = mergerOf(ctx, target, author);
  const merged = await mergePull(ctx, repo, pull, { by, files });
  return {
    repo: `${repo.owner}/${repo.name}`,
    number: pull.number,
    title: pull.title,
    branch,
    url: `${ctx.baseUrl}/${repo.owner}/${repo.name}/pull/${pull.number}`,
    sha: merged.sha,
    mergedBy: by,
    runs: runsOfCommit(ctx, repo, merged.sha),
  };
}

/** Files as they were before a commit, as far as they are not so already. */
async function filesBefore(
  ctx: GitHubContext,
  target: Target,
  { sha }: ProductionChange,
): Promise<Files> {
  const { repo } = target;
  const { git } = ctx;
  const parent = (await git.commitInfo(repo, sha))?.parents[0];
  if (!parent) {
    throw new GitHubError(409, 'The first commit cannot be reverted.');
  }
  const files: Files = {};
  for (const path of await git.changedFiles(repo, parent, sha)) {
    const old = await git.readFile(repo, parent, path);
    const now = await git.readFile(repo, repo.defaultBranch, path);
    const same = old && now ? old.equals(now) : !old && !now;
    if (!same) files[path] = old ? old.toString('utf8') : null;
  }
  if (Object.keys(files).length === 0) {
    throw new GitHubError(
      409,
      `${sha.slice(0, 7)} is reverted already. Push something first.`,
    );
  }
  return files;
}

/** Reverts what went to production last, by a merged pull request. */
export async function revertChange(
  ctx: GitHubContext,
  target: Target,
  body: Body,
) {
  const author = writable(ctx, target.repo, body);
  const change = await lastChange(ctx, target);
  const { sha, pull } = change;
  const title = `Revert "${
    pull ? `${pull.title} (#${pull.number})` : change.title
  }"`;
  const number = nextNumber(ctx.store, target.repo);
  const { owner, name } = target.repo;
  const done = await throughPull(ctx, target, {
    author,
    branch: `revert-${pull?.number ?? sha.slice(0, 7)}-${number}`,
    title,
    message: `${title}\n\nThis reverts commit ${sha}.`,
    body: pull
      ? `Reverts ${owner}/${name}#${pull.number}`
      : `This reverts commit ${sha}.`,
    labels: [],
    files: await filesBefore(ctx, target, change),
  });
  return { ...done, reverts: sha };
}

/** A repair that cannot wait, by a merged pull request from a branch `hotfix/…`. */
export async function hotfix(ctx: GitHubContext, target: Target, body: Body) {
  const author = writable(ctx, target.repo, body);
  const number = nextNumber(ctx.store, target.repo);
  const title = text(body, 'title') ?? 'Repair what production shows';
  const folder = target.paths[0].replace(/\/?\*.*$/, '');
  const path = folder === '' ? 'hotfix.txt' : `${folder}/hotfix.txt`;
  const files = target.suggested?.files ?? { [path]: `Number ${number}\n` };
  return throughPull(ctx, target, {
    author,
    branch: `hotfix/${number}-${title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 30)
      .replace(/^-|-$/g, '')}`,
    title,
    message: title,
    body: 'Goes to production at once.',
    labels: ['hotfix'],
    files,
  });
}
