/**
 * The records the sandbox's GitHub keeps, and the seams between its three parts:
 * `github/` (the wire), `engine/` (plays workflow files) and `world/` (who and what exists, 90 days of history).
 *
 * All times are epoch milliseconds, UTC. Ids are unique over the whole sandbox, as at GitHub.
 */

export type RunStatus =
  | 'requested'
  | 'queued'
  | 'pending'
  | 'waiting'
  | 'in_progress'
  | 'completed';

export type Conclusion =
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'neutral'
  | 'action_required'
  | 'startup_failure'
  | 'stale';

export interface Account {
  id: number;
  nodeId: string;
  login: string;
  name: string;
  email: string;
  type: 'User' | 'Bot' | 'Organization';
}

export interface Team {
  id: number;
  nodeId: string;
  org: string;
  slug: string;
  name: string;
  /** Logins. */
  members: string[];
  /** What the team may do in every repository of its organisation; `push` when absent. */
  permission?: 'pull' | 'push' | 'admin';
}

export interface EnvironmentRecord {
  id: number;
  nodeId: string;
  name: string;
  createdAt: number;
  waitTimerMinutes: number;
  preventSelfReview: boolean;
  canAdminsBypass: boolean;
  reviewers: { type: 'User' | 'Team'; id: number }[];
  /** `null`: any branch may deploy. Otherwise name patterns. */
  branchPolicies: { id: number; name: string }[] | null;
}

export interface RepoRecord {
  id: number;
  nodeId: string;
  owner: string;
  name: string;
  description: string;
  private: boolean;
  defaultBranch: string;
  createdAt: number;
  environments: EnvironmentRecord[];
  /** Repository variables (`vars.*`). */
  variables: Record<string, string>;
}

export interface WorkflowRecord {
  id: number;
  nodeId: string;
  repoId: number;
  /** `.github/workflows/x.yml` */
  path: string;
  name: string;
  createdAt: number;
}

export interface StepRecord {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt: number | null;
  completedAt: number | null;
}

export interface JobRecord {
  id: number;
  nodeId: string;
  runId: number;
  attempt: number;
  /** Name as GitHub shows it: `caller / callee`, `name (a, b)`. */
  name: string;
  /** Key path in the workflow files (`deploy-staging/deploy`). Never on the wire: GitHub has no such field. */
  key: string;
  status: RunStatus;
  conclusion: Conclusion | null;
  createdAt: number;
  startedAt: number | null;
  completedAt: number | null;
  labels: string[];
  runnerId: number | null;
  runnerName: string | null;
  steps: StepRecord[];
  /** Name of the environment of the job, if it has one. */
  environment: string | null;
  deploymentId: number | null;
  /** Job outputs after completion, evaluated by the engine. */
  outputs: Record<string, string>;
}

export interface AttemptRecord {
  attempt: number;
  triggeringActor: string;
  status: RunStatus;
  conclusion: Conclusion | null;
  startedAt: number;
  updatedAt: number;
  completedAt: number | null;
}

export interface ReviewRecord {
  environmentIds: number[];
  state: 'approved' | 'rejected';
  comment: string;
  user: string;
  at: number;
  attempt: number;
}

export interface ArtifactRecord {
  id: number;
  nodeId: string;
  name: string;
  sizeInBytes: number;
  digest: string;
  createdAt: number;
  expiresAt: number;
}

export interface RunRecord {
  id: number;
  nodeId: string;
  repoId: number;
  workflowId: number;
  runNumber: number;
  name: string;
  displayTitle: string;
  event: 'push' | 'pull_request' | 'workflow_dispatch' | 'schedule';
  headBranch: string;
  headSha: string;
  /** Commit the workflow file was read from. */
  headMessage: string;
  headAuthor: { name: string; email: string; login: string | null };
  actor: string;
  pullRequest: number | null;
  checkSuiteId: number;
  createdAt: number;
  /** Oldest first; the last one is current. */
  attempts: AttemptRecord[];
  referencedWorkflows: { path: string; sha: string; ref: string }[];
  reviews: ReviewRecord[];
  artifacts: ArtifactRecord[];
  inputs: Record<string, string>;
}

