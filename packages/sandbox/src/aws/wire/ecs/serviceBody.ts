import type { Deployment, Service } from '@aws-sdk/client-ecs';
import {
  AwsRecords,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskRecord,
} from '../../records';
import { clusterArn, serviceRecordArn } from '../arns';
import {
  deploymentConfiguration,
  loadBalancers,
  NETWORK,
  PLATFORM,
} from './configuration';
import { tagsOf } from './lookups';

const UNDER_WAY: readonly ServiceDeploymentRecord['status'][] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

const isRollingBack = ({ status }: ServiceDeploymentRecord) =>
  status.startsWith('ROLLBACK');

const isOf =
  (service: ServiceRecord) =>
  (record: {
    accountId: string;
    region: string;
    cluster: string;
    service: string | null;
  }): boolean =>
    record.service === service.name &&
    record.cluster === service.cluster &&
    record.accountId === service.accountId &&
    record.region === service.region;

export const liveTasksOf = (
  records: AwsRecords,
  service: ServiceRecord,
): TaskRecord[] =>
  records.tasks.filter(
    task => task.lastStatus !== 'STOPPED' && isOf(service)(task),
  );

const isRunning = (task: TaskRecord) => task.lastStatus === 'RUNNING';
const isPending = (task: TaskRecord) =>
  task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING';

/** Counts of tasks as a revision's summary has them. */
export function taskCounts(
  tasks: readonly TaskRecord[],
  revision: string,
): {
  requestedTaskCount: number;
  runningTaskCount: number;
  pendingTaskCount: number;
} {
  const own = tasks.filter(task => task.revision === revision);
  return {
    requestedTaskCount: own.filter(task => task.desiredStatus === 'RUNNING')
      .length,
    runningTaskCount: own.filter(isRunning).length,
    pendingTaskCount: own.filter(isPending).length,
  };
}

function rollout(
  deployment: ServiceDeploymentRecord | undefined,
  isTarget: boolean,
): Pick<Deployment, 'rolloutState' | 'rolloutStateReason'> {
  if (deployment && isTarget && isRollingBack(deployment)) {
    return {
      rolloutState: 'FAILED',
      rolloutStateReason:
        deployment.statusReason ?? deployment.rollback?.reason,
    };
  }
  const id = deployment?.id ?? 'unknown';
  return deployment && UNDER_WAY.includes(deployment.status)
    ? {
        rolloutState: 'IN_PROGRESS',
        rolloutStateReason: `ECS deployment ${id} in progress.`,
      }
    : {
        rolloutState: 'COMPLETED',
        rolloutStateReason: `ECS deployment ${id} completed.`,
      };
}

/** Revisions a service is made of now, the PRIMARY one first. */
function revisionsNow(
  service: ServiceRecord,
  newest: ServiceDeploymentRecord | undefined,
  tasks: readonly TaskRecord[],
): string[] {
  let primary = service.activeRevision;
  if (newest && UNDER_WAY.includes(newest.status)) {
    primary = isRollingBack(newest)
      ? newest.rollback?.revision ?? service.activeRevision
      : newest.targetRevision;
  }
  return [
    ...new Set([primary, ...tasks.flatMap(task => task.revision ?? [])]),
  ].filter(revision => revision !== '');
}

function deploymentsOf(
  records: AwsRecords,
  service: ServiceRecord,
  own: readonly ServiceDeploymentRecord[],
  tasks: readonly TaskRecord[],
): Deployment[] {
  const newest = own.at(0);
  return revisionsNow(service, newest, tasks).map((arn, index) => {
    const record = own.find(deployment => deployment.targetRevision === arn);
    const revision = records.revisions.find(known => known.arn === arn);
    const counts = taskCounts(tasks, arn);
    const isTarget = newest?.targetRevision === arn;
    const made = record?.createdAt ?? revision?.createdAt ?? service.createdAt;
    return {
      id: record?.id ?? `ecs-svc/${arn.split('/').at(-1)}`,
      status: index === 0 ? 'PRIMARY' : 'ACTIVE',
      taskDefinition: revision?.taskDefinition ?? service.taskDefinition,
      desiredCount:
        index === 0 ? service.desiredCount : counts.requestedTaskCount,
      pendingCount: counts.pendingTaskCount,
      runningCount: counts.runningTaskCount,
      failedTasks: isTarget ? newest.failedTasks : 0,
      createdAt: new Date(made),
      updatedAt: new Date(record?.updatedAt ?? made),
      launchType: 'FARGATE',
      ...PLATFORM,
      networkConfiguration: NETWORK,
      ...rollout(index === 0 ? newest ?? record : record, isTarget),
    };
  });
}

/** A service as DescribeServices and UpdateService answer it. */
export function serviceBody(
  records: AwsRecords,
  service: ServiceRecord,
  { withTags }: { withTags: boolean },
): Service {
  const tasks = liveTasksOf(records, service);
  const own = records.deployments
    .filter(isOf(service))
    // records stand in order of creation, which decides between equal times
    .reverse()
    .sort((a, b) => b.createdAt - a.createdAt);
  const newest = own.at(0);
  return {
    serviceArn: serviceRecordArn(service),
    serviceName: service.name,
    clusterArn: clusterArn(service, service.cluster),
    loadBalancers: loadBalancers(records, service),
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    launchType: 'FARGATE',
    ...PLATFORM,
    taskDefinition: service.taskDefinition,
    deploymentConfiguration: deploymentConfiguration(service),
    deployments:
      service.status === 'INACTIVE'
        ? []
        : deploymentsOf(records, service, own, tasks),
    events: service.events.map(({ id, createdAt, message }) => ({
      id,
      createdAt: new Date(createdAt),
      message,
    })),
    createdAt: new Date(service.createdAt),
    currentServiceDeployment: service.currentDeployment ?? undefined,
    currentServiceRevisions: revisionsNow(service, newest, tasks).map(arn => ({
      arn,
      ...taskCounts(tasks, arn),
    })),
    placementConstraints: [],
    placementStrategy: [],
    networkConfiguration: NETWORK,
    healthCheckGracePeriodSeconds: service.targetGroups.length
      ? service.healthCheckGraceSeconds
      : undefined,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    ...(withTags ? { tags: tagsOf(service.tags) } : {}),
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'DISABLED',
  };
}
