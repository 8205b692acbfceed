import type {
  Conclusion,
  FactSource,
  Stage,
  State,
  Status,
  StepFact,
} from 'backstage-plugin-delivery-common';

/** Rows as the store hands them out: JSON parsed, times in epoch milliseconds, absent values `undefined`. */
export interface InboxRow {
  id: number;
  provider: string;
  deliveryId: string;
  event: string;
  /** Hex sha256 over event name and raw body. */
  bodyHash: string;
  body: string;
  receivedAt: number;
  state: 'open' | 'done' | 'ignored' | 'failed' | 'parked';
  attempts: number;
  claimedUntil?: number;
  error?: string;
  doneAt?: number;
}

export interface RepositoryRow {
  repoKey: string;
  host: string;
  slug: string;
  url: string;
  defaultBranch?: string;
  deleted: boolean;
}

export interface PipelineRow {
  pipelineKey: string;
  repoKey: string;
  name: string;
  path: string;
  url?: string;
}

export interface RunRow {
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
  triggeringActor?: string;
  pullRequest?: number;
  url: string;
  createdAt: number;
  referenced: { path: string; sha: string }[];
  /** Of the current (highest) attempt. */
  attempt: number;
  state: State;
  status: Status;
  conclusion?: Conclusion;
  startedAt?: number;
  completedAt?: number;
  /** How long at least one job of the attempt ran, without the stretch that goes on now; absent when no job is known. */
  workMs?: number;
  /** Start of the stretch that goes on now. */
  workSince?: number;
  updatedAt: number;
  stages: Stage[];
  waitingFor: string[];
  needsConfirm: boolean;
  /** When an API read last confirmed it. */
  confirmedAt?: number;
}

export interface AttemptRow {
  runKey: string;
  attempt: number;
  state: State;
  triggeringActor?: string;
  startedAt?: number;
  completedAt?: number;
  updatedAt: number;
  source: FactSource;
  observedAt: number;
}

export interface JobRow {
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

export interface DeploymentRow {
  deploymentKey: string;
  runKey?: string;
  environment: string;
  sha: string;
  /** The vendor's word of the newest status; `created` before the first. */
  state: string;
  creator?: string;
  createdAt: number;
}

/** Durations of one success, without gates and queues. `jobs` are by name. */
export interface DurationStat {
  runKey: string;
  durationMs: number;
  jobs: { name: string; durationMs: number }[];
}

export interface WorkflowFileRow {
  repoKey: string;
  path: string;
  sha: string;
  blobSha: string;
  /** Undefined: the file cannot be used, `problem` says why. */
  text?: string;
  problem?: { code: string; message: string };
}

export interface PushRow {
  repoKey: string;
  branch: string;
  before: string;
  after: string;
  /** Every file it touched; undefined when nobody knows them all. */
  files?: string[];
}

export interface ArtifactRow {
  name: string;
  sizeInBytes: number;
  digest?: string;
  createdAt?: number;
  expired: boolean;
}

/** A service's part of a repository. */
export interface BindingRow {
  entityRef: string;
  host: string;
  /** `owner/name`, lower case. */
  slug: string;
  /** Workflow file names; empty: all. */
  workflows: string[];
  paths: string[];
}

export interface SyncStateRow {
  /** `repo:`, `deployments:`, `pulls:`, `commits:` or `incidents:` with `<host>/<slug>`, or `provider:<id>` */
  scope: string;
  backfill: 'pending' | 'running' | 'done';
  cursor?: string;
  /** How many runs were read, or deployments. */
  runs: number;
  dataSince?: number;
  etag?: string;
  confirmedAt?: number;
  lastEventAt?: number;
  /** `retryAt`: not to be asked again before; absent: after the usual pause. */
  problem?: { code: string; message: string; at: number; retryAt?: number };
}
