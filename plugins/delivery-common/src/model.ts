/**
 * The product's own words for what vendors tell us. Times are epoch milliseconds in UTC, durations are milliseconds.
 */

/** Where a run, job or step stands. `unknown` stands for a word of the vendor that this version does not know. */
export const STATUSES = [
  'queued',
  'in_progress',
  'waiting',
  'completed',
  'unknown',
] as const;
/** @public */
export type Status = (typeof STATUSES)[number];

/** How something completed; absent while it is not completed. */
export const CONCLUSIONS = [
  'success',
  'failure',
  'cancelled',
  'skipped',
  'timed_out',
  'neutral',
  'action_required',
  'startup_failure',
  'stale',
  'unknown',
] as const;
/** @public */
export type Conclusion = (typeof CONCLUSIONS)[number];

/**
 * A vendor's state in our words, with the vendor's own words kept beside it.
 * @public
 */
export interface State {
  status: Status;
  conclusion?: Conclusion;
  /** The vendor's status word, as received. */
  rawStatus: string;
  /** The vendor's conclusion word, as received. */
  rawConclusion?: string;
}

/**
 * How a fact reached us. An API read replaces what webhooks said; a webhook is only a hint.
 * @public
 */
export type FactSource = 'webhook' | 'api';

/**
 * Source of a fact and when it was observed: arrival for a webhook, **start** of the request for an API read
 * (so that a webhook arriving during the read is newer than the read).
 * @public
 */
export interface Observation {
  source: FactSource;
  at: number;
}

/** @public */
export interface RepositoryFact {
  kind: 'repository';
  /** `<hostKey>/<vendor repository id>`; survives renames. */
  repoKey: string;
  /** `owner/name` as the vendor last spelled it. */
  slug: string;
  url: string;
  defaultBranch?: string;
  /** True when the vendor says the repository is gone (404 or a `deleted` event). */
  deleted?: boolean;
}

/** @public */
export interface PipelineFact {
  kind: 'pipeline';
  /** `<repoKey>/<vendor workflow id>` */
  pipelineKey: string;
  repoKey: string;
  name: string;
  /** File in the repository (`.github/workflows/x.yml`), without `@ref`. */
  path: string;
  url?: string;
}

/** One attempt of a run as a vendor described it at one moment, together with the run it belongs to. @public */
export interface RunFact {
  kind: 'run';
  /** `<hostKey>.<vendor run id>` */
  runKey: string;
  repoKey: string;
  pipelineKey: string;
  pipelineName: string;
  pipelinePath: string;
  runNumber: number;
  title: string;
  event: string;
  branch?: string;
  sha: string;
  actor?: string;
  url: string;
  pullRequest?: number;
  createdAt: number;
  /** Reusable workflow files the run used, at their commits. */
  referenced: { path: string; sha: string }[];
  attempt: number;
  triggeringActor?: string;
  state: State;
  startedAt?: number;
  /** The vendor's own `updated_at`: the order within one attempt. */
  updatedAt: number;
}

/** @public */
export interface StepFact {
  number: number;
  name: string;
  state: State;
  startedAt?: number;
  completedAt?: number;
}

/** @public */
export interface JobFact {
  kind: 'job';
  /** `<hostKey>.<vendor job id>`; ids differ per attempt. */
  jobKey: string;
  runKey: string;
  repoKey: string;
  attempt: number;
  name: string;
  state: State;
  createdAt?: number;
  startedAt?: number;
  completedAt?: number;
  url?: string;
  runner?: string;
  labels: string[];
  environment?: string;
  steps: StepFact[];
}

/** What the vendor's deployment API says (design 5 merges these into logical deployments later). @public */
export interface DeploymentFact {
  kind: 'deployment';
  /** `<hostKey>.<vendor deployment id>` */
  deploymentKey: string;
  repoKey: string;
  runKey?: string;
  sha: string;
  ref: string;
  environment: string;
  creator?: string;
  createdAt: number;
}

/** Append-only: one row per vendor status id. @public */
export interface DeploymentStatusFact {
  kind: 'deploymentStatus';
  /** `<hostKey>.<vendor status id>` */
  statusKey: string;
  deploymentKey: string;
  repoKey: string;
  state: string;
  createdAt: number;
  creator?: string;
  url?: string;
}

/** A check of a commit (check run). @public */
export interface CheckFact {
  kind: 'check';
  checkKey: string;
  repoKey: string;
  sha: string;
  name: string;
  app?: string;
  state: State;
  startedAt?: number;
  completedAt?: number;
  url?: string;
}

/** A push, so that unchanged workflow files need no further read. @public */
export interface PushFact {
  kind: 'push';
  repoKey: string;
  branch: string;
  before: string;
  after: string;
  /** Every file the push touched; undefined when the vendor's list is incomplete (forced, or too many commits). */
  files?: string[];
  /** The newest 250 commits of the push at most, oldest first; absent: the vendor told none. */
  commits?: { sha: string; title: string; author?: string; at?: number }[];
}

/** One thing a vendor told us. @public */
export type Fact =
  | RepositoryFact
  | PipelineFact
  | RunFact
  | JobFact
  | DeploymentFact
  | DeploymentStatusFact
  | CheckFact
  | PushFact;

/** A fact with where it came from; what providers produce and the store applies. @public */
export interface Change {
  observed: Observation;
  fact: Fact;
}
