import { AwsError, type ServiceName } from '../cloud';
import type {
  AlarmRecord,
  AwsPlace,
  AwsRecords,
  BalancerRecord,
  ClusterRecord,
  RevisionRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TargetGroupRecord,
  TaskDefinitionRecord,
  TaskRecord,
} from '../records';
import { serviceArn, taskDefinitionArn } from './arns';
import { Lookup } from './Lookup';

const named = (item: AwsPlace & { name: string }) =>
  `${item.accountId}/${item.region}/${item.name}`;

/** Name of a service from its record. */
export const nameOf = (service: ServiceRecord): ServiceName => ({
  accountId: service.accountId,
  region: service.region,
  cluster: service.cluster,
  service: service.name,
});

const taskOwner = (task: TaskRecord) =>
  task.service === null
    ? undefined
    : serviceArn({ ...task, service: task.service });

/** The records, found by what AWS names them by. */
export class Estate {
  readonly clusters: Lookup<ClusterRecord>;
  readonly services: Lookup<ServiceRecord>;
  readonly definitions: Lookup<TaskDefinitionRecord>;
  readonly revisions: Lookup<RevisionRecord>;
  readonly deployments: Lookup<ServiceDeploymentRecord>;
  readonly tasks: Lookup<TaskRecord>;
  readonly targetGroups: Lookup<TargetGroupRecord>;
  readonly balancers: Lookup<BalancerRecord>;
  readonly alarms: Lookup<AlarmRecord>;
  readonly #byRevision: Lookup<ServiceDeploymentRecord>;
  /** The newest of a family; revisions only grow. */
  readonly #newest: Lookup<TaskDefinitionRecord>;
  /** Tasks of a service that have not stopped, in order of creation. */
  readonly #live = new Map<string, Set<TaskRecord>>();
  readonly #liveOfRecord = new WeakMap<ServiceRecord, Set<TaskRecord>>();

  constructor(readonly records: AwsRecords) {
    this.clusters = new Lookup(records.clusters, named);
    this.services = new Lookup(records.services, service =>
      serviceArn(nameOf(service)),
    );
    this.definitions = new Lookup(records.taskDefinitions, taskDefinitionArn);
    this.#newest = new Lookup(records.taskDefinitions, item =>
      named({ ...item, name: item.family }),
    );
    this.revisions = new Lookup(records.revisions, ({ arn }) => arn);
    this.deployments = new Lookup(records.deployments, ({ arn }) => arn);
    this.#byRevision = new Lookup(
      records.deployments,
      ({ targetRevision }) => targetRevision,
    );
    this.tasks = new Lookup(records.tasks, ({ arn }) => arn);
    this.targetGroups = new Lookup(records.targetGroups, named);
    this.balancers = new Lookup(records.balancers, named);
    this.alarms = new Lookup(records.alarms, named);
    for (const task of records.tasks) {
      if (task.lastStatus !== 'STOPPED') this.#liveOf(task)?.add(task);
    }
  }

  #liveOf(task: TaskRecord): Set<TaskRecord> | undefined {
    const owner = taskOwner(task);
    return owner === undefined ? undefined : this.#liveUnder(owner);
  }

  #liveUnder(owner: string): Set<TaskRecord> {
    let live = this.#live.get(owner);
    if (!live) {
      live = new Set();
      this.#live.set(owner, live);
    }
    return live;
  }

  addTask(task: TaskRecord): void {
    this.tasks.add(task);
    this.#liveOf(task)?.add(task);
  }

  /** The task has stopped; its record stays for a while. */
  taskStopped(task: TaskRecord): void {
    this.#liveOf(task)?.delete(task);
  }

  live(service: ServiceRecord): TaskRecord[] {
    let live = this.#liveOfRecord.get(service);
    if (!live) {
      live = this.#liveUnder(serviceArn(nameOf(service)));
      this.#liveOfRecord.set(service, live);
    }
    return [...live];
  }

  serviceOf(task: TaskRecord): ServiceRecord | undefined {
    const owner = taskOwner(task);
    return owner === undefined ? undefined : this.services.get(owner);
  }

  ownerOf(deployment: ServiceDeploymentRecord): ServiceRecord {
    return this.#sure(this.services.get(serviceArn(deployment)));
  }

  current(service: ServiceRecord): ServiceDeploymentRecord | undefined {
    return service.currentDeployment === null
      ? undefined
      : this.deployments.get(service.currentDeployment);
  }

  /** The deployment that brought a revision. */
  deploymentOf(revision: string): ServiceDeploymentRecord | undefined {
    return this.#byRevision.get(revision);
  }

  revision(arn: string): RevisionRecord {
    return this.#sure(this.revisions.get(arn));
  }

  targetGroup(place: AwsPlace, name: string): TargetGroupRecord | undefined {
    return this.targetGroups.get(named({ ...place, name }));
  }

  balancer(place: AwsPlace, name: string): BalancerRecord | undefined {
    return this.balancers.get(named({ ...place, name }));
  }

  alarm(place: AwsPlace, name: string): AlarmRecord | undefined {
    return this.alarms.get(named({ ...place, name }));
  }

  newestRevision(place: AwsPlace, family: string): number {
    return this.#newest.get(named({ ...place, name: family }))?.revision ?? 0;
  }

  /** @throws AwsError `ClusterNotFoundException` */
  cluster(place: AwsPlace, name: string): ClusterRecord {
    const found = this.clusters.get(named({ ...place, name }));
    if (!found) {
      throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    }
    return found;
  }

  /** @throws AwsError `ClusterNotFoundException`, `ServiceNotFoundException` */
  service(name: ServiceName): ServiceRecord {
    this.cluster(name, name.cluster);
    const found = this.services.get(serviceArn(name));
    if (!found) {
      throw new AwsError('ServiceNotFoundException', 'Service not found.');
    }
    return found;
  }

  /** @throws AwsError additionally `ServiceNotActiveException` */
  activeService(name: ServiceName): ServiceRecord {
    const found = this.service(name);
    if (found.status !== 'ACTIVE') {
      throw new AwsError(
        'ServiceNotActiveException',
        'Service was not ACTIVE.',
      );
    }
    return found;
  }

  /** @throws AwsError `ServiceDeploymentNotFoundException` */
  deployment(arn: string): ServiceDeploymentRecord {
    const found = this.deployments.get(arn);
    if (!found) {
      throw new AwsError(
        'ServiceDeploymentNotFoundException',
        'The specified service deployment ARN was not found.',
      );
    }
    return found;
  }

  #sure<T>(found: T | undefined): T {
    if (found === undefined) {
      throw new Error(
        'The saved state of the sandbox does not fit together; run "yarn sandbox reset".',
      );
    }
    return found;
  }
}
