import type {
  Change,
  Conclusion,
  Status,
} from 'backstage-plugin-delivery-common';
import type { Work } from 'backstage-plugin-delivery-common/domain';
import type {
  ArtifactRow,
  AttemptRow,
  BindingRow,
  DeploymentRow,
  DurationStat,
  InboxRow,
  JobRow,
  PipelineRow,
  PushRow,
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

/** What a provider made of one inbox row. */
export interface InboxItem {
  id: number;
  /** When it was applied. */
  at: number;
  outcome: 'done' | 'ignored';
  note?: string;
  /** Empty for an ignored row. The facts of a row are of one repository, which is told among them. */
  changes: Change[];
}

/** What has to be asked because something about deployments was not told. */
export interface DeploymentGap {
  /** No deployment that is missing was made before. */
  since: number;
  /** Keys of deployments since then of which all is known. */
  known: string[];
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
    inbox?: Pick<InboxItem, 'id' | 'at' | 'outcome' | 'note'>[],
  ): Promise<ApplyResult>;
  /**
   * Applies inbox rows in ONE transaction. Rows of a repository that no service has yet are parked instead: they are open again
   * as soon as {@link DeliveryStore.replaceBindings} brings one.
   */
  applyInbox(items: InboxItem[]): Promise<ApplyResult & { parked: number[] }>;
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
  /** Repository of a run, also of one that only jobs were heard of. */
  repositoryOfRun(runKey: string): Promise<RepositoryRow | undefined>;
  /** Several runs at once; those that are not known are missing. */
  runsByKey(runKeys: string[]): Promise<RunRow[]>;
  /** Runs that are not completed, oldest confirmation first. */
  openRuns(repoKey?: string): Promise<RunRow[]>;
  /**
   * Attempts of runs created since then of which something is missing: a completed run with a job that is not, or an earlier attempt
   * that nobody told the end of. At most 20.
   */
  gaps(
    repoKey: string,
    since: number,
  ): Promise<{ runKey: string; attempt: number }[]>;
  /**
   * Whether runs that ended in the window (`after` exclusive) should have deployments that are not stored, or not with their end:
   * because their jobs name an environment, because jobs of that name usually do, or (`byHabit`) because runs like them usually deploy.
   */
  deploymentGap(
    repoKey: string,
    window: { after: number; upTo: number; byHabit: boolean },
  ): Promise<DeploymentGap | undefined>;
  /** Successes of this pipeline to compare with, newest first: the run's and its jobs' durations. */
  durationStats(pipelineKey: string, runClass: string): Promise<DurationStat[]>;

  // -- things fetched once ---------------------------------------------------------------------------------------------
  workflowFile(
    repoKey: string,
    path: string,
    sha: string,
  ): Promise<WorkflowFileRow | undefined>;
  saveWorkflowFile(row: WorkflowFileRow): Promise<void>;
  /** Pushes that led to a commit; a commit can come to several branches. */
  pushesTo(repoKey: string, sha: string): Promise<PushRow[]>;
  /** What is derived from the jobs of the current attempt; true when it differs from what was stored. */
  saveStages(
    runKey: string,
    stages: RunRow['stages'],
    waitingFor: string[],
    work?: Work,
  ): Promise<boolean>;
  artifacts(runKey: string): Promise<ArtifactRow[] | undefined>;
  saveArtifacts(runKey: string, items: ArtifactRow[]): Promise<void>;

  // -- services --------------------------------------------------------------------------------------------------------
  /** Replaces what entities bind; returns the entity refs whose binding changed. */
  replaceBindings(rows: BindingRow[], complete: boolean): Promise<string[]>;
  /** Repositories of known services, in a fixed order; `repoKey` once something was heard of them. */
  boundRepositories(): Promise<
    { host: string; slug: string; repoKey?: string; deleted: boolean }[]
  >;
  bindingsOfEntity(entityRef: string): Promise<BindingRow[]>;
  /** Entity refs whose service a run belongs to; of a run that the portal asked for on behalf of one of them, only that. */
  entitiesOfRun(runKey: string): Promise<string[]>;
  /** Entity refs bound to a repository at all. */
  entitiesOfRepository(repoKey: string): Promise<string[]>;

  // -- bookkeeping -----------------------------------------------------------------------------------------------------
  syncState(scope: string): Promise<SyncStateRow | undefined>;
  /** Saves all but `lastEventAt` of a row that is there already: see {@link DeliveryStore.sawEvents}. */
  saveSyncState(row: SyncStateRow): Promise<void>;
  /** Remembers when the last event of these scopes arrived. */
  sawEvents(scopes: string[], at: number): Promise<void>;
  syncStates(): Promise<SyncStateRow[]>;
  /** A small value that is made once and kept (the key of the signal channels). */
  setting(name: string, make: () => string): Promise<string>;
  /** Deletes in batches; returns how many rows went. */
  prune(before: {
    inboxBodies: number;
    jobs: number;
    unclaimed: number;
  }): Promise<Record<string, number>>;
}
