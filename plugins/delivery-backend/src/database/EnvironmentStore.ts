import type {
  Environment,
  LogicalDeployment,
  RuntimeAlarm,
  RuntimeChange,
  RuntimeProblem,
  RuntimeScope,
  Tier,
} from 'backstage-plugin-delivery-common';
import type {
  KnownCommit,
  PipelineDeployment,
  RuntimeState,
} from 'backstage-plugin-delivery-common/domain';
import type {
  CommitRange,
  RecordedApproval,
} from 'backstage-plugin-delivery-node';

/** One environment of one service, as configuration, catalog and tags of the runtime say. */
export interface EnvironmentBinding {
  entityRef: string;
  environment: string;
  /** Place on the way to production, from 0. */
  position: number;
  tier: Tier;
  /** Patterns of the vendor's environment names that are this one (`prod*`); lower case. */
  match: string[];
  /** Service of a runtime; absent: nothing is read ("declared, not observed"). */
  runtimeKey?: string;
  /** Stacks of infrastructure to watch. */
  stacks: string[];
  /** Shown only once something was deployed there: the portal's configuration does not name it, it is only usual. */
  onlyWhenSeen: boolean;
  /** Why there is no runtime although somebody named one. */
  problem?: { code: string; message: string };
}

/** Bookkeeping of reading one service of a runtime. */
export interface RuntimeReadState {
  runtimeKey: string;
  /** Start of the last good read. */
  observedAt?: number;
  problem?: RuntimeProblem;
  /** True while a deployment moves: read every 10 s. */
  moving: boolean;
  /** When the whole history was first listed. */
  historySince?: number;
}

/** A derived environment with what the matrix needs. */
export interface EnvironmentRow {
  entityRef: string;
  position: number;
  environment: Environment;
  computedAt: number;
}

export interface HistoryCursor {
  startedAt: number;
  id: string;
}

/** What the plugin remembers of environments. One implementation for SQLite and Postgres; every method is one transaction. */
export interface EnvironmentStore {
  // -- services and their environments -------------------------------------------------------------------------------
  /** Replaces the environments of these services (`complete`: of all; others lose theirs); gives refs of services whose changed. */
  replaceEnvironments(
    rows: EnvironmentBinding[],
    scope: { complete: true } | { entityRefs: string[] },
  ): Promise<string[]>;
  environmentsOf(entityRef: string): Promise<EnvironmentBinding[]>;
  /** Keys of all services of runtimes that any service has, sorted. */
  boundRuntimes(): Promise<string[]>;
  entitiesOfRuntimes(runtimeKeys: string[]): Promise<string[]>;
  /** Stored services that carry a tag, bound or not. */
  runtimesWithTag(
    key: string,
  ): Promise<{ runtimeKey: string; tags: Record<string, string> }[]>;

  // -- what runtimes told --------------------------------------------------------------------------------------------
  /**
   * Stores facts in ONE transaction. A snapshot (service, tasks, alarms, image, task definition) is replaced by a later read only; a
   * deployment that ended never moves back to an unended state; revisions are written once. The order of calls plays no part.
   * @returns keys of services whose facts really changed
   */
  applyRuntime(changes: RuntimeChange[]): Promise<string[]>;
  runtimeReadStates(): Promise<RuntimeReadState[]>;
  saveRuntimeReadStates(rows: RuntimeReadState[]): Promise<void>;
  /** All that is known of these services; `deployments` at most `limit` newest each. Unknown keys have neither service nor observedAt. */
  runtimeStates(
    runtimeKeys: string[],
    limit: number,
  ): Promise<Map<string, RuntimeState>>;
  /** Those of the keys that are not stored: what has to be asked for. */
  missingRevisions(revisionKeys: string[]): Promise<string[]>;
  missingTaskDefinitions(arns: string[]): Promise<string[]>;
  missingImages(
    images: { repository: string; digest: string }[],
  ): Promise<{ repository: string; digest: string }[]>;
  /** Deployment keys that are not stored, or stored as moving. */
  openDeployments(deploymentKeys: string[]): Promise<string[]>;
  /** All alarm names that services of this scope name. */
  alarmNames(scope: RuntimeScope): Promise<string[]>;
  alarms(scope: RuntimeScope): Promise<RuntimeAlarm[]>;
  shortShas(repoKey: string): Promise<Map<string, string | null>>;
  saveShortSha(
    repoKey: string,
    short: string,
    sha: string | null,
  ): Promise<void>;
  saveStacks(
    scope: RuntimeScope,
    stacks: NonNullable<RuntimeState['stacks']>,
  ): Promise<void>;
  stacks(
    scope: RuntimeScope,
    names: string[],
  ): Promise<NonNullable<RuntimeState['stacks']>>;

  // -- what pipelines told -------------------------------------------------------------------------------------------
  /**
   * Deployments of the service's own runs into environments whose vendor name matches, newest first. A deployment without a known run
   * counts only when the service has all workflows of its repository.
   */
  pipelineDeployments(
    entityRef: string,
    match: string[],
    limit: number,
  ): Promise<PipelineDeployment[]>;
  /** Names of environments that deployments of the service were made into, newest first. */
  seenEnvironments(entityRef: string): Promise<string[]>;
  /** Commits of a repository that runs, pushes or comparisons told of. */
  commits(repoKey: string, shas: string[]): Promise<Map<string, KnownCommit>>;
  /** Commits from pushes of the branch after `base` up to `head`, newest first; undefined when the chain has a hole. */
  pushedBetween(
    repoKey: string,
    base: string,
    head: string,
  ): Promise<KnownCommit[] | undefined>;
  comparison(
    repoKey: string,
    base: string,
    head: string,
  ): Promise<CommitRange | undefined>;
  saveComparison(
    repoKey: string,
    base: string,
    head: string,
    range: CommitRange,
  ): Promise<void>;
  saveApprovals(
    runKey: string,
    attempt: number,
    approvals: RecordedApproval[],
  ): Promise<void>;
  approvals(
    runKey: string,
    attempt: number,
  ): Promise<RecordedApproval[] | undefined>;

  // -- derived, rebuilt at any time -----------------------------------------------------------------------------------
  /** Replaces what is derived of one service; deployments that fell out of the window of facts stay. True when something differs. */
  saveEnvironments(
    entityRef: string,
    items: {
      position: number;
      environment: Environment;
      deployments: LogicalDeployment[];
    }[],
    computedAt: number,
  ): Promise<boolean>;
  environments(entityRef: string): Promise<EnvironmentRow[]>;
  /** Of every service, for the matrix. */
  allEnvironments(): Promise<EnvironmentRow[]>;
  /** Logical deployments of one environment, newest first. */
  deployments(
    entityRef: string,
    environment: string,
    after: HistoryCursor | undefined,
    limit: number,
  ): Promise<LogicalDeployment[]>;
}
