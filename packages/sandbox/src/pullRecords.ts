/** Pull requests and issues of the sandbox's GitHub. Both count up one series of numbers per repository. Times are epoch milliseconds, UTC. */

export interface PullReviewRecord {
  id: number;
  nodeId: string;
  /** Login. */
  user: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  body: string;
  at: number;
  /** Head of the pull request at that time. */
  commitSha: string;
}

export interface PullRequestRecord {
  id: number;
  nodeId: string;
  repoId: number;
  number: number;
  title: string;
  body?: string | null;
  author: string;
  headBranch: string;
  headSha: string;
  baseBranch: string;
  /** The commit of the base branch that its own commits stand on. Absent: what it was merged into. */
  baseSha?: string;
  /** Names. */
  labels?: string[];
  /** Oldest first. */
  reviews?: PullReviewRecord[];
  state: 'open' | 'closed';
  mergedAt: number | null;
  /** What reached the base branch: the merge commit, the squashed one, or the last of the rebased ones. */
  mergeSha: string | null;
  mergedBy: string | null;
  /** Absent: `updatedAt`, once it is closed. */
  closedAt?: number;
  createdAt: number;
  updatedAt: number;
}

export interface IssueEventRecord {
  id: number;
  nodeId: string;
  event: 'labeled' | 'unlabeled' | 'closed' | 'reopened';
  actor: string;
  at: number;
  /** Name, of `labeled` and `unlabeled`. */
  label?: string;
}

export interface IssueRecord {
  id: number;
  nodeId: string;
  repoId: number;
  number: number;
  title: string;
  body: string | null;
  author: string;
  /** Names. */
  labels: string[];
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  closedAt: number | null;
  closedBy: string | null;
  createdAt: number;
  updatedAt: number;
  /** Oldest first. */
  events: IssueEventRecord[];
}

/** What happened to an issue. `changes`: what `edited` replaced. */
export interface IssueSandboxEvent {
  event: 'issues';
  action:
    | 'opened'
    | 'edited'
    | 'labeled'
    | 'unlabeled'
    | 'closed'
    | 'reopened'
    | 'deleted';
  issue: IssueRecord;
  /** Login. */
  actor: string;
  label?: string;
  changes?: { title?: { from: string }; body?: { from: string } };
}

/** What happened to a pull request. */
export interface PullSandboxEvent {
  event: 'pull_request';
  action: 'opened' | 'synchronize' | 'closed' | 'labeled' | 'unlabeled';
  pull: PullRequestRecord;
  /** Login; the author, or who merged it, when absent. */
  actor?: string;
  label?: string;
}
