import { GitHubContext } from '../github/gitHubContext';
import { mergeMessage } from '../mergeMessage';
import { GitHubError, PullRequestRecord, RepoRecord, WEB_FLOW } from '../state';
import { GitFailure } from '../store/runGit';
import { person, runsOfCommit } from './actions';
import { Body, text } from './awsTarget';
import { createPull, endPull } from './pulls';
import { actorOf } from './runActions';
import { Target } from './target';

type Files = Record<string, string | null>;

/** Both ends of a merge, and the last commit that they share. */
interface Sides {
  into: string;
  head: string;
  base: string;
}

const newestOpen = (ctx: GitHubContext, repo: RepoRecord, branch?: string) =>
  [...ctx.store.pulls.values()]
    .filter(
      pull =>
        pull.repoId === repo.id &&
        pull.state === 'open' &&
        pull.baseBranch === repo.defaultBranch &&
        (branch === undefined || pull.headBranch === branch),
    )
    .sort((one, other) => other.number - one.number)
    .at(0);

/** What is merged when nobody says: the newest open pull request, else what usually waits for a release. */
function branchOf(ctx: GitHubContext, repo: RepoRecord, body: Body): string {
  const asked = text(body, 'from');
  return asked ?? newestOpen(ctx, repo)?.headBranch ?? 'develop';
}

async function sidesOf(
  { git }: GitHubContext,
  repo: RepoRecord,
  branch: string,
): Promise<Sides> {
  const refs = await git.refs(repo);
  const into = refs.get(`refs/heads/${repo.defaultBranch}`);
  const head = refs.get(`refs/heads/${branch}`);
  if (!into || !head || branch === repo.defaultBranch) {
    const others = [...refs.keys()]
      .flatMap(name => /^refs\/heads\/(.+)$/.exec(name)?.[1] ?? [])
      .filter(name => name !== repo.defaultBranch);
    throw new GitHubError(
      404,
      `${repo.name} has no branch "${branch}" to merge into ${
        repo.defaultBranch
      }. Branches: ${others.join(', ') || 'none'}.`,
    );
  }
  const base = await git
    .git(repo, ['merge-base', into, head])
    .then(out => out.toString('utf8').trim())
    .catch(error => {
      if (error instanceof GitFailure) return '';
      throw error;
    });
  if (base === '') {
    throw new GitHubError(
      409,
      `${branch} and ${repo.defaultBranch} have no commit in common.`,
    );
  }
  if (base === head) {
    throw new GitHubError(
      409,
      `${repo.defaultBranch} has everything of ${branch} already. Push something to it first.`,
    );
  }
  return { into, head, base };
}

/** Files as the branch leaves them. What both sides have changed in different ways nobody can merge here. */
async function mergedFiles(
  { git }: GitHubContext,
  repo: RepoRecord,
  { into, head, base }: Sides,
): Promise<Files> {
  const theirs = new Set(await git.changedFiles(repo, base, into));
  const files: Files = {};
  for (const path of await git.changedFiles(repo, base, head)) {
    const wanted = await git.readFile(repo, head, path);
    const there = await git.readFile(repo, into, path);
    const same = wanted && there ? wanted.equals(there) : wanted === there;
    if (!same && theirs.has(path)) {
      throw new GitHubError(
        409,
        `${path} was changed in both branches: merge them in a working copy.`,
      );
    }
    if (!same) files[path] = wanted ? wanted.toString('utf8') : null;
  }
  return files;
}

async function moveDefaultBranch(
  ctx: GitHubContext,
  repo: RepoRecord,
  pull: PullRequestRecord,
  { into, head, files, by }: Sides & { files: Files; by: string },
): Promise<string> {
  const { git, store } = ctx;
  const { name, email } = person(ctx, by);
  const commit = await git.commit(repo, {
    branch: repo.defaultBranch,
    files,
    message: mergeMessage(
      'merge',
      { ...pull, owner: repo.owner, branch: pull.headBranch },
      [],
    ),
    author: { name, email },
    committer: WEB_FLOW,
    at: store.clock.now(),
    merge: head,
  });
  if (commit.parents[0] !== into) {
    throw new GitHubError(409, `${repo.defaultBranch} has moved meanwhile.`);
  }
  return commit.sha;
}

/**
 * Brings a branch to the default branch as its merged pull request does: as it is where that is possible, else by a merge commit. The
 * pull request is opened when there is none; the workflows of the default branch start.
 */
export async function mergeBranch(
  ctx: GitHubContext,
  target: Target,
  body: Body,
) {
  const { repo } = target;
  const { git } = ctx;
  const by = actorOf(ctx, target, body);
  const branch = branchOf(ctx, repo, body);
  const sides = await sidesOf(ctx, repo, branch);
  const { into, head, base } = sides;
  const isForward = base === into;
  const files = isForward ? {} : await mergedFiles(ctx, repo, sides);
  const before = new Map(await git.refs(repo));
  const tip = await git.commitInfo(repo, head);
  const pull =
    newestOpen(ctx, repo, branch) ??
    (await createPull(ctx, repo, {
      title: tip?.message.split('\n')[0] ?? `Merge ${branch}`,
      author: by,
      headBranch: branch,
      headSha: head,
      baseSha: base,
    }));
  pull.headSha = head;
  if (isForward) {
    const ref = `refs/heads/${repo.defaultBranch}`;
    await git.git(repo, ['update-ref', ref, head, into]);
  }
  const sha = isForward
    ? head
    : await moveDefaultBranch(ctx, repo, pull, { ...sides, files, by });
  await endPull(ctx, repo, pull, { sha, by, before });
  return {
    repo: `${repo.owner}/${repo.name}`,
    number: pull.number,
    branch,
    sha,
    fastForward: isForward,
    mergedBy: by,
    runs: runsOfCommit(ctx, repo, sha),
  };
}
