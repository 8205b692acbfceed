import { GitHubContext } from '../github/gitHubContext';
import { announcePush } from '../github/gitHttp';
import { nextNumber } from '../github/numbers';
import { lastAttempt } from '../github/bodies/runBodies';
import { mayReview } from '../github/bodies/deploymentBodies';
import { Account, GitHubError, RepoRecord, RunRecord } from '../state';
import { Body, text } from './awsTarget';
import { createPull } from './pulls';
import { Target } from './target';

export function person(ctx: GitHubContext, login: string): Account {
  const found = ctx.store.account(login);
  if (!found) throw new GitHubError(404, `No such person: ${login}`);
  return found;
}

/** The person asked for; otherwise somebody who may push. */
export function writable(
  ctx: GitHubContext,
  repo: RepoRecord,
  body: Body,
): Account {
  const asked = text(body, 'user');
  if (asked) return person(ctx, asked);
  const creator = repo.createdBy && ctx.store.account(repo.createdBy);
  if (creator) return creator;
  const team = ctx.store.teams.find(
    t =>
      t.org === repo.owner && t.permission !== 'pull' && t.members.length > 0,
  );
  if (!team) throw new GitHubError(404, `Nobody may push to ${repo.name}.`);
  // dana writes the code of the demo, when she is there
  return person(ctx, team.members.includes('dana') ? 'dana' : team.members[0]);
}

/** The files of a change: given ones, or a note in the component's folder. */
function filesOf(ctx: GitHubContext, target: Target, body: Body) {
  const { files } = body;
  if (files && typeof files === 'object' && !Array.isArray(files)) {
    return Object.fromEntries(
      Object.entries(files).map(([path, content]) => [
        path,
        content === null ? null : String(content),
      ]),
    );
  }
  if (target.suggested) return target.suggested.files;
  const folder = target.paths[0].replace(/\/?\*.*$/, '');
  const at = new Date(ctx.store.clock.now()).toISOString();
  // no .md file: many workflows leave those out
  const path = folder === '' ? 'change.txt' : `${folder}/change.txt`;
  return { [path]: `Changed at ${at}\n` };
}

async function commitTo(
  ctx: GitHubContext,
  target: Target,
  branch: string,
  author: Account,
  body: Body,
) {
  const before = new Map(await ctx.git.refs(target.repo));
  const commit = await ctx.git.commit(target.repo, {
    branch,
    from: target.repo.defaultBranch,
    files: filesOf(ctx, target, body),
    message:
      text(body, 'message') ?? target.suggested?.title ?? 'Note a change',
    author: { name: author.name, email: author.email },
    at: ctx.store.clock.now(),
  });
  await announcePush(ctx, target.repo, before, author.login);
  return commit;
}

export function runsOfCommit(
  ctx: GitHubContext,
  repo: RepoRecord,
  sha: string,
) {
  return [...ctx.store.runs.values()]
    .filter(run => run.repoId === repo.id && run.headSha === sha)
    .map(run => ({ id: run.id, name: run.name, runNumber: run.runNumber }));
}

/** Commits and pushes a change; the workflows it starts are in the answer. */
export async function pushChange(
  ctx: GitHubContext,
  target: Target,
  body: Body,
) {
  const author = writable(ctx, target.repo, body);
  const branch = text(body, 'branch') ?? target.repo.defaultBranch;
  const commit = await commitTo(ctx, target, branch, author, body);
  return {
    repo: `${target.repo.owner}/${target.repo.name}`,
    branch,
    sha: commit.sha,
    actor: author.login,
    runs: runsOfCommit(ctx, target.repo, commit.sha),
  };
}

/** Pushes a branch and opens a pull request for it. */
export async function openPull(ctx: GitHubContext, target: Target, body: Body) {
  const { store } = ctx;
  const { repo } = target;
  const author = writable(ctx, repo, body);
  const branch = text(body, 'branch') ?? `change-${nextNumber(store, repo)}`;
  const baseSha = await ctx.git.resolve(repo, repo.defaultBranch);
  const commit = await commitTo(ctx, target, branch, author, body);
  const pull = await createPull(ctx, repo, {
    title:
      text(body, 'title') ??
      text(body, 'message') ??
      target.suggested?.title ??
      'Note a change',
    author: author.login,
    headBranch: branch,
    headSha: commit.sha,
    baseSha,
  });
  return {
    repo: `${repo.owner}/${repo.name}`,
    number: pull.number,
    branch,
    sha: commit.sha,
    runs: runsOfCommit(ctx, repo, commit.sha),
  };
}

/** Makes the next matching job fail. */
export function failNext(ctx: GitHubContext, target: Target, body: Body) {
  if (!ctx.engine.failNext) {
    throw new GitHubError(501, 'The engine cannot make jobs fail.');
  }
  const request = {
    workflows: target.workflows,
    job: text(body, 'job'),
    step: text(body, 'step'),
    count: Number(body.count ?? 1),
  };
  ctx.engine.failNext(target.repo, request);
  return { repo: `${target.repo.owner}/${target.repo.name}`, ...request };
}

/** Runs of the target under way; only the one that is asked for, if one is. */
export function openRuns(
  ctx: GitHubContext,
  target: Target,
  body: Body,
): RunRecord[] {
  const only = body.run === undefined ? undefined : Number(body.run);
  return [...ctx.store.runs.values()].filter(
    run =>
      run.repoId === target.repo.id &&
      (only === undefined || run.id === only) &&
      lastAttempt(run).status !== 'completed',
  );
}

/** Answers waiting environments for a person, under the same rules as the API. */
export function approveRuns(ctx: GitHubContext, target: Target, body: Body) {
  const login = text(body, 'user') ?? 'cleo';
  const reviewer = person(ctx, login);
  const environment = text(body, 'environment');
  const state = body.reject === true ? 'rejected' : 'approved';
  const answered: { run: number; environments: string[] }[] = [];
  const now = ctx.store.clock.now();
  for (const run of openRuns(ctx, target, body)) {
    const waiting = ctx.engine
      .pending(run)
      .filter(({ timerEndsAt = now }) => timerEndsAt <= now)
      .map(p => p.environment)
      .filter(
        e =>
          (!environment || e.name === environment) &&
          mayReview(ctx, run, e, reviewer),
      );
    if (waiting.length === 0) continue;
    ctx.engine.review(run, {
      environmentIds: waiting.map(e => e.id),
      state,
      comment: text(body, 'comment') ?? '',
      actor: login,
    });
    answered.push({ run: run.id, environments: waiting.map(e => e.name) });
  }
  if (answered.length === 0) {
    throw new GitHubError(
      409,
      `Nothing waits in ${target.repo.name} that ${login} may answer.`,
    );
  }
  ctx.store.changed();
  return { user: login, state, answered };
}

/** Cancels runs under way. */
export function cancelRuns(ctx: GitHubContext, target: Target, body: Body) {
  const actor = writable(ctx, target.repo, body).login;
  const runs = openRuns(ctx, target, body);
  if (runs.length === 0) {
    throw new GitHubError(409, `Nothing runs in ${target.repo.name}.`);
  }
  runs.forEach(run => ctx.engine.cancel(run, actor));
  ctx.store.changed();
  return { user: actor, cancelled: runs.map(run => run.id) };
}
