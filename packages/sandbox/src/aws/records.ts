/**
 * What the sandbox's AWS keeps: plain JSON, so that it can be saved with the rest of the state. Times are epoch milliseconds, UTC;
 * words are those of the AWS APIs. The wire renders these, `AwsCloud` changes them.
 */

import type {
  AccountRecord,
  IdentityProviderRecord,
  RoleRecord,
  SessionRecord,
} from './identityRecords';

export * from './identityRecords';

export interface AwsPlace {
  accountId: string;
  region: string;
}

export interface ClusterRecord extends AwsPlace {
  name: string;
}

export type ServiceStrategy = 'ROLLING' | 'BLUE_GREEN' | 'CANARY' | 'LINEAR';

export interface ServiceRecord extends AwsPlace {
  cluster: string;
  name: string;
  createdAt: number;
  /** INACTIVE: deleted. */
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  /** ARN of the newest one asked for. */
  taskDefinition: string;
  strategy: ServiceStrategy;
  circuitBreaker: { enable: boolean; rollback: boolean } | null;
  /** Names of alarms in `deploymentConfiguration.alarms`. */
  alarms: { names: string[]; rollback: boolean } | null;
  /** Real-world minutes; divided by the speed like every duration. */
  bakeMinutes: number;
  canaryPercent: number;
  stepPercent: number;
  stepBakeMinutes: number;
  /** Stage at which a PAUSE hook holds a deployment, if any. */
  pauseAt: string | null;
  pauseTimeoutMinutes: number;
  container: string;
  port: number | null;
  /** Names; two for blue/green, canary and linear; empty for a worker. */
  targetGroups: string[];
  healthCheckGraceSeconds: number;
  tags: Record<string, string>;
  /** Newest first, 100 at most. */
  events: { id: string; createdAt: number; message: string }[];
  /** ARN of the revision that has the traffic. */
  activeRevision: string;
  /** ARN. */
  currentDeployment: string | null;
  /** What the next deployment of the service is to suffer from. Never on the wire. */
  spoilNext?: ServiceDeploymentRecord['plan']['bad'];
  /** Every health check of the balancer fails in this way until it is healed. Never on the wire. */
  brokenTargets?: 'timeout' | 'code' | null;
}

export interface TaskDefinitionRecord extends AwsPlace {
  family: string;
  revision: number;
  status: 'ACTIVE' | 'INACTIVE';
  registeredAt: number;
  /** ARN of the principal. */
  registeredBy: string;
  cpu: string;
  memory: string;
  containers: {
    name: string;
    image: string;
    essential: boolean;
    port: number | null;
    labels: Record<string, string>;
    /** Shell command of the health check; null: none. */
    healthCheck: string | null;
    command: string[];
  }[];
  tags: Record<string, string>;
}

export interface RevisionRecord extends AwsPlace {
  arn: string;
  cluster: string;
  service: string;
  taskDefinition: string;
  createdAt: number;
  images: { container: string; image: string; digest: string }[];
  targetGroup: string | null;
}

export type DeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOPPED'
  | 'STOP_REQUESTED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

export interface ServiceDeploymentRecord extends AwsPlace {
  arn: string;
  /** `ecs-svc/…`: what `startedBy` of its tasks says. */
  id: string;
  cluster: string;
  service: string;
  status: DeploymentStatus;
  statusReason: string | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  stoppedAt: number | null;
  updatedAt: number;
  lifecycleStage: string | null;
  targetRevision: string;
  sourceRevisions: string[];
  /** Percent of production and test traffic the target has. */
  productionWeight: number;
  testWeight: number;
  failedTasks: number;
  circuitBreaker: {
    status: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
    threshold: number;
  };
  alarms: {
    status: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
    triggered: string[];
  };
  rollback: {
    reason: string;
    startedAt: number;
    revision: string;
  } | null;
  hook: {
    id: string;
    stage: string;
    status:
      | 'AWAITING_ACTION'
      | 'IN_PROGRESS'
      | 'SUCCEEDED'
      | 'FAILED'
      | 'TIMED_OUT';
    expiresAt: number;
  } | null;
  /** Principal that asked for it. */
  requestedBy: string;
  /** What the state machine wants to find again: when its next step is due, where it stands. Never on the wire. */
  plan: {
    nextAt: number | null;
    step: number;
    /** Tasks of the target never become healthy. */
    bad: 'image' | 'crash' | 'health' | null;
  };
}

