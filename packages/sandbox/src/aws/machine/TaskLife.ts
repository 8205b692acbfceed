import type { RevisionRecord, ServiceRecord, TaskRecord } from '../records';
import { deploymentIdOf, lastPart, taskArn } from './arns';
import { ailmentOf, hasCheck, mainDigest } from './health';
import { HealthChecks } from './HealthChecks';
import { moveTask, type Parts } from './Parts';
import { groupText, taskList, tell } from './tell';

/** Why a task is told to stop. */
export interface StopCause {
  stopCode: string;
  reason: string;
}

/** `failed`: the task ended, or is made to end, by its own fault. */
export type StepOutcome = 'moved' | 'failed';

const privateIp = (hex: string) =>
  ['10', ...[0, 2, 4].map(at => parseInt(hex.slice(at, at + 2), 16))].join('.');

/** A task from PROVISIONING to STOPPED, one step at a time. */
export class TaskLife {
  readonly #checks: HealthChecks;

  constructor(private readonly parts: Parts) {
    this.#checks = new HealthChecks(parts);
  }

  /** Tasks of a revision of the service. */
  start(
    service: ServiceRecord,
    revision: RevisionRecord,
    count: number,
    at: number,
  ): TaskRecord[] {
    const started: TaskRecord[] = [];
    for (let number = 0; number < count; number += 1) {
      const task = this.#create(
        service,
        {
          cluster: service.cluster,
          service: service.name,
          taskDefinition: revision.taskDefinition,
          revision: revision.arn,
          startedBy: deploymentIdOf(revision.arn),
          digest: mainDigest(revision.images, service.container),
        },
        at,
      );
      started.push(task);
    }
    if (count > 0) {
      const text = `has started ${count} tasks: ${taskList(started)}.`;
      tell(this.parts.chance, service, at, text);
    }
    return started;
  }

  /** A task that belongs to no service; it ends by itself. */
  startOneOff(
    place: { accountId: string; region: string },
    facts: Pick<
      TaskRecord,
      'cluster' | 'taskDefinition' | 'startedBy' | 'digest' | 'plan'
    >,
    at: number,
  ): TaskRecord {
    return this.#create(place, { ...facts, service: null, revision: null }, at);
  }

  #create(
    place: { accountId: string; region: string },
    facts: Pick<
      TaskRecord,
      | 'cluster'
      | 'service'
      | 'taskDefinition'
      | 'revision'
      | 'startedBy'
      | 'digest'
      | 'plan'
    >,
    at: number,
  ): TaskRecord {
    const { chance, estate } = this.parts;
    const id = chance.hex();
    const task: TaskRecord = {
      accountId: place.accountId,
      region: place.region,
      arn: taskArn(place, facts.cluster, id),
      ...facts,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      healthStatus: 'UNKNOWN',
      createdAt: at,
      startedAt: null,
      stoppedAt: null,
      stopCode: null,
      stoppedReason: null,
      exitCode: null,
      containerReason: null,
      privateIp: privateIp(id),
      target: null,
      nextAt: null,
    };
    estate.addTask(task);
    moveTask(this.parts, task, at + this.#span(task, 'provisioning', 6, 12));
    return task;
  }

  /** Puts a new task where it would be after a while: running, healthy and registered. */
  skipToReady(service: ServiceRecord, task: TaskRecord, at: number): void {
    task.lastStatus = 'RUNNING';
    task.startedAt = at;
    const definition = this.parts.estate.definitions.get(task.taskDefinition);
    if (hasCheck(definition)) task.healthStatus = 'HEALTHY';
    const group = this.#groupOf(task);
    if (group !== null) {
      task.target = {
        group,
        state: 'healthy',
        reason: null,
        description: null,
      };
    }
    moveTask(this.parts, task, null);
    if (service.brokenTargets) this.#checks.breakTarget(service, task, at);
  }

  /** Tells running tasks to stop: they drain first when they have a target. */
  stop(
    service: ServiceRecord | undefined,
    tasks: readonly TaskRecord[],
    cause: StopCause,
    at: number,
  ): void {
    if (tasks.length === 0) return;
    const drained = tasks.filter(({ target }) => target !== null);
    for (const task of tasks) {
      task.desiredStatus = 'STOPPED';
      task.stopCode = cause.stopCode;
      task.stoppedReason = cause.reason;
      const [from, to] = this.#stopSeconds(task);
      task.lastStatus = 'STOPPING';
      if (task.target) {
        task.target.state = 'draining';
        task.target.reason = 'Target.DeregistrationInProgress';
        task.target.description = 'Target deregistration is in progress';
      }
      moveTask(this.parts, task, at + this.#span(task, 'stopping', from, to));
    }
    if (!service) return;
    const { chance, estate } = this.parts;
    if (drained.length > 0) {
      const group = groupText(estate, service, drained[0].target?.group ?? '');
      tell(
        chance,
        service,
        at,
        `deregistered ${drained.length} targets in ${group}`,
      );
      tell(
        chance,
        service,
        at,
        `has begun draining connections on ${drained.length} tasks.`,
      );
    }
    tell(
      chance,
      service,
      at,
      `has stopped ${tasks.length} running tasks: ${taskList(tasks)}.`,
    );
  }

  #stopSeconds(task: TaskRecord): [number, number] {
    if (task.startedAt === null) return [2, 5];
    return task.target ? [35, 48] : [12, 25];
  }

  /** What is due for the task now. */
  step(task: TaskRecord, at: number): StepOutcome {
    switch (task.lastStatus) {
      case 'PROVISIONING':
        task.lastStatus = 'PENDING';
        moveTask(this.parts, task, at + this.#span(task, 'pending', 16, 30));
        return 'moved';
      case 'PENDING':
        return this.#pulled(task, at);
      case 'RUNNING':
        return task.service === null
          ? this.#ended(task, at, task.plan?.exitCode ?? 0)
          : this.#looked(task, at);
      default:
        this.#stopped(task, at);
        return 'moved';
    }
  }

  #pulled(task: TaskRecord, at: number): StepOutcome {
    const { estate, chance } = this.parts;
    if (ailmentOf(estate, task) === 'image') {
      const image = estate.definitions.get(task.taskDefinition)?.containers[0]
        .image;
      const reason = `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${image}: ${image}: not found`;
      task.stopCode = 'TaskFailedToStart';
      task.stoppedReason = reason;
      task.containerReason = reason;
      task.desiredStatus = 'STOPPED';
      this.#stopped(task, at);
      return 'failed';
    }
    task.lastStatus = 'RUNNING';
    task.startedAt = at;
    const group = this.#groupOf(task);
    const service = estate.serviceOf(task);
    if (service && group !== null) {
      task.target = {
        group,
        state: 'initial',
        reason: 'Elb.InitialHealthChecking',
        description: 'Initial health checks in progress',
      };
      const text = `registered 1 targets in ${groupText(
        estate,
        service,
        group,
      )}`;
      tell(chance, service, at, text);
    }
    moveTask(this.parts, task, this.#checks.firstLook(task, at));
    return 'moved';
  }

  #looked(task: TaskRecord, at: number): StepOutcome {
    const service = this.parts.estate.serviceOf(task);
    if (!service) return 'moved';
    const verdict = this.#checks.look(service, task, at);
    if (verdict === undefined) return 'moved';
    if (verdict === 'exited') return this.#ended(task, at, 1);
    const cause = {
      stopCode: 'ServiceSchedulerInitiated',
      reason: verdict.stop,
    };
    this.stop(service, [task], cause, at);
    return 'failed';
  }

  /** The target of a running task fails from now on; ECS replaces the task later. */
  breakTarget(service: ServiceRecord, task: TaskRecord, at: number): void {
    this.#checks.breakTarget(service, task, at);
  }

  /** The balancer needs a few good answers before it believes in the target again. */
  healTarget(task: TaskRecord, at: number): void {
    moveTask(this.parts, task, at + this.#span(task, 'heal', 15, 25));
  }

  #ended(task: TaskRecord, at: number, exitCode: number): StepOutcome {
    task.desiredStatus = 'STOPPED';
    task.stopCode = 'EssentialContainerExited';
    task.stoppedReason = 'Essential container in task exited';
    task.exitCode = exitCode;
    this.#stopped(task, at);
    return 'failed';
  }

  #stopped(task: TaskRecord, at: number): void {
    task.lastStatus = 'STOPPED';
    task.stoppedAt = at;
    task.target = null;
    task.healthStatus = 'UNKNOWN';
    // Told to stop, a process ends with 128 + SIGTERM.
    if (task.startedAt !== null) task.exitCode ??= 143;
    moveTask(this.parts, task, null);
    this.parts.estate.taskStopped(task);
  }

  #groupOf(task: TaskRecord): string | null {
    return task.revision === null
      ? null
      : this.parts.estate.revision(task.revision).targetGroup;
  }

  #span(task: TaskRecord, what: string, from: number, to: number): number {
    return this.parts.chance.between(from, to, lastPart(task.arn), what);
  }
}
