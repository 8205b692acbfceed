import type {
  AwsPlace,
  AwsRecords,
  RepositoryRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
  TaskRecord,
} from './records';
import type { NewImage } from './machine/images';
import type { ServiceSpec } from './machine/seedService';

export interface ServiceName extends AwsPlace {
  cluster: string;
  service: string;
}

/** An error with AWS's own type and text; the wire turns it into the protocol's shape. */
export class AwsError extends Error {
  constructor(
    /** `ClusterNotFoundException`, `AccessDenied` … */
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** What a deployment that was asked for has come to. */
export interface DeploymentProgress {
  state: 'moving' | 'succeeded' | 'rolled_back' | 'stopped';
  /** When it is worth looking again, epoch milliseconds; absent when it ended. */
  lookAgainAt?: number;
  reason?: string;
}

/**
 * AWS as it changes with time. Nothing runs by itself: {@link AwsCloud.settle} brings every rollout, task and alarm up to the clock's
 * now, in the order of their times, so that a history of 90 days plays in no time and a live rollout takes its (shortened) time.
 * Every method settles first. Durations are real-world ones divided by the sandbox's speed.
 */
export interface AwsCloud {
  readonly records: AwsRecords;
  settle(): void;
  /** Time of the next change that is under way; undefined when everything stands still. */
  nextAt(): number | undefined;

  // -- what pipelines and people call ----------------------------------------------------------------------------------
  /** @throws AwsError ImageTagAlreadyExistsException where tags are immutable */
  putImage(place: AwsPlace, image: NewImage): void;
  /** @throws AwsError RepositoryAlreadyExistsException */
  createRepository(
    place: AwsPlace,
    repository: Pick<RepositoryRecord, 'name' | 'mutability' | 'tags'>,
  ): RepositoryRecord;
  /** A service that runs at once, with all that belongs to it, its cluster too. */
  createService(spec: ServiceSpec): ServiceRecord;
  tagService(name: ServiceName, tags: Record<string, string>): void;
  registerTaskDefinition(
    place: AwsPlace,
    definition: Pick<TaskDefinitionRecord, 'family' | 'containers'> &
      Partial<Pick<TaskDefinitionRecord, 'cpu' | 'memory' | 'tags'>>,
    by: string,
  ): TaskDefinitionRecord;
  deregisterTaskDefinition(place: AwsPlace, arn: string): TaskDefinitionRecord;
  /** Starts a deployment when the task definition is another one or `force` is set; gives it. */
  updateService(
    name: ServiceName,
    change: { taskDefinition?: string; desiredCount?: number; force?: boolean },
    by: string,
  ): ServiceDeploymentRecord | undefined;
  progress(deploymentArn: string): DeploymentProgress;
  /** Runs a one-off task; it stops by itself with the exit code. */
  runTask(
    place: AwsPlace & { cluster: string },
    task: {
      taskDefinition: string;
      startedBy: string;
      exitCode?: number;
      seconds?: number;
    },
  ): TaskRecord;
  stopDeployment(
    arn: string,
    stopType: 'ROLLBACK' | 'ABORT',
  ): ServiceDeploymentRecord;
  continueDeployment(
    arn: string,
    hookId: string,
    action: 'CONTINUE' | 'ROLLBACK',
  ): ServiceDeploymentRecord;
  setDesiredCount(name: ServiceName, count: number): void;
  deleteService(name: ServiceName): void;
  service(name: ServiceName): ServiceRecord;
  taskDefinition(arn: string): TaskDefinitionRecord;

  // -- what the verbs of the command line do -----------------------------------------------------------------------------
  /** Somebody registers a task definition by hand with another image and puts it into the service. */
  drift(
    name: ServiceName,
    by: string,
    image: { repository: string; digest: string; tags: string[] },
  ): ServiceDeploymentRecord;
  setAlarm(place: AwsPlace, alarm: string, state: 'OK' | 'ALARM'): void;
  /** Stops running tasks; ECS starts new ones. */
  killTasks(name: ServiceName, count: number): number;
  /** The health check of the balancer fails for every task until `heal`. */
  breakTargets(
    name: ServiceName,
    reason: 'timeout' | 'code' | undefined,
  ): number;
  /** The next deployment of the service never becomes healthy. */
  spoilNext(
    name: ServiceName,
    what: NonNullable<ServiceDeploymentRecord['plan']['bad']>,
  ): void;
}
