import type { ServiceRecord, TaskRecord } from '../records';
import { lastPart } from './arns';
import { ailmentOf, failingCheck, hasCheck } from './health';
import { moveTask, type Parts } from './Parts';
import { groupText, taskList, tell } from './tell';

/** What a look at a running task found: undefined, it goes on; `exited`, it fell over; or ECS stops it. */
export type Verdict = undefined | 'exited' | { stop: string };

/** The checks of running tasks of services: the container's own one and the balancer's. */
export class HealthChecks {
  constructor(private readonly parts: Parts) {}

  /** When the first check of a task that runs since now has its result. */
  firstLook(task: TaskRecord, at: number): number {
    const { estate, chance } = this.parts;
    if (task.plan) return at + chance.seconds(task.plan.seconds);
    const ailment = ailmentOf(estate, task);
    if (ailment === 'crash') return at + this.#span(task, 'crash', 8, 15);
    if (hasCheck(estate.definitions.get(task.taskDefinition))) {
      return ailment === 'health'
        ? at + this.#span(task, 'check', 40, 55)
        : at + this.#span(task, 'check', 10, 16);
    }
    if (task.target) return at + this.#targetSpan(task);
    // Without any check ECS waits this long before it counts the task.
    return at + chance.seconds(40);
  }

  /** A look at a running task of a service: container first, then target, then what follows from a bad verdict. */
  look(service: ServiceRecord, task: TaskRecord, at: number): Verdict {
    const { estate } = this.parts;
    const ailment = ailmentOf(estate, task);
    if (ailment === 'crash') return 'exited';
    const checks = hasCheck(estate.definitions.get(task.taskDefinition));
    if (checks && task.healthStatus === 'UNKNOWN') {
      const healthy = ailment !== 'health';
      task.healthStatus = healthy ? 'HEALTHY' : 'UNHEALTHY';
      if (!healthy) this.#planKill(service, task, at, [12, 20]);
      else moveTask(this.parts, task, this.#afterContainer(task, at));
      return undefined;
    }
    if (task.healthStatus === 'UNHEALTHY') {
      tell(
        this.parts.chance,
        service,
        at,
        `${taskList([task])} failed container health checks.`,
      );
      return { stop: 'Task failed container health checks' };
    }
    if (task.target?.state === 'initial') {
      if (failingCheck(estate, service, task)) {
        this.breakTarget(service, task, at);
      } else this.#healthyTarget(task);
      return undefined;
    }
    if (task.target?.state === 'unhealthy') {
      if (failingCheck(estate, service, task)) {
        const group = groupText(estate, service, task.target.group);
        return { stop: `Task failed ELB health checks in ${group}` };
      }
      this.#healthyTarget(task);
      return undefined;
    }
    moveTask(this.parts, task, null);
    return undefined;
  }

  #afterContainer(task: TaskRecord, at: number): number | null {
    if (!task.target || task.startedAt === null) return null;
    return Math.max(at + 1, task.startedAt + this.#targetSpan(task));
  }

  #healthyTarget(task: TaskRecord): void {
    if (task.target) {
      task.target.state = 'healthy';
      task.target.reason = null;
      task.target.description = null;
    }
    moveTask(this.parts, task, null);
  }

  /** The target of the task fails from now on; ECS replaces the task later. */
  breakTarget(service: ServiceRecord, task: TaskRecord, at: number): void {
    const { estate, chance } = this.parts;
    const failing = failingCheck(estate, service, task);
    if (!task.target || !failing) return;
    task.target.state = 'unhealthy';
    task.target.reason = failing.reason;
    task.target.description = failing.description;
    const group = groupText(estate, service, task.target.group);
    tell(
      chance,
      service,
      at,
      `${taskList([task])} (port ${
        service.port
      }) is unhealthy in ${group} due to (reason ${failing.description}).`,
    );
    this.#planKill(
      service,
      task,
      at,
      service.brokenTargets ? [100, 160] : [15, 25],
    );
  }

  #planKill(
    service: ServiceRecord,
    task: TaskRecord,
    at: number,
    [from, to]: [number, number],
  ): void {
    const grace =
      (task.startedAt ?? at) +
      this.parts.chance.seconds(service.healthCheckGraceSeconds);
    const due = at + this.#span(task, 'kill', from, to);
    moveTask(this.parts, task, Math.max(due, grace));
  }

  #targetSpan(task: TaskRecord): number {
    return this.#span(task, 'target', 24, 38);
  }

  #span(task: TaskRecord, what: string, from: number, to: number): number {
    return this.parts.chance.between(from, to, lastPart(task.arn), what);
  }
}
