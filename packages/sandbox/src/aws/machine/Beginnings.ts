import type { ServiceName } from '../cloud';
import type {
  RevisionRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
} from '../records';
import {
  deploymentArn,
  deploymentIdOf,
  revisionArn,
  taskDefinitionArn,
} from './arns';
import { isMoving, type Endings } from './Endings';
import { nameOf } from './Estate';
import { isActive } from './health';
import { moveDeployment, type Parts } from './Parts';
import { shiftsTraffic } from './traffic';

/** Percent of the desired tasks that may fail before the circuit breaker opens; 3 to 200. */
const thresholdOf = (desired: number) =>
  Math.min(200, Math.max(3, Math.ceil(desired / 2)));

/** Makes revisions and the deployments that bring them. */
export class Beginnings {
  constructor(
    private readonly parts: Parts,
    private readonly endings: Endings,
  ) {}

  /** A revision of the service as the definition says now; tags are resolved to digests once, here. */
  revision(
    name: ServiceName,
    definition: TaskDefinitionRecord,
    targetGroup: string | null,
    at: number,
  ): RevisionRecord {
    const { estate, chance, images } = this.parts;
    const revision: RevisionRecord = {
      accountId: name.accountId,
      region: name.region,
      arn: revisionArn(name, chance.number()),
      cluster: name.cluster,
      service: name.service,
      taskDefinition: taskDefinitionArn(definition),
      createdAt: at,
      images: images.resolve(definition),
      targetGroup,
    };
    estate.revisions.add(revision);
    return revision;
  }

  record(
    name: ServiceName,
    revision: RevisionRecord,
    requestedBy: string,
    at: number,
  ): ServiceDeploymentRecord {
    const { estate, chance } = this.parts;
    const deployment: ServiceDeploymentRecord = {
      accountId: name.accountId,
      region: name.region,
      arn: deploymentArn(name, chance.hex(21)),
      id: deploymentIdOf(revision.arn),
      cluster: name.cluster,
      service: name.service,
      status: 'PENDING',
      statusReason: null,
      createdAt: at,
      startedAt: null,
      finishedAt: null,
      stoppedAt: null,
      updatedAt: at,
      lifecycleStage: null,
      targetRevision: revision.arn,
      sourceRevisions: [],
      productionWeight: 0,
      testWeight: 0,
      failedTasks: 0,
      circuitBreaker: { status: 'DISABLED', threshold: 0 },
      alarms: { status: 'DISABLED', triggered: [] },
      rollback: null,
      hook: null,
      requestedBy,
      plan: { nextAt: null, step: 0, bad: null },
    };
    estate.deployments.add(deployment);
    return deployment;
  }

  /** Starts a deployment; one that is under way is superseded. */
  start(
    service: ServiceRecord,
    definition: TaskDefinitionRecord,
    requestedBy: string,
    at: number,
  ): ServiceDeploymentRecord {
    const { estate, chance } = this.parts;
    const older = estate.current(service);
    if (older && isMoving(older)) {
      const reason =
        'Service deployment stopped because a newer service deployment was started.';
      this.endings.halt(service, older, reason, at);
    }
    if (older) moveDeployment(this.parts, older, null);
    const name = nameOf(service);
    const revision = this.revision(name, definition, this.#group(service), at);
    const deployment = this.record(name, revision, requestedBy, at);
    const pullable = revision.images.every(({ digest }) => digest !== '');
    deployment.plan.bad = pullable ? service.spoilNext ?? null : 'image';
    delete service.spoilNext;
    deployment.sourceRevisions = this.#sources(service, revision.arn);
    this.#watch(service, deployment);
    service.currentDeployment = deployment.arn;
    service.taskDefinition = revision.taskDefinition;
    moveDeployment(this.parts, deployment, at + chance.seconds(2));
    return deployment;
  }

  #watch(service: ServiceRecord, deployment: ServiceDeploymentRecord): void {
    if (service.circuitBreaker?.enable && !shiftsTraffic(service)) {
      const threshold = thresholdOf(service.desiredCount);
      deployment.circuitBreaker = { status: 'MONITORING', threshold };
    }
    const names = service.alarms?.names ?? [];
    // ECS does not look at the alarms of a deployment at all when one of them rings already at its start.
    const rings = names.some(
      alarm => this.parts.estate.alarm(service, alarm)?.state === 'ALARM',
    );
    if (names.length > 0 && !rings) deployment.alarms.status = 'MONITORING';
  }

  #group(service: ServiceRecord): string | null {
    const { targetGroups } = service;
    if (targetGroups.length === 0) return null;
    if (!shiftsTraffic(service)) return targetGroups[0];
    const { targetGroup } = this.parts.estate.revision(service.activeRevision);
    return targetGroups.find(group => group !== targetGroup) ?? targetGroups[0];
  }

  #sources(service: ServiceRecord, target: string): string[] {
    const running = this.parts.estate
      .live(service)
      .filter(isActive)
      .flatMap(({ revision }) => (revision === null ? [] : [revision]));
    return [...new Set([service.activeRevision, ...running])].filter(
      revision => revision !== target,
    );
  }
}
