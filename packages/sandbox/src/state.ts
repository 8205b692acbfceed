/**
 * The records the sandbox's GitHub keeps, and the seams between its three parts:
 * `github/` (the wire), `engine/` (plays workflow files) and `world/` (who and what exists, 90 days of history).
 *
 * All times are epoch milliseconds, UTC. Ids are unique over the whole sandbox, as at GitHub.
 */

import type { AwsCloud, ServiceName } from './aws/cloud';
import {
  Account,
  Team,
  EnvironmentRecord,
  RepoRecord,
  WorkflowRecord,
  JobRecord,
  RunRecord,
  DeploymentRecord,
  IssueRecord,
  PullRequestRecord,
  SandboxEvent,
} from './records';

export * from './records';

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
  issues: Map<number, IssueRecord>;
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
  /** When it was committed. */
  at: number;
  /** When it was written: what is rebased or squashed later keeps this. */
  authoredAt?: number;
  /** The author, unless GitHub itself made the commit. */
  committer?: { name: string; email: string };
}

/** A commit to be made. Files are the complete changes (`null` deletes). */
export interface NewCommit {
  branch: string;
  files: Record<string, string | null>;
  message: string;
  author: { name: string; email: string };
  at: number;
  /** When it was written; `at` when absent. */
  authoredAt?: number;
  /** The author when absent. */
  committer?: { name: string; email: string };
  /** Branch or sha whose last commit becomes the second parent. */
  merge?: string;
}

/** Real bare repositories on disk, reached with the real git. */
export interface GitStore {
  init(repo: RepoRecord): Promise<void>;
  /** Deterministic: same arguments, same sha. */
  commit(
    repo: RepoRecord,
    change: NewCommit & {
      /** Branch to start from when `branch` does not exist yet. */
      from?: string;
    },
  ): Promise<CommitInfo>;
  /** Many commits of one repository at once (`git fast-import`); returns the shas in order. */
  importHistory(repo: RepoRecord, commits: NewCommit[]): Promise<string[]>;
  /** Names a commit for good. */
  tag(repo: RepoRecord, name: string, sha: string): Promise<void>;
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

/** What a person decides about environments of a run that wait. */
export interface NewReview {
  environmentIds: number[];
  state: 'approved' | 'rejected';
  comment: string;
  /** Login. */
  actor: string;
}

/** An environment of a run whose gate is closed. Times are epoch milliseconds. */
export interface PendingGate {
  environment: EnvironmentRecord;
  since: number;
  /** When its wait timer is (or was) over; absent without a timer. Until then nobody can decide. */
  timerEndsAt?: number;
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
  review(run: RunRecord, review: NewReview): DeploymentRecord[];
  /** Environments of the run that wait for a person or a timer now. */
  pending(run: RunRecord): PendingGate[];
  /** Starts waiting jobs past their gates, as an administrator may; leaves no approval. */
  bypass(run: RunRecord, environmentIds: number[]): void;
  /** The log of a job so far, as GitHub's plain text (one ISO time stamp a line). */
  log(job: JobRecord): string;
  /** Makes the next matching job of the repository fail (`yarn sandbox fail`). */
  failNext?(
    repo: RepoRecord,
    request: {
      /** File names; every workflow of the repository when absent. */
      workflows?: string[];
      job?: string;
      step?: string;
      count: number;
    },
  ): void;
  /** Makes a step of the next job that deploys to the environment fail (`yarn sandbox break-smoke`). */
  failStep?(
    repo: RepoRecord,
    request: { workflows?: string[]; environment: string; step: string },
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
  /** The AWS that jobs deploy to; without it such steps only take their time. */
  aws?: AwsCloud;
}) => WorkflowEngine;

/**
 * `world/index.ts` exports `buildWorld: BuildWorld`. Called once, on an empty state; what it makes is saved.
 * It emits no events: history was delivered long ago. AWS as it has become (`AwsRecords`) is left in `state.saved` as `aws`.
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

/** A change somebody could plausibly make to a component or repository; `undefined` when there is no idea. */
export type SuggestChange = (
  name: string,
  random: () => number,
) => { title: string; files: Record<string, string> } | undefined;

/** `world/components.ts` exports `componentOf: ComponentOf`: the catalog component's name or a repository's. */
export type ComponentOf = (name: string) =>
  | {
      repo: { owner: string; name: string };
      /** Globs of the component's files in its repository. */
      paths: string[];
      /** File names of its workflows. */
      workflows?: string[];
      /** Label that says whose an issue is, in a repository of several components. */
      label?: string;
    }
  | undefined;

/** `world/aws/services.ts` exports `placesOf: PlacesOf`: the ECS service of a component in each environment; empty when it has none. */
export type PlacesOf = (
  component: string,
) => { environment: string; name: ServiceName }[];
