import type {
  Container,
  Task,
  TaskDefinition,
  TaskStopCode,
} from '@aws-sdk/client-ecs';
import { AwsRecords, TaskDefinitionRecord, TaskRecord } from '../../records';
import { clusterArn, lastPart } from '../arns';
import { PLATFORM } from './configuration';
import { dateOf } from './lookups';

const STOP_CODES: readonly TaskStopCode[] = [
  'EssentialContainerExited',
  'ServiceSchedulerInitiated',
  'SpotInterruption',
  'TaskFailedToStart',
  'TerminationNotice',
  'UserInitiated',
];

const VERSIONS = ['PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'STOPPED'];

const hex = (text: string, length: number) =>
  text
    .replace(/[^0-9a-f]/g, '')
    .padEnd(length, '0')
    .slice(0, length);

type Definition = Pick<TaskDefinition, 'cpu' | 'memory'> &
  Pick<TaskDefinitionRecord, 'containers'>;

function containerBody(
  records: AwsRecords,
  task: TaskRecord,
  container: Definition['containers'][number],
  index: number,
): Container {
  const id = lastPart(task.arn);
  const resolved = records.revisions
    .find(revision => revision.arn === task.revision)
    ?.images.find(image => image.container === container.name)?.digest;
  return {
    containerArn: `arn:aws:ecs:${task.region}:${task.accountId}:container/${
      task.cluster
    }/${id}/${hex(id, 8)}-${index}`,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    // known once the image was pulled
    imageDigest:
      task.startedAt === null
        ? undefined
        : resolved ?? (index === 0 ? task.digest : undefined),
    lastStatus: task.lastStatus,
    exitCode: index === 0 && task.exitCode !== null ? task.exitCode : undefined,
    reason:
      index === 0 && task.containerReason !== null
        ? task.containerReason
        : undefined,
    networkBindings: [],
    networkInterfaces: task.privateIp
      ? [{ attachmentId: hex(id, 32), privateIpv4Address: task.privateIp }]
      : [],
    healthStatus:
      container.healthCheck === null ? 'UNKNOWN' : task.healthStatus,
    cpu: '0',
  };
}

/** A task as DescribeTasks and RunTask answer it. */
export function taskBody(records: AwsRecords, task: TaskRecord): Task {
  const id = lastPart(task.arn);
  const [family, revision] = lastPart(task.taskDefinition).split(':');
  const definition = records.taskDefinitions.find(
    known =>
      known.family === family &&
      known.revision === Number(revision) &&
      known.accountId === task.accountId &&
      known.region === task.region,
  );
  return {
    taskArn: task.arn,
    clusterArn: clusterArn(task, task.cluster),
    taskDefinitionArn: task.taskDefinition,
    group:
      task.service === null ? `family:${family}` : `service:${task.service}`,
    startedBy: task.startedBy || undefined,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: task.healthStatus,
    connectivity: task.startedAt === null ? undefined : 'CONNECTED',
    connectivityAt: dateOf(task.startedAt),
    availabilityZone: `${task.region}a`,
    createdAt: new Date(task.createdAt),
    startedAt: dateOf(task.startedAt),
    stoppedAt: dateOf(task.stoppedAt),
    executionStoppedAt: dateOf(task.stoppedAt),
    stopCode: STOP_CODES.find(code => code === task.stopCode),
    stoppedReason: task.stoppedReason ?? undefined,
    containers: (definition?.containers ?? []).map((container, index) =>
      containerBody(records, task, container, index),
    ),
    attachments: task.privateIp
      ? [
          {
            id: hex(id, 32),
            type: 'ElasticNetworkInterface',
            status: task.lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED',
            details: [{ name: 'privateIPv4Address', value: task.privateIp }],
          },
        ]
      : [],
    attributes: [],
    cpu: definition?.cpu,
    memory: definition?.memory,
    launchType: 'FARGATE',
    ...PLATFORM,
    enableExecuteCommand: false,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    tags: [],
    version: VERSIONS.indexOf(task.lastStatus) + 1,
  };
}
