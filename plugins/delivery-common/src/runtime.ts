/**
 * What a runtime (Amazon ECS) tells about the services it runs, in the product's own words. Times are epoch milliseconds in UTC.
 * Every fact is an API read; an event of the runtime only says when to read.
 */

/** An account and region of a vendor. @public */
export interface RuntimeScope {
  accountId: string;
  region: string;
}

/** @public */
export interface ClusterScope extends RuntimeScope {
  /** Name, not ARN. */
  cluster: string;
}

/** One service of a runtime. @public */
export interface RuntimeRef extends ClusterScope {
  /** Id of the provider: `ecs`. */
  provider: string;
  /** Name, not ARN. */
  service: string;
}

/** `<provider>/<account>/<region>/<cluster>/<service>`: how facts and bindings name a service of a runtime. @public */
export function runtimeKeyOf(ref: RuntimeRef): string {
  const { provider, accountId, region, cluster, service } = ref;
  return [provider, accountId, region, cluster, service].join('/');
}

/** The reverse of {@link runtimeKeyOf}; undefined for any other text. @public */
export function parseRuntimeKey(key: string): RuntimeRef | undefined {
  const parts = key.split('/');
  if (parts.length !== 5 || parts.some(part => part === '')) return undefined;
  const [provider, accountId, region, cluster, service] = parts;
  return { provider, accountId, region, cluster, service };
}

/** How a runtime replaces one revision by another. */
export const STRATEGIES = [
  'rolling',
  'blue_green',
  'canary',
  'linear',
  'unknown',
] as const;
/** @public */
export type Strategy = (typeof STRATEGIES)[number];

/** Where the deployment of a runtime stands. `unknown` stands for a word this version does not know, and never looks like success. */
export const ROLLOUT_STATUSES = [
  'pending',
  'in_progress',
  'succeeded',
  'stopping',
  'stopped',
  'rolling_back',
  'rolled_back',
  'rollback_failed',
  'failed',
  'unknown',
] as const;
/** @public */
export type RolloutStatus = (typeof ROLLOUT_STATUSES)[number];

/** Tasks of one revision that takes part in a deployment. @public */
export interface RevisionPart {
  revisionKey: string;
  requested: number;
  running: number;
  pending: number;
  /** Percent of the traffic, 0 to 100; absent when the strategy shifts none. */
  testTraffic?: number;
  productionTraffic?: number;
}

/** A service as it is now; replaced by every read. @public */
export interface RuntimeServiceFact {
  kind: 'runtimeService';
  runtimeKey: string;
  arn: string;
  /** `missing`: the runtime says there is no such service (any more). */
  status: 'active' | 'draining' | 'inactive' | 'missing' | 'unknown';
  rawStatus: string;
  controller: 'ecs' | 'code_deploy' | 'external' | 'unknown';
  strategy: Strategy;
  desired: number;
  running: number;
  pending: number;
  /** ARN of the task definition new tasks get. */
  taskDefinition?: string;
  /** ARN of the newest service deployment. */
  currentDeployment?: string;
  /** Revisions with tasks now. */
  revisions: RevisionPart[];
  /** `deployments[]` of the service: one when steady. */
  deployments: {
    id: string;
    role: 'primary' | 'active' | 'inactive' | 'unknown';
    taskDefinition?: string;
    desired: number;
    running: number;
    pending: number;
    failedTasks: number;
    rollout?: 'in_progress' | 'completed' | 'failed' | 'unknown';
    reason?: string;
    createdAt?: number;
    updatedAt?: number;
  }[];
  /** ARNs; empty: a worker without balancer. */
  targetGroups: string[];
  /** ARNs of the balancers' rules (or listeners) with the production traffic; absent: any rule may have it. */
  productionRules?: string[];
  alarmNames: string[];
  circuitBreaker?: { enabled: boolean; rollback: boolean };
  tags: Record<string, string>;
  /** Newest first, ten at most. */
  events: { id: string; at: number; message: string }[];
}

/** One service deployment, kept for ever. @public */
export interface RuntimeDeploymentFact {
  kind: 'runtimeDeployment';
  /** ARN. */
  deploymentKey: string;
  runtimeKey: string;
  status: RolloutStatus;
  rawStatus: string;
  statusReason?: string;
  createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  stoppedAt?: number;
  /** The runtime's word of the stage of a deployment with traffic: `BAKE_TIME`. */
  stage?: string;
  target?: RevisionPart;
  sources: RevisionPart[];
  rollback?: { reason?: string; startedAt?: number; revisionKey?: string };
  circuitBreaker?: {
    state: 'disabled' | 'monitoring' | 'complete' | 'triggered' | 'unknown';
    failures: number;
    threshold: number;
  };
  alarms?: {
    state: 'disabled' | 'monitoring' | 'complete' | 'triggered' | 'unknown';
    names: string[];
    triggered: string[];
  };
  /** Pause hooks and functions that hold the deployment. */
  hooks: {
    id?: string;
    /** The runtime's words. */
    type: string;
    state: string;
    stage?: string;
    expiresAt?: number;
  }[];
}

