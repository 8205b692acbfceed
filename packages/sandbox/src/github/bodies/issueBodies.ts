import {
  IssueEventRecord,
  IssueRecord,
  PullRequestRecord,
  RepoRecord,
} from '../../state';
import { GitHubContext } from '../gitHubContext';
import { userOf } from './accountBodies';
import { label } from './labelBodies';
import { closedAtOf } from './pullBodies';
import { repoApi, repoHtml } from './repoBodies';
import { iso, isoOrNull, Schema } from './schemas';

/** What the list of issues holds: GitHub counts pull requests among them. */
export type IssueLike =
  | { issue: IssueRecord; pull?: undefined }
  | { pull: PullRequestRecord; issue?: undefined };

const REACTIONS = [
  '+1',
  '-1',
  'laugh',
  'hooray',
  'confused',
  'heart',
  'rocket',
  'eyes',
] as const;

function around(ctx: GitHubContext, repo: RepoRecord, number: number) {
  const api = repoApi(ctx, repo);
  const url = `${api}/issues/${number}`;
  const none = Object.fromEntries(REACTIONS.map(name => [name, 0]));
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    number,
    locked: false,
    active_lock_reason: null,
    draft: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: 0,
    author_association: 'MEMBER' as const,
    performed_via_github_app: null,
    reactions: {
      url: `${url}/reactions`,
      total_count: 0,
      ...none,
    } as Schema<'reaction-rollup'>,
  };
}

/** Addresses in texts of the past begin with `sandbox:/`: when they were written nobody knew the port. */
function withAddresses(ctx: GitHubContext, text: string | null): string | null {
  return text?.replaceAll('sandbox:/', `${ctx.baseUrl}/`) ?? null;
}

function ofIssue(
  ctx: GitHubContext,
  repo: RepoRecord,
  record: IssueRecord,
): Schema<'issue'> {
  return {
    ...around(ctx, repo, record.number),
    id: record.id,
    node_id: record.nodeId,
    html_url: `${repoHtml(ctx, repo)}/issues/${record.number}`,
    title: record.title,
    body: withAddresses(ctx, record.body),
    user: userOf(ctx, record.author),
    labels: record.labels.map(name => label(ctx, repo, name)),
    state: record.state,
    state_reason: record.stateReason,
    created_at: iso(record.createdAt),
    updated_at: iso(record.updatedAt),
    closed_at: isoOrNull(record.closedAt),
  };
}

function ofPull(
  ctx: GitHubContext,
  repo: RepoRecord,
  record: PullRequestRecord,
): Schema<'issue'> {
  const html = `${repoHtml(ctx, repo)}/pull/${record.number}`;
  return {
    ...around(ctx, repo, record.number),
    // as an issue it has another number than as a pull request
    id: record.id + 500_000_000,
    node_id: record.nodeId,
    html_url: html,
    title: record.title,
    body: record.body ?? null,
    user: userOf(ctx, record.author),
    labels: (record.labels ?? []).map(name => label(ctx, repo, name)),
    state: record.state,
    state_reason: null,
    created_at: iso(record.createdAt),
    updated_at: iso(record.updatedAt),
    closed_at: isoOrNull(closedAtOf(record)),
    pull_request: {
      url: `${repoApi(ctx, repo)}/pulls/${record.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: isoOrNull(record.mergedAt),
    },
  };
}

/** As lists and webhooks have it. */
export function issue(
  ctx: GitHubContext,
  repo: RepoRecord,
  item: IssueLike,
): Schema<'issue'> {
  return item.issue
    ? ofIssue(ctx, repo, item.issue)
    : ofPull(ctx, repo, item.pull);
}

/** As its own address has it: who closed it is told there only. */
export function fullIssue(
  ctx: GitHubContext,
  repo: RepoRecord,
  item: IssueLike,
): Schema<'issue'> {
  const by = item.issue ? item.issue.closedBy : item.pull.mergedBy;
  return {
    ...issue(ctx, repo, item),
    closed_by: by === null ? null : userOf(ctx, by),
  };
}

/** An event of an issue; `closed` and `reopened` stand in the timeline and in the list of events alike. */
export function issueEvent(
  ctx: GitHubContext,
  repo: RepoRecord,
  record: IssueEventRecord,
) {
  const named = record.label && label(ctx, repo, record.label);
  return {
    id: record.id,
    node_id: record.nodeId,
    url: `${repoApi(ctx, repo)}/issues/events/${record.id}`,
    actor: userOf(ctx, record.actor),
    event: record.event,
    commit_id: null,
    commit_url: null,
    created_at: iso(record.at),
    performed_via_github_app: null,
    ...(named ? { label: { name: named.name, color: named.color } } : {}),
  };
}
