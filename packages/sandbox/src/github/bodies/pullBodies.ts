import { GitHubError, PullRequestRecord, PullReviewRecord } from '../../state';
import { GitHubContext } from '../gitHubContext';
import { userOf } from './accountBodies';
import { label } from './labelBodies';
import { repoApi, repoHtml, repository } from './repoBodies';
import { iso, isoOrNull, Schema } from './schemas';

function repoOf(ctx: GitHubContext, pull: PullRequestRecord) {
  const repo = ctx.store.repos.get(pull.repoId);
  if (!repo) throw new GitHubError(404, 'Not Found');
  return repo;
}

export function closedAtOf(pull: PullRequestRecord): number | null {
  return pull.state === 'closed' ? pull.closedAt ?? pull.updatedAt : null;
}

export function minimalPull(
  ctx: GitHubContext,
  pull: PullRequestRecord,
): Schema<'pull-request-minimal'> {
  const repo = repoOf(ctx, pull);
  const url = repoApi(ctx, repo);
  const side = (ref: string, sha: string) => ({
    ref,
    sha,
    repo: { id: repo.id, url, name: repo.name },
  });
  return {
    id: pull.id,
    number: pull.number,
    url: `${url}/pulls/${pull.number}`,
    head: side(pull.headBranch, pull.headSha),
    base: side(pull.baseBranch, pull.baseSha ?? pull.mergeSha ?? pull.headSha),
  };
}

export function simplePull(
  ctx: GitHubContext,
  pull: PullRequestRecord,
  baseSha: string,
): Schema<'pull-request-simple'> {
  const record = repoOf(ctx, pull);
  const api = repoApi(ctx, record);
  const html = `${repoHtml(ctx, record)}/pull/${pull.number}`;
  const url = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const side = (ref: string, sha: string) => ({
    label: `${record.owner}:${ref}`,
    ref,
    sha,
    user: userOf(ctx, record.owner),
    repo: repository(ctx, record),
  });
  const statuses = `${api}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: pull.nodeId,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    active_lock_reason: null,
    title: pull.title,
    user: userOf(ctx, pull.author),
    body: pull.body ?? null,
    labels: (pull.labels ?? []).map(name => label(ctx, record, name)),
    milestone: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: isoOrNull(closedAtOf(pull)),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(pull.headBranch, pull.headSha),
    base: side(pull.baseBranch, baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: 'MEMBER',
    auto_merge: null,
    draft: false,
  };
}

/** @param size - from git: commits, files and lines between base and head */
export function fullPull(
  ctx: GitHubContext,
  pull: PullRequestRecord,
  baseSha: string,
  size: {
    commits: number;
    files: number;
    additions: number;
    deletions: number;
  },
): Schema<'pull-request'> {
  const simple = simplePull(ctx, pull, baseSha);
  const merged = pull.mergedAt !== null;
  const { requested_reviewers: _, requested_teams: __, ...rest } = simple;
  return {
    ...rest,
    user: userOf(ctx, pull.author),
    state: pull.state,
    requested_reviewers: [],
    requested_teams: [],
    head: { ...simple.head, user: userOf(ctx, repoOf(ctx, pull).owner) },
    base: { ...simple.base, user: userOf(ctx, repoOf(ctx, pull).owner) },
    merged,
    mergeable: merged ? null : true,
    rebaseable: merged ? null : true,
    mergeable_state: merged ? 'unknown' : 'clean',
    merged_by: pull.mergedBy === null ? null : userOf(ctx, pull.mergedBy),
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: size.commits,
    additions: size.additions,
    deletions: size.deletions,
    changed_files: size.files,
  };
}

export function pullReview(
  ctx: GitHubContext,
  pull: PullRequestRecord,
  review: PullReviewRecord,
): Schema<'pull-request-review'> {
  const record = repoOf(ctx, pull);
  const html = `${repoHtml(ctx, record)}/pull/${pull.number}`;
  const address = `${html}#pullrequestreview-${review.id}`;
  const url = `${repoApi(ctx, record)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: review.nodeId,
    user: userOf(ctx, review.user),
    body: review.body,
    state: review.state,
    html_url: address,
    pull_request_url: url,
    author_association: 'MEMBER',
    _links: { html: { href: address }, pull_request: { href: url } },
    submitted_at: iso(review.at),
    commit_id: review.commitSha,
  };
}