/** What a revision is made of; never changes. @public */
export interface RuntimeRevisionFact {
  kind: 'runtimeRevision';
  /** ARN. */
  revisionKey: string;
  runtimeKey: string;
  taskDefinition?: string;
  /** `digest` is what the runtime itself resolved the image to. */
  images: { container: string; image: string; digest?: string }[];
  /** ARNs of the target groups the revision is behind. */
  targetGroups: string[];
  createdAt?: number;
}

/** @public */
export interface TaskDefinitionFact {
  kind: 'taskDefinition';
  /** ARN with revision number. */
  taskDefinition: string;
  status: 'active' | 'inactive' | 'unknown';
  /** ARN of who registered it. */
  registeredBy?: string;
  registeredAt?: number;
  containers: {
    name: string;
    image: string;
    essential: boolean;
    healthCheck: boolean;
    labels: Record<string, string>;
  }[];
}

/** Tags of an image in its registry. @public */
export interface ImageFact {
  kind: 'image';
  /** Registry and name, without tag and digest. */
  repository: string;
  digest: string;
  tags: string[];
  pushedAt?: number;
  /** True: the registry does not have it (any more). */
  missing?: boolean;
}

/** One task. @public */
export interface RuntimeTask {
  /** Last part of the ARN. */
  id: string;
  taskDefinition?: string;
  /** Id of the deployment (`ecs-svc/…`) that started it. */
  startedBy?: string;
  health: 'healthy' | 'unhealthy' | 'unknown';
  /** The runtime's words: `RUNNING`. */
  lastStatus: string;
  desiredStatus: string;
  stopCode?: string;
  stoppedReason?: string;
  startedAt?: number;
  stoppedAt?: number;
  /** Private address, to find it among the targets of a balancer. */
  address?: string;
  containers: {
    name: string;
    health: 'healthy' | 'unhealthy' | 'unknown';
    lastStatus?: string;
    exitCode?: number;
    reason?: string;
    image?: string;
    digest?: string;
  }[];
}

/** All running tasks of a service, replaced by every read. @public */
export interface RuntimeTasksFact {
  kind: 'runtimeTasks';
  runtimeKey: string;
  tasks: RuntimeTask[];
}

/** State of alarms of an account and region, each replaced by every read. @public */
export interface RuntimeAlarmsFact extends RuntimeScope {
  kind: 'runtimeAlarms';
  alarms: RuntimeAlarm[];
}

/** @public */
export interface RuntimeAlarm {
  name: string;
  state: 'ok' | 'alarm' | 'insufficient_data' | 'missing' | 'unknown';
  reason?: string;
  updatedAt?: number;
}

/** A read that failed; the last good state stays. @public */
export interface RuntimeProblem {
  /** `role_not_assumable`, `throttled`, `cluster_not_found`, `service_not_found`, `wrong_region`, `not_allowed`, `unreachable`, `read_failed`. */
  code: string;
  /** A sentence a person can act on. */
  message: string;
  at: number;
}

/** One thing a runtime told us. @public */
export type RuntimeFact =
  | RuntimeServiceFact
  | RuntimeDeploymentFact
  | RuntimeRevisionFact
  | TaskDefinitionFact
  | ImageFact
  | RuntimeTasksFact
  | RuntimeAlarmsFact;

/** A fact with the start of the read that gave it. @public */
export interface RuntimeChange {
  at: number;
  fact: RuntimeFact;
}

/** What only the page of one environment needs, read when it is opened. @public */
export interface RuntimeHealth {
  at: number;
  /** Running, and the last few stopped ones. */
  tasks: RuntimeTask[];
  stopped: RuntimeTask[];
  targetGroups: {
    arn: string;
    name: string;
    port?: number;
    path?: string;
    matcher?: string;
    intervalSeconds?: number;
    healthyThreshold?: number;
    targets: {
      id: string;
      port?: number;
      /** The balancer's words: `healthy`, `unhealthy`, `initial`, `draining`, `unused`, `unavailable`. */
      state: string;
      /** `Target.Timeout` … */
      reason?: string;
      description?: string;
    }[];
    /** Percent of the balancer's traffic; absent when no rule forwards to it. */
    weight?: number;
    balancer?: {
      arn: string;
      name: string;
      /** `active`, `active_impaired`, `provisioning`, `failed`. */
      state: string;
      dnsName?: string;
    };
  }[];
  alarms: RuntimeAlarm[];
  /** Of the last minutes; absent: the runtime has no data. */
  metrics: {
    name: string;
    unit: string;
    value?: number;
    at?: number;
  }[];
  /** Parts that could not be read; the others are nevertheless told. */
  problems: (RuntimeProblem & { part: string })[];
}
