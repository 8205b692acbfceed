import type {
  RuntimeTask,
  TaskDefinitionFact,
} from 'backstage-plugin-delivery-common';
import { wordIn } from './facts';
import { lastPart } from './places';
import type { RawTask, RawTaskDefinition } from './taskSchema';

const HEALTH = { HEALTHY: 'healthy', UNHEALTHY: 'unhealthy' } as const;
const DEFINITION_STATUS = { ACTIVE: 'active', INACTIVE: 'inactive' } as const;

export function taskDefinitionFact(raw: RawTaskDefinition): TaskDefinitionFact {
  return {
    kind: 'taskDefinition',
    taskDefinition: raw.taskDefinitionArn,
    status: wordIn(DEFINITION_STATUS, raw.status),
    registeredBy: raw.registeredBy,
    registeredAt: raw.registeredAt,
    containers: raw.containerDefinitions.map(one => ({
      name: one.name,
      image: one.image,
      essential: one.essential ?? true,
      healthCheck: one.healthCheck !== undefined,
      labels: one.dockerLabels,
    })),
  };
}

function addressOf(raw: RawTask): string | undefined {
  const details = raw.attachments.flatMap(one => one.details);
  return (
    details.find(({ name }) => name === 'privateIPv4Address')?.value ??
    raw.containers
      .flatMap(({ networkInterfaces }) => networkInterfaces)
      .find(one => one.privateIpv4Address !== undefined)?.privateIpv4Address
  );
}

export function taskOf(raw: RawTask): RuntimeTask {
  return {
    id: lastPart(raw.taskArn),
    taskDefinition: raw.taskDefinitionArn,
    startedBy: raw.startedBy,
    health: wordIn(HEALTH, raw.healthStatus),
    lastStatus: raw.lastStatus ?? '',
    desiredStatus: raw.desiredStatus ?? '',
    stopCode: raw.stopCode,
    stoppedReason: raw.stoppedReason,
    startedAt: raw.startedAt,
    stoppedAt: raw.stoppedAt,
    address: addressOf(raw),
    containers: raw.containers.map(one => ({
      name: one.name,
      health: wordIn(HEALTH, one.healthStatus),
      lastStatus: one.lastStatus,
      exitCode: one.exitCode,
      reason: one.reason,
      image: one.image,
      digest: one.imageDigest,
    })),
  };
}
