import type { Tier } from '../../contract';

/** Epoch milliseconds, UTC. */
export type Instant = number;

/** Which part of the world told of a deployment. */
export const DEPLOYMENT_SOURCES = [
  'run',
  'vendor_deployment',
  'runtime_deployment',
  'other',
] as const;
export type DeploymentSourceKind = (typeof DEPLOYMENT_SOURCES)[number];

export const SOURCE_STATUSES = [
  'waiting',
  'in_progress',
  'succeeded',
  'failed',
  'timed_out',
  'startup_failure',
  'rolled_back',
  'cancelled',
  'superseded',
  'skipped',
  'unknown',
] as const;
export type SourceStatus = (typeof SOURCE_STATUSES)[number];

/**
 * What one source said of one deployment; several of them may be one deployment (see `mergeSources`). Only `id`, `service` and `status`
 * must be there: what a missing part keeps from being counted is listed with its reason.
 */
export interface DeploymentSource {
  /** Natural id within its source; told twice it is the same. */
  id: string;
  /** Default: `other`. */
  source: DeploymentSourceKind;
  service: string;
  /** As the vendor spells it. Absent: never production. */
  environment?: string;
  /** Absent: never production. */
  tier?: Tier;
  /** Sources with the same group are one deployment whatever else they say: somebody has put them together already. */
  group?: string;
  /** Full SHA of what was deployed. */
  sha?: string;
  /** Image tag, digest or task definition, to find what belongs together where the commit is not told. */
  artifact?: string;
  run?: { id: string; attempt?: number; number?: number; url?: string };
  status: SourceStatus;
  /** False: nothing in the environment was changed. Absent: told by `startedAt` and the source. */
  touched?: boolean;
  createdAt?: Instant;
  /** Of the first job that acts on the environment. */
  startedAt?: Instant;
  /** First success, or the end of the failure. Never the moment a row was last written. */
  finishedAt?: Instant;
  /** Milliseconds a gate was closed. */
  waitedMs?: number;
  title?: string;
  actor?: string;
  url?: string;
  /** True: it was made to go back. */
  isRollback?: boolean;
  /** The runtime itself put the revision before back (circuit breaker, alarm, stopped with rollback). */
  runtimeRollback?: {
    ok: boolean;
    startedAt?: Instant;
    finishedAt?: Instant;
    reason?: string;
  };
  /** A check after the deployment failed in the same run. */
  checkFailed?: { at?: Instant; name?: string; url?: string };
  /** The same run put the revision before back. */
  putBack?: { at?: Instant; ok: boolean };
  /** SHAs this deployment brought, for facts without a history. */
  commits?: string[];
}

/** A commit of the repository of a service. The history may have holes; it is never trusted to be without cycles. */
export interface CommitFact {
  sha: string;
  /** Absent: not known. */
  parents?: string[];
  authoredAt?: Instant;
  committedAt?: Instant;
  author?: string;
  title?: string;
  /** Whole message, as far as known: `This reverts commit …` is looked for. */
  message?: string;
  /** Paths it touches; absent: not known. */
  files?: string[];
  url?: string;
  /** Ids of incidents that its message closes. */
  closes?: string[];
}

/** What a vendor said lies between two commits. */
export interface CommitSpan {
  base: string;
  head: string;
  /** `diverged`: `base` is no ancestor of `head` (force push, or another branch). */
  status: 'ahead' | 'behind' | 'diverged' | 'identical';
  /** What `head` has and `base` has not. */
  shas: string[];
  /** False: there are more than the vendor told. */
  complete: boolean;
}

/** A pull request that was merged, or a direct commit to the deployed branch. */
export interface ChangeFact {
  id: string;
  kind: 'pull_request' | 'commit';
  /** Services it may be a change of; absent: of all in the facts (one repository). */
  services?: string[];
  /** Number of the pull request. */
  number?: number;
  title?: string;
  author?: string;
  isBot?: boolean;
  url?: string;
  /** What reaches the branch: merge commit, squashed commit or last rebased one; of a direct commit its own. */
  mergeSha: string;
  /** Name of the branch it came from. */
  branch?: string;
  labels?: string[];
  /** Its own commits, also after a squash; a direct commit has one. */
  commits?: { sha: string; authoredAt?: Instant; committedAt?: Instant }[];
  openedAt?: Instant;
  firstReviewAt?: Instant;
  mergedAt?: Instant;
  /** Paths it touches; absent: not known. */
  files?: string[];
  /** Full or short SHAs and numbers of pull requests that it takes back, as its text says. */
  reverts?: { shas?: string[]; numbers?: number[] };
  /** Ids of incidents that its text closes. */
  closes?: string[];
}

/** Something users noticed: an issue with a label, or of a tool for incidents. */
export interface IncidentFact {
  id: string;
  /** Absent: nobody says whose it is. */
  service?: string;
  /** Number of the issue. */
  number?: number;
  title?: string;
  url?: string;
  /** Opened, or labelled. */
  startedAt?: Instant;
  resolvedAt?: Instant;
  /** What its text names as the cause. */
  names?: {
    shas?: string[];
    numbers?: number[];
    runIds?: string[];
    deploymentIds?: string[];
  };
}

/** A person's word on a deployment; beats everything else. The last one of a deployment counts. */
export interface OverrideFact {
  deploymentId: string;
  verdict: 'failed' | 'not_failed';
  reason: string;
  /** Ref or name of who said it. */
  by: string;
  at: Instant;
}

/** What is known of a service itself. */
export interface ServiceFact {
  service: string;
  /** Globs of a monorepo's part; absent: everything in the repository is a change of it. */
  paths?: string[];
  /** Before this moment nothing was read. */
  dataSince?: Instant;
}

/** Plain JSON; format and units in docs/dora-facts.md. */
export interface DoraFacts {
  /** When the facts were true: what is later is not believed, what is young is provisional. */
  asOf: Instant;
  services: ServiceFact[];
  deployments: DeploymentSource[];
  commits: CommitFact[];
  spans: CommitSpan[];
  changes: ChangeFact[];
  incidents: IncidentFact[];
  overrides: OverrideFact[];
}
