import type {
  Commit,
  Environment,
  LogicalDeployment,
  Tier,
} from '../../contract';
import type {
  ImageFact,
  RuntimeAlarm,
  RuntimeDeploymentFact,
  RuntimeProblem,
  RuntimeRef,
  RuntimeRevisionFact,
  RuntimeServiceFact,
  RuntimeTask,
  TaskDefinitionFact,
} from '../../runtime';
import type { State } from '../../model';

/** A deployment as the vendor of the pipeline tells it, with its statuses and the run it is of. */
export interface PipelineDeployment {
  deploymentKey: string;
  sha: string;
  ref: string;
  creator?: string;
  createdAt: number;
  /** Oldest first; words of the vendor: `waiting`, `in_progress`, `success`, `failure`, `inactive`, `error`, `queued`, `pending`. */
  statuses: {
    statusKey: string;
    state: string;
    createdAt: number;
    creator?: string;
    url?: string;
  }[];
  run?: {
    runKey: string;
    runNumber: number;
    title: string;
    url: string;
    actor?: string;
    triggeringActor?: string;
    attempt: number;
    state: State;
    waitingFor: string[];
  };
  /** Jobs of the run (any attempt) that name this environment. */
  jobs: {
    jobKey: string;
    name: string;
    attempt: number;
    state: State;
    startedAt?: number;
    completedAt?: number;
    url?: string;
    /** Steps that say what kind of deployment it was: `Roll back`. */
    steps: { name: string; state: State }[];
  }[];
  /** Logins of who approved, as far as it was asked. */
  approvedBy?: string[];
}

/** Everything the runtime told of one service. */
export interface RuntimeState {
  ref: RuntimeRef;
  /** Absent: never read. */
  service?: RuntimeServiceFact;
  observedAt?: number;
  /** Present when the last read failed. */
  problem?: RuntimeProblem;
  /** Newest first. */
  deployments: RuntimeDeploymentFact[];
  revisions: Map<string, RuntimeRevisionFact>;
  taskDefinitions: Map<string, TaskDefinitionFact>;
  /** By `<repository>@<digest>`. */
  images: Map<string, ImageFact>;
  /** Full SHA of a short one; `null`: none or several; absent: not asked yet. */
  shortShas: Map<string, string | null>;
  tasks?: { at: number; tasks: RuntimeTask[] };
  alarms: RuntimeAlarm[];
  /** Infrastructure, as far as the portal watches stacks of this environment. */
  stacks?: {
    stack: string;
    status: string;
    driftedResources?: number;
    checkedAt?: number;
  }[];
}

/** An environment of a service as configuration and bindings say. */
export interface EnvironmentPlace {
  name: string;
  tier: Tier;
  /** Absent: nothing is read from a runtime ("declared, not observed"). */
  runtime?: RuntimeState;
  /** The runtime named is not this service's, or nothing was found. */
  problem?: RuntimeProblem;
}

/** A commit as the store knows it. */
export interface KnownCommit {
  sha: string;
  title?: string;
  author?: string;
  at?: number;
  url?: string;
}

/** Facts of one environment of one service. */
export interface EnvironmentFacts {
  place: EnvironmentPlace;
  /** Newest first. */
  pipeline: PipelineDeployment[];
  /** Commits of the repository by full SHA, as far as the store knows them. */
  commits: Map<string, KnownCommit>;
  /**
   * Present when one of the lists is cut: before this moment facts may be missing, so that nothing is said of who made a deployment of
   * the runtime, and a view does not tell deployments that are older.
   */
  completeSince?: number;
}

/** What is derived of one environment; stored, and rebuilt at any time from the facts. */
export interface EnvironmentView {
  environment: Environment;
  /** Newest first. */
  deployments: LogicalDeployment[];
}

/** Digest → full SHA of the commit, from our own records of what pipelines deployed. */
export type DigestRecords = Map<string, string>;

/** Result of looking for the commit of a revision. */
export type ResolvedCommit = Commit;
