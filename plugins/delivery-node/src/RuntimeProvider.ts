import type {
  ClusterScope,
  ImageFact,
  RuntimeAlarmsFact,
  RuntimeDeploymentFact,
  RuntimeHealth,
  RuntimeProblem,
  RuntimeRef,
  RuntimeRevisionFact,
  RuntimeScope,
  RuntimeServiceFact,
  RuntimeTasksFact,
  TaskDefinitionFact,
} from 'backstage-plugin-delivery-common';
import type { RawEvent } from './DeliveryProvider';
import type { RuntimeActs } from './RuntimeActs';

/** Where an event of a runtime says that something changed. Without `service` all of the cluster, without `cluster` all of the region. @public */
export interface RuntimeHint extends RuntimeScope {
  cluster?: string;
  service?: string;
}

/** What reading one service gave: its state, or why it could not be read. @public */
export type ServiceRead =
  | { service: string; fact: RuntimeServiceFact }
  | { service: string; problem: Omit<RuntimeProblem, 'at'> };

/** One call to the vendor, for counting. @public */
export interface RuntimeCall extends RuntimeScope {
  /** `ecs.DescribeServices`, `sts.AssumeRole`. */
  operation: string;
}

/**
 * A source of what runs where. Every reading method batches as the vendor allows, keeps to the vendor's rates, honours `signal`, and
 * throws `@backstage/errors` with a `code` (see `RuntimeProblem`) and a sentence a person can act on; one that gives a list of
 * reads never throws for a single one of them.
 * @public
 */
export interface RuntimeProvider {
  /** First part of every runtime key: `ecs`. */
  readonly id: string;
  /**
   * Pure: no clock, no network, no state. An event is a hint to read now, never a fact. Gives nothing for an event this version does not
   * use; throws `InputError` for a body that does not have the shape of its event.
   */
  parseEvent(event: RawEvent): RuntimeHint[];
  /** State of services of one cluster, with their tags: ceil(n/10) calls. */
  readServices(
    cluster: ClusterScope,
    services: string[],
    signal: AbortSignal,
  ): Promise<ServiceRead[]>;
  /** Names of all services of a cluster: ceil(n/100) calls. */
  listServices(cluster: ClusterScope, signal: AbortSignal): Promise<string[]>;
  /** Keys (ARNs) of the deployments of a service since then, newest first: ceil(n/100) calls. */
  listDeployments(
    service: RuntimeRef,
    since: number,
    signal: AbortSignal,
  ): Promise<string[]>;
  /** Deployments by key: ceil(n/20) calls. Keys the vendor does not know any more are left out. */
  readDeployments(
    scope: RuntimeScope,
    deploymentKeys: string[],
    signal: AbortSignal,
  ): Promise<RuntimeDeploymentFact[]>;
  /** Revisions by key: ceil(n/20) calls. They never change: ask once. */
  readRevisions(
    scope: RuntimeScope,
    revisionKeys: string[],
    signal: AbortSignal,
  ): Promise<RuntimeRevisionFact[]>;
  /** One call. `NotFoundError`: deregistered and deleted. */
  readTaskDefinition(
    scope: RuntimeScope,
    taskDefinition: string,
    signal: AbortSignal,
  ): Promise<TaskDefinitionFact>;
  /** Tags of images by digest: one call a repository and hundred digests. The registry may be of another account. */
  readImages(
    images: { repository: string; digest: string }[],
    signal: AbortSignal,
  ): Promise<ImageFact[]>;
  /** Running tasks of a whole cluster by service: 2·ceil(t/100) calls. */
  readTasks(
    cluster: ClusterScope,
    signal: AbortSignal,
  ): Promise<RuntimeTasksFact[]>;
  /** State of alarms: ceil(n/100) calls. A name the vendor does not know is told as `missing`. */
  readAlarms(
    scope: RuntimeScope,
    names: string[],
    signal: AbortSignal,
  ): Promise<RuntimeAlarmsFact>;
  /** The parts of one service from container to balancer, about six calls; what cannot be read is told in `problems`. */
  readHealth(
    service: RuntimeServiceFact,
    signal: AbortSignal,
  ): Promise<RuntimeHealth>;
  /** Address of the service in the vendor's console. */
  consoleUrl?(service: RuntimeRef): string;
  /** Stacks of infrastructure whose last drift detection found a difference; the detection itself is never started. */
  readStackDrift?(
    scope: RuntimeScope,
    stacks: string[],
    signal: AbortSignal,
  ): Promise<
    {
      stack: string;
      status: 'in_sync' | 'drifted' | 'not_checked' | 'unknown';
      driftedResources?: number;
      checkedAt?: number;
    }[]
  >;
  /** What it can do in a person's name; absent: nothing. */
  readonly acts?: RuntimeActs;
}