export interface DeploymentStatusRecord {
  id: number;
  nodeId: string;
  state:
    | 'queued'
    | 'waiting'
    | 'in_progress'
    | 'success'
    | 'failure'
    | 'error'
    | 'inactive';
  createdAt: number;
  creator: string;
  description: string;
}

export interface DeploymentRecord {
  id: number;
  nodeId: string;
  repoId: number;
  sha: string;
  ref: string;
  environment: string;
  creator: string;
  createdAt: number;
  updatedAt: number;
  runId: number | null;
  jobId: number | null;
  statuses: DeploymentStatusRecord[];
}

export interface PullRequestRecord {
  id: number;
  nodeId: string;
  repoId: number;
  number: number;
  title: string;
  author: string;
  headBranch: string;
  headSha: string;
  baseBranch: string;
  state: 'open' | 'closed';
  mergedAt: number | null;
  mergeSha: string | null;
  mergedBy: string | null;
  createdAt: number;
  updatedAt: number;
}

/** What happened, before it is put on the wire: `github/webhooks` renders one signed delivery from each. */
export type SandboxEvent =
  | {
      event: 'workflow_run';
      action: 'requested' | 'in_progress' | 'completed';
      run: RunRecord;
    }
  | {
      event: 'workflow_job';
      action: 'queued' | 'waiting' | 'in_progress' | 'completed';
      run: RunRecord;
      job: JobRecord;
    }
  | { event: 'deployment'; action: 'created'; deployment: DeploymentRecord }
  | {
      event: 'deployment_status';
      action: 'created';
      deployment: DeploymentRecord;
      status: DeploymentStatusRecord;
    }
  | {
      event: 'deployment_review';
      action: 'requested' | 'approved' | 'rejected';
      run: RunRecord;
      environment: string;
      job: JobRecord;
      review: ReviewRecord | null;
    }
  | {
      event: 'push';
      action: null;
      repoId: number;
      ref: string;
      before: string;
      after: string;
      pusher: string;
    }
  | {
      event: 'pull_request';
      action: 'opened' | 'synchronize' | 'closed';
      pull: PullRequestRecord;
    };

/** Time as an argument: the running sandbox passes the wall clock, tests a hand-driven one. */
export interface Clock {
  now(): number;
  /** Runs `fn` once at `now() + ms`; the returned function cancels it. */
  after(ms: number, fn: () => void): () => void;
}

/** Everything that exists. Held in memory, saved as a snapshot beside the portal's database. */
export interface SandboxState {
  readonly clock: Clock;
  accounts: Map<string, Account>;
  teams: Team[];
  repos: Map<number, RepoRecord>;
  workflows: Map<number, WorkflowRecord>;
  runs: Map<number, RunRecord>;
  /** All attempts of a run, in order of creation. */
  jobsOfRun: Map<number, JobRecord[]>;
  deployments: Map<number, DeploymentRecord>;
  pulls: Map<number, PullRequestRecord>;
  /** JSON values that engine and world want to find again after a restart, by a key of their own. */
  readonly saved: Map<string, unknown>;
  nextId(): number;
  repo(owner: string, name: string): RepoRecord | undefined;
  /** Marks the state as changed (so that it is saved) and, with an event, tells the listeners. */
  changed(event?: SandboxEvent): void;
  onEvent(listener: (event: SandboxEvent) => void): void;
}

export interface CommitInfo {
  sha: string;
  /** Sha of the commit's tree; `GitRepositories` always fills it. */
  tree?: string;
  parents: string[];
  message: string;
  author: { name: string; email: string };
  at: number;
}

