import type {
  ChangeFact,
  DeploymentSourceKind,
  IncidentFact,
  Instant,
  SourceStatus,
} from './facts';
import type {
  DoraKind,
  DoraOutcome,
  EvidenceCode,
  ExclusionReason,
} from '../../contract';

/** One attempt of the run of a deployment. */
export interface DoraAttempt {
  attempt: number;
  outcome: DoraOutcome;
  createdAt?: Instant;
  startedAt?: Instant;
  finishedAt?: Instant;
}

/** Why a deployment counts as failed, or does not. */
export interface FailureEvidence {
  /** E1 to E8 of docs/metrics.md, or the word of a person. */
  code: EvidenceCode;
  at?: Instant;
  confidence: 'certain' | 'high' | 'medium' | 'low';
  /** True: nobody named this deployment; it is the last one before. */
  inferred: boolean;
  /** `Smoke test failed and the run put the revision before back`. */
  text: string;
  url?: string;
  /** Id of what it speaks of: a deployment, change or incident. */
  ref?: string;
  /** Of a person's word. */
  by?: string;
  reason?: string;
  /** True: a person or a setting says that it does not count. */
  overruled?: true;
}

/** What ended a failure. */
export interface Recovery {
  by:
    | 'runtime_rollback'
    | 'run_rollback'
    | 'rollback'
    | 'deployment'
    | 'attempt'
    | 'incident';
  /** Deployment or incident. */
  ref?: string;
  url?: string;
}

/** A logical deployment with all that was found out about it. Durations are milliseconds. */
export interface DoraDeployment {
  /** Stable: smallest natural id of its sources, or their group. */
  id: string;
  service: string;
  environment: string;
  sha?: string;
  kind: DoraKind;
  outcome: DoraOutcome;
  attempts: DoraAttempt[];
  run?: { id: string; number?: number; url?: string };
  title?: string;
  actor?: string;
  url?: string;
  createdAt?: Instant;
  startedAt?: Instant;
  /** Live, or ended. */
  finishedAt?: Instant;
  /** Of the last attempt, without the time a gate was closed before it began. */
  durationMs?: number;
  /** Created to started, without waiting at a gate. */
  queuedMs?: number;
  waitedMs?: number;
  sources: {
    source: DeploymentSourceKind;
    id: string;
    status: SourceStatus;
    attempt?: number;
    at?: Instant;
    url?: string;
  }[];
  /** What its sources said that makes failures; read by `judge`, and stored so that rows of long ago can be counted anew. */
  hints: {
    runtimeRollback?: {
      ok: boolean;
      startedAt?: Instant;
      finishedAt?: Instant;
      reason?: string;
      url?: string;
    };
    checkFailed?: { at?: Instant; name?: string; url?: string };
    putBack?: { at?: Instant; ok: boolean };
    /** A source says that it was made to go back. */
    isRollback?: boolean;
    /** SHAs it brought, where its sources list them. */
    commits?: string[];
    /** It is the first that is known: nobody can say what it brought. */
    noBase?: boolean;
  };
  /** Ids of the changes it was the first to bring. */
  changes: string[];
  /** Ids of earlier deployments that this rollback took out. */
  removes: string[];
  /** A later rollback took it out. */
  rolledBack: boolean;
  failed: boolean;
  /** Strongest first; also evidence that a person or a setting overrules. */
  evidence: FailureEvidence[];
  /** When users had it. */
  failedAt?: Instant;
  detectedAt?: Instant;
  recoveredAt?: Instant;
  recoveryMs?: number;
  recovery?: Recovery;
  rework: boolean;
  reworkBecause?: { text: string; ref?: string; url?: string };
  /** Until then late evidence may change it. */
  provisionalUntil?: Instant;
}

/** Parts of a lead time; they add up to it exactly. Milliseconds. */
export interface LeadStages {
  /** First commit to opened. */
  coding?: number;
  /** Opened to the first review. */
  pickup?: number;
  /** First review (or opened) to merged. */
  review?: number;
  /** Merged to deployed. */
  deploy?: number;
}

/** A change with the deployment that brought it first. */
export interface DoraChange extends ChangeFact {
  service: string;
  deploymentId?: string;
  deployedAt?: Instant;
  /** Start by the setting `leadTimeStart` (`commit`: oldest one; the others are in `commitLeadsMs`). */
  leadStartAt?: Instant;
  leadMs?: number;
  /** One for each commit, with `leadTimeStart: commit` only. */
  commitLeadsMs?: number[];
  stages?: LeadStages;
  /** A later rollback took it out again; it is not counted anew. */
  rolledBack: boolean;
  /** Something to look at: `first_commit_is_old`, `author_date_after_opening`, `no_paths`. */
  warnings: string[];
}

/** An incident with the deployment it is said to be of. */
export interface DoraIncident extends IncidentFact {
  deploymentId?: string;
  how?: 'named' | 'by_time';
  /** Start to resolved; open incidents have none. */
  openMs?: number;
}

/** Something that was seen and is not counted. */
export interface Excluded {
  what: 'deployment' | 'change' | 'incident' | 'override' | 'fact';
  id: string;
  service?: string;
  at?: Instant;
  reason: ExclusionReason;
  /** What is peculiar to this one: `environment "preview-12"`. */
  detail?: string;
  title?: string;
  url?: string;
}

/** Facts, put together and judged. */
export interface LinkedFacts {
  asOf: Instant;
  /** Of production; sorted by finish (or start, or creation), then id. */
  deployments: DoraDeployment[];
  /** Deployed ones, and those that never were (without `deploymentId`). */
  changes: DoraChange[];
  incidents: DoraIncident[];
  excluded: Excluded[];
}
