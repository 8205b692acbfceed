import { IssueEventRecord, IssueRecord, RepoRecord } from '../state';
import { GitHubContext } from './gitHubContext';
import { nextNumber } from './numbers';

/** Who does something to an issue, and when. */
interface Who {
  /** Login. */
  actor: string;
  at: number;
}

function note(
  ctx: GitHubContext,
  issue: IssueRecord,
  { actor, at }: Who,
  what: Pick<IssueEventRecord, 'event' | 'label'>,
): void {
  const id = ctx.store.nextId();
  issue.events = [
    ...issue.events,
    { id, nodeId: `IE_${id}`, actor, at, ...what },
  ];
  issue.updatedAt = Math.max(at, issue.updatedAt);
}

/** As at GitHub, labels given at once are told one by one after the opening. */
export function openIssue(
  ctx: GitHubContext,
  repo: RepoRecord,
  who: Who,
  what: { title: string; body: string | null; labels: string[] },
): IssueRecord {
  const { store } = ctx;
  const { actor, at } = who;
  const id = store.nextId();
  const issue: IssueRecord = {
    id,
    nodeId: `I_${id}`,
    repoId: repo.id,
    number: nextNumber(store, repo),
    title: what.title,
    body: what.body,
    author: actor,
    labels: [...what.labels],
    state: 'open',
    stateReason: null,
    closedAt: null,
    closedBy: null,
    createdAt: at,
    updatedAt: at,
    events: [],
  };
  for (const label of issue.labels) {
    note(ctx, issue, who, { event: 'labeled', label });
  }
  store.issues.set(id, issue);
  store.changed({ event: 'issues', action: 'opened', issue, actor });
  for (const label of issue.labels) {
    store.changed({ event: 'issues', action: 'labeled', issue, actor, label });
  }
  return issue;
}

export function closeIssue(
  ctx: GitHubContext,
  issue: IssueRecord,
  who: Who,
): void {
  const { actor } = who;
  // nothing closes before it was opened, whatever time was asked for
  const at = Math.max(who.at, issue.createdAt);
  issue.state = 'closed';
  issue.stateReason = 'completed';
  issue.closedAt = at;
  issue.closedBy = actor;
  note(ctx, issue, { actor, at }, { event: 'closed' });
  ctx.store.changed({ event: 'issues', action: 'closed', issue, actor });
}

export function reopenIssue(
  ctx: GitHubContext,
  issue: IssueRecord,
  who: Who,
): void {
  const { actor } = who;
  issue.state = 'open';
  issue.stateReason = 'reopened';
  issue.closedAt = null;
  issue.closedBy = null;
  note(ctx, issue, who, { event: 'reopened' });
  ctx.store.changed({ event: 'issues', action: 'reopened', issue, actor });
}

export function labelIssue(
  ctx: GitHubContext,
  issue: IssueRecord,
  who: Who,
  label: string,
): void {
  const { actor } = who;
  issue.labels = [...issue.labels, label];
  note(ctx, issue, who, { event: 'labeled', label });
  ctx.store.changed({
    event: 'issues',
    action: 'labeled',
    issue,
    actor,
    label,
  });
}

export function unlabelIssue(
  ctx: GitHubContext,
  issue: IssueRecord,
  who: Who,
  label: string,
): void {
  const { actor } = who;
  issue.labels = issue.labels.filter(name => name !== label);
  note(ctx, issue, who, { event: 'unlabeled', label });
  ctx.store.changed({
    event: 'issues',
    action: 'unlabeled',
    issue,
    actor,
    label,
  });
}

export function editIssue(
  ctx: GitHubContext,
  issue: IssueRecord,
  { actor, at }: Who,
  change: { title: string },
): void {
  const from = issue.title;
  issue.title = change.title;
  issue.updatedAt = Math.max(at, issue.updatedAt);
  const changes = { title: { from } };
  ctx.store.changed({
    event: 'issues',
    action: 'edited',
    issue,
    actor,
    changes,
  });
}

export function deleteIssue(
  ctx: GitHubContext,
  issue: IssueRecord,
  { actor }: Who,
): void {
  ctx.store.issues.delete(issue.id);
  ctx.store.changed({ event: 'issues', action: 'deleted', issue, actor });
}