export interface TaskRecord extends AwsPlace {
  arn: string;
  cluster: string;
  /** Null: a one-off task (`run-task`). */
  service: string | null;
  taskDefinition: string;
  revision: string | null;
  /** Id of the deployment, or what `startedBy` of `run-task` said. */
  startedBy: string;
  lastStatus: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  createdAt: number;
  startedAt: number | null;
  stoppedAt: number | null;
  stopCode: string | null;
  stoppedReason: string | null;
  exitCode: number | null;
  containerReason: string | null;
  privateIp: string;
  /** State of its registration with the balancer. */
  target: {
    group: string;
    state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
    reason: string | null;
    description: string | null;
  } | null;
  digest: string;
  /** When its next change of state is due. Never on the wire. */
  nextAt: number | null;
  /** Of a one-off task: real-world seconds it works, and how it will end. Never on the wire. */
  plan?: { seconds: number; exitCode: number };
}

export interface TargetGroupRecord extends AwsPlace {
  arn: string;
  name: string;
  port: number;
  path: string;
  matcher: string;
  intervalSeconds: number;
  healthyThreshold: number;
  balancer: string;
}

export interface BalancerRecord extends AwsPlace {
  arn: string;
  name: string;
  dnsName: string;
  state: 'active' | 'active_impaired' | 'provisioning' | 'failed';
  createdAt: number;
  listeners: {
    arn: string;
    port: number;
    /** Rules with the names of the target groups they forward to and their weight, 0 to 100. */
    rules: {
      arn: string;
      priority: string;
      forwards: { group: string; weight: number }[];
    }[];
  }[];
}

export interface ImageRecord extends AwsPlace {
  /** Name without registry. */
  repository: string;
  digest: string;
  tags: string[];
  pushedAt: number;
  sizeInBytes: number;
  /** Of its configuration; absent when nobody has told them. Never on the wire. */
  labels?: Record<string, string>;
  /** What says who built it: `attestation` or `signature` and the id of a repository. Never on the wire. */
  proofs?: string[];
}

/** A repository of images that was made on purpose. Others exist as long as they hold images. */
export interface RepositoryRecord extends AwsPlace {
  name: string;
  createdAt: number;
  /** IMMUTABLE: a tag can be pushed once. */
  mutability: 'IMMUTABLE' | 'MUTABLE';
  tags: Record<string, string>;
}

export interface AlarmRecord extends AwsPlace {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  updatedAt: number;
  metric: string;
  threshold: number;
}

export interface StackRecord extends AwsPlace {
  name: string;
  id: string;
  createdAt: number;
  outputs: Record<string, string>;
  drift: {
    status: 'IN_SYNC' | 'DRIFTED' | 'NOT_CHECKED';
    resources: number;
    checkedAt: number | null;
  };
}

/** Everything of AWS. */
export interface AwsRecords {
  accounts: AccountRecord[];
  sessions: SessionRecord[];
  clusters: ClusterRecord[];
  services: ServiceRecord[];
  taskDefinitions: TaskDefinitionRecord[];
  revisions: RevisionRecord[];
  deployments: ServiceDeploymentRecord[];
  tasks: TaskRecord[];
  targetGroups: TargetGroupRecord[];
  balancers: BalancerRecord[];
  images: ImageRecord[];
  alarms: AlarmRecord[];
  stacks: StackRecord[];
  /** Absent, like the next two, until the first is made. */
  roles?: RoleRecord[];
  repositories?: RepositoryRecord[];
  identityProviders?: IdentityProviderRecord[];
  /** Faults of single accounts: `until` epoch milliseconds, or null for "until cleared". */
  faults: {
    accountId: string;
    kind: 'throttle' | 'access-denied' | 'down';
    until: number | null;
  }[];
  /** For ids. */
  counter: number;
}