/** Real bare repositories on disk, reached with the real git. */
export interface GitStore {
  init(repo: RepoRecord): Promise<void>;
  /** Deterministic: same arguments, same sha. Files are the complete changes (`null` deletes). */
  commit(
    repo: RepoRecord,
    change: {
      branch: string;
      /** Branch to start from when `branch` does not exist yet. */
      from?: string;
      files: Record<string, string | null>;
      message: string;
      author: { name: string; email: string };
      at: number;
    },
  ): Promise<CommitInfo>;
  /** Many commits of one repository at once (`git fast-import`); returns the shas in order. */
  importHistory(
    repo: RepoRecord,
    commits: {
      branch: string;
      files: Record<string, string | null>;
      message: string;
      author: { name: string; email: string };
      at: number;
    }[],
  ): Promise<string[]>;
  /** Sha of a branch, tag or (short) sha; undefined when there is none. */
  resolve(repo: RepoRecord, ref: string): Promise<string | undefined>;
  readFile(
    repo: RepoRecord,
    ref: string,
    path: string,
  ): Promise<Buffer | undefined>;
  listFiles(
    repo: RepoRecord,
    ref: string,
    under?: string,
  ): Promise<{ path: string; sha: string; size: number }[]>;
  commitInfo(repo: RepoRecord, ref: string): Promise<CommitInfo | undefined>;
  log(
    repo: RepoRecord,
    ref: string,
    limit: number,
    path?: string,
  ): Promise<CommitInfo[]>;
  changedFiles(repo: RepoRecord, base: string, head: string): Promise<string[]>;
}

/** A refusal with GitHub's own status and text; the wire turns it into `{message, documentation_url, status}`. */
export class GitHubError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Further members of the body, as `errors` of a 422. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'GitHubError';
  }
}

/** What `github/` asks of the engine. Errors carry GitHub's own status and text. */
export interface WorkflowEngine {
  push(
    repo: RepoRecord,
    push: { branch: string; before: string; after: string; actor: string },
  ): Promise<RunRecord[]>;
  pullRequest(
    repo: RepoRecord,
    pull: PullRequestRecord,
    action: 'opened' | 'synchronize',
    actor: string,
  ): Promise<RunRecord[]>;
  dispatch(
    repo: RepoRecord,
    workflow: WorkflowRecord,
    request: { ref: string; inputs: Record<string, string>; actor: string },
  ): Promise<RunRecord>;
  rerun(
    run: RunRecord,
    request: { failedOnly: boolean; actor: string; jobId?: number },
  ): Promise<void>;
  cancel(run: RunRecord, actor: string): void;
  /** Lets waiting jobs of these environments go on, or fails them. */
  review(
    run: RunRecord,
    review: {
      environmentIds: number[];
      state: 'approved' | 'rejected';
      comment: string;
      actor: string;
    },
  ): DeploymentRecord[];
  /** Environments of the run that wait for a person or a timer now. */
  pending(run: RunRecord): { environment: EnvironmentRecord; since: number }[];
  /** The log of a job so far, as GitHub's plain text (one ISO time stamp a line). */
  log(job: JobRecord): string;
  /** Makes the next matching job of the repository fail (`yarn sandbox fail`). */
  failNext?(
    repo: RepoRecord,
    request: { job?: string; step?: string; count: number },
  ): void;
  /** Goes on with what was under way when the sandbox stopped. */
  resume(): Promise<void>;
  stop(): void;
}

/** `engine/index.ts` exports `createEngine: CreateEngine`. */
export type CreateEngine = (options: {
  state: SandboxState;
  git: GitStore;
  /** Durations and profile results depend on this and on the ids only. */
  seed: string;
  /** Durations of jobs are divided by this; time stamps stay true. */
  speed: number;
}) => WorkflowEngine;

/**
 * `world/index.ts` exports `buildWorld: BuildWorld`. Called once, on an empty state; what it makes is saved.
 * It emits no events: history was delivered long ago.
 */
export type BuildWorld = (options: {
  state: SandboxState;
  git: GitStore;
  seed: string;
  /** Start of the day (UTC) the history ends on. */
  anchor: number;
  /** `false`: repositories and people only, no past runs (tests). */
  history: boolean;
  speed: number;
}) => Promise<void>;

/** `world/components.ts` exports `componentOf: ComponentOf`: the catalog component's name or a repository's. */
export type ComponentOf = (name: string) =>
  | {
      repo: { owner: string; name: string };
      /** Globs of the component's files in its repository. */
      paths: string[];
    }
  | undefined;
