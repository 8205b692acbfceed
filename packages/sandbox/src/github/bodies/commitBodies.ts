import {
  CommitInfo,
  JobRecord,
  RepoRecord,
  RunRecord,
  WEB_FLOW,
} from '../../state';
import { GitHubContext } from '../gitHubContext';
import { installationIdOf } from '../gitHubApp';
import { simpleUser } from './accountBodies';
import { app } from './appBodies';
import { minimalPull } from './pullBodies';
import { repoApi, repoHtml } from './repoBodies';
import { iso, isoOrNull, Schema } from './schemas';

const UNSIGNED = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

function accountByEmail(ctx: GitHubContext, email: string) {
  const wanted = email.toLowerCase();
  const found = [...ctx.store.accounts.values()].find(
    account => account.email.toLowerCase() === wanted,
  );
  return found ? simpleUser(ctx, found) : null;
}

function accountOf(ctx: GitHubContext, email: string) {
  return email === WEB_FLOW.email
    ? simpleUser(ctx, {
        id: 19_864_447,
        nodeId: 'MDQ6VXNlcjE5ODY0NDQ3',
        login: 'web-flow',
        name: WEB_FLOW.name,
        email,
        type: 'User',
      })
    : accountByEmail(ctx, email);
}

/** Author and committer; both at the same second unless somebody else committed it later. */
function peopleOf(info: Required<CommitInfo>) {
  return {
    author: { ...info.author, date: iso(info.authoredAt) },
    committer: { ...info.committer, date: iso(info.at) },
  };
}

/** Node id of a commit, as opaque as GitHub's. */
export function commitNodeId(repo: RepoRecord, sha: string): string {
  return `C_${Buffer.from(`${repo.id}:${sha}`).toString('base64url')}`;
}

export function commit(
  ctx: GitHubContext,
  repo: RepoRecord,
  info: Required<CommitInfo>,
): Schema<'commit'> {
  const api = repoApi(ctx, repo);
  const html = repoHtml(ctx, repo);
  return {
    sha: info.sha,
    node_id: commitNodeId(repo, info.sha),
    commit: {
      ...peopleOf(info),
      message: info.message,
      tree: { sha: info.tree, url: `${api}/git/trees/${info.tree}` },
      url: `${api}/git/commits/${info.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: `${api}/commits/${info.sha}`,
    html_url: `${html}/commit/${info.sha}`,
    comments_url: `${api}/commits/${info.sha}/comments`,
    author: accountOf(ctx, info.author.email),
    committer: accountOf(ctx, info.committer.email),
    parents: info.parents.map(sha => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
}

export function gitCommit(
  ctx: GitHubContext,
  repo: RepoRecord,
  info: Required<CommitInfo>,
): Schema<'git-commit'> {
  const api = repoApi(ctx, repo);
  const html = repoHtml(ctx, repo);
  return {
    sha: info.sha,
    node_id: commitNodeId(repo, info.sha),
    url: `${api}/git/commits/${info.sha}`,
    html_url: `${html}/commit/${info.sha}`,
    ...peopleOf(info),
    tree: { sha: info.tree, url: `${api}/git/trees/${info.tree}` },
    message: info.message,
    parents: info.parents.map(sha => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

/** The check run that GitHub keeps for a job: same id, same name. */
export function checkRun(
  ctx: GitHubContext,
  repo: RepoRecord,
  run: RunRecord,
  job: JobRecord,
): Schema<'check-run'> {
  const url = `${repoApi(ctx, repo)}/check-runs/${job.id}`;
  const page = `${repoHtml(ctx, repo)}/actions/runs/${run.id}/job/${job.id}`;
  const pull = [...ctx.store.pulls.values()].find(
    p => p.repoId === repo.id && p.number === run.pullRequest,
  );
  return {
    id: job.id,
    name: job.name,
    node_id: job.nodeId,
    head_sha: run.headSha,
    external_id: String(job.id),
    url,
    html_url: page,
    details_url: page,
    status: job.status as Schema<'check-run'>['status'],
    conclusion: job.conclusion as Schema<'check-run'>['conclusion'],
    started_at: iso(job.startedAt ?? job.createdAt),
    completed_at: isoOrNull(job.completedAt),
    output: {
      title: null,
      summary: null,
      text: null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.checkSuiteId },
    app: app(ctx, {
      id: 15368,
      slug: 'github-actions',
      name: 'GitHub Actions',
    }),
    pull_requests: pull ? [minimalPull(ctx, pull)] : [],
  };
}

/** Id of the installation that webhooks of a repository name; null for a personal account. */
export function installationOf(
  ctx: GitHubContext,
  repo: RepoRecord,
): number | null {
  const owner = ctx.store.account(repo.owner);
  return owner?.type === 'Organization' ? installationIdOf(owner) : null;
}
