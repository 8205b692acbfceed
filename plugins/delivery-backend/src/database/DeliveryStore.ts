import type {
  Change,
  Conclusion,
  Status,
} from 'backstage-plugin-delivery-common';
import type {
  ArtifactRow,
  AttemptRow,
  BindingRow,
  DeploymentRow,
  DurationStat,
  InboxRow,
  JobRow,
  PipelineRow,
  RepositoryRow,
  RunRow,
  SyncStateRow,
  WorkflowFileRow,
} from './rows';

/** What {@link DeliveryStore.apply} did. */
export interface ApplyResult {
  /** Repositories whose stored facts really changed (an unchanged fact is no news). */
  repoKeys: string[];
  /** Runs whose stored facts really changed. */
  runKeys: string[];
  /** Runs between `queued` and `waiting`, where no webhook order can be trusted: ask the vendor. */
  needsConfirm: string[];
}

/** Filters of {@link DeliveryStore.listRuns}; all are optional and joined by AND. */
export interface RunFilter {
  pipelineKey?: string;
  branch?: string;
  status?: Status;
  conclusion?: Conclusion;
  actor?: string;
  text?: string;
}

/** Position in the list, newest first: creation time, then key. */
export interface RunCursor {
  createdAt: number;
  runKey: string;
}

/**
 * All that the plugin remembers. One implementation for SQLite and Postgres; every method is one transaction.
 * Times are epoch milliseconds.
 */
export interface DeliveryStore {
  // -- inbox ---------------------------------------------------------------------------------------------------------
  /** One insert. `duplicate`: delivery id or (event, body hash) already there and not failed. */
  addToInbox(
    row: Omit<
      InboxRow,
      'id' | 'state' | 'attempts' | 'claimedUntil' | 'error' | 'doneAt'
    >,
  ): Promise<'added' | 'duplicate'>;
  /** Takes up to `limit` open rows, oldest first, for `leaseMs`; no other worker gets them meanwhile. */
  claimInbox(now: number, limit: number, leaseMs: number): Promise<InboxRow[]>;
  /** Facts and the end of their inbox rows in ONE transaction. */
  apply(
    changes: Change[],
    inbox?: {
      id: number;
      at: number;
      outcome: 'done' | 'ignored';
      note?: string;
    }[],
  ): Promise<ApplyResult>;
  /** The row goes back for another try, or is kept as failed after the last one. */
  failInbox(
    id: number,
    error: string,
    retryAt: number | undefined,
  ): Promise<void>;
  releaseInbox(ids: number[]): Promise<void>;
  /** Rows per state, for the setup page and tests. */
  inboxCounts(): Promise<Record<InboxRow['state'], number>>;

  // -- reads ---------------------------------------------------------------------------------------------------------
  repository(repoKey: string): Promise<RepositoryRow | undefined>;
  repositoryBySlug(
    host: string,
    slug: string,
  ): Promise<RepositoryRow | undefined>;
  repositories(): Promise<RepositoryRow[]>;
  pipelines(repoKey: string): Promise<PipelineRow[]>;
  /** Runs of a service (`entityRef`) or, with scope all, of its repository; newest first. */
  listRuns(query: {
    entityRef: string;
    scope: 'service' | 'all';
    filter: RunFilter;
    after?: RunCursor;
    limit: number;
  }): Promise<RunRow[]>;
  run(runKey: string): Promise<RunRow | undefined>;
  attempts(runKey: string): Promise<AttemptRow[]>;
  jobs(runKeys: string[], attempt?: number): Promise<JobRow[]>;
  deploymentsOfRun(runKey: string): Promise<DeploymentRow[]>;
  branches(entityRef: string, limit: number): Promise<string[]>;
  /** Runs that are not completed, oldest confirmation first. */
  openRuns(repoKey?: string): Promise<RunRow[]>;
  /** Successes of this pipeline to compare with, newest first: the run's and its jobs' durations. */
  durationStats(pipelineKey: string, runClass: string): Promise<DurationStat[]>;

  // -- things fetched once ---------------------------------------------------------------------------------------------
  workflowFile(
    repoKey: string,
    path: string,
    sha: string,
  ): Promise<WorkflowFileRow | undefined>;
  saveWorkflowFile(row: WorkflowFileRow): Promise<void>;
  saveStages(
    runKey: string,
    stages: RunRow['stages'],
    waitingFor: string[],
  ): Promise<boolean>;
  artifacts(runKey: string): Promise<ArtifactRow[] | undefined>;
  saveArtifacts(runKey: string, items: ArtifactRow[]): Promise<void>;

  // -- services --------------------------------------------------------------------------------------------------------
  /** Replaces what entities bind; returns the entity refs whose binding changed. */
  replaceBindings(rows: BindingRow[], complete: boolean): Promise<string[]>;
  bindingsOfEntity(entityRef: string): Promise<BindingRow[]>;
  /** Entity refs whose service a run belongs to. */
  entitiesOfRun(runKey: string): Promise<string[]>;
  /** Entity refs bound to a repository at all. */
  entitiesOfRepository(repoKey: string): Promise<string[]>;

  // -- bookkeeping -----------------------------------------------------------------------------------------------------
  syncState(scope: string): Promise<SyncStateRow | undefined>;
  saveSyncState(row: SyncStateRow): Promise<void>;
  /** A small value that is made once and kept (the key of the signal channels). */
  setting(name: string, make: () => string): Promise<string>;
  /** Deletes in batches; returns how many rows went. */
  prune(before: {
    inboxBodies: number;
    jobs: number;
    unclaimed: number;
  }): Promise<Record<string, number>>;
}
