import type {
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskRecord,
} from '../records';
import { Beginnings } from './Beginnings';
import { Endings, isMoving } from './Endings';
import { Fleet } from './Fleet';
import { moveDeployment, type Parts } from './Parts';
import { Rolling } from './Rolling';
import { Shifting } from './Shifting';
import type { TaskLife } from './TaskLife';
import { tell, tellSteady } from './tell';
import { shiftsTraffic } from './traffic';

/** Seconds ECS waits before it starts another task for one that failed: longer with every failure. */
const backOff = (failures: number) =>
  Math.min(3600, 8 * 2 ** Math.min(10, Math.max(0, failures - 3)));

/** What a service does when time passes or one of its tasks changes. */
export class Rollouts {
  readonly fleet: Fleet;
  readonly endings: Endings;
  readonly beginnings: Beginnings;
  readonly #rolling: Rolling;
  readonly #shifting: Shifting;

  constructor(private readonly parts: Parts, tasks: TaskLife) {
    this.fleet = new Fleet(parts, tasks);
    this.endings = new Endings(parts);
    this.beginnings = new Beginnings(parts, this.endings);
    this.#rolling = new Rolling(parts, this.fleet, this.endings);
    this.#shifting = new Shifting(parts, this.fleet, this.endings);
  }

  /** `due`: the time the deployment waited for has come. */
  advance(service: ServiceRecord, at: number, due = false): void {
    const deployment = this.parts.estate.current(service);
    if (service.status !== 'ACTIVE') {
      this.#leave(service, at);
      return;
    }
    if (!deployment) return;
    const shifts = shiftsTraffic(service);
    switch (deployment.status) {
      case 'PENDING':
        if (due) this.#begin(service, deployment, at);
        return;
      case 'STOP_REQUESTED':
        if (due) {
          const reason = 'Service deployment stopped by user.';
          this.endings.halt(service, deployment, reason, at);
          this.#stand(service, deployment, at);
        }
        return;
      case 'ROLLBACK_REQUESTED':
        if (due) {
          const reason =
            'Service deployment rolled back because a user requested it.';
          this.endings.rollBack(service, deployment, reason, at);
          this.advance(service, at);
        }
        return;
      case 'IN_PROGRESS': {
        const way = shifts ? this.#shifting : this.#rolling;
        way.forward(service, deployment, at, due);
        return;
      }
      case 'ROLLBACK_IN_PROGRESS': {
        const way = shifts ? this.#shifting : this.#rolling;
        way.back(service, deployment, at, due);
        return;
      }
      default:
        this.#stand(service, deployment, at);
    }
  }

  #begin(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
  ): void {
    deployment.status = 'IN_PROGRESS';
    deployment.startedAt = at;
    deployment.updatedAt = at;
    if (shiftsTraffic(service)) this.#shifting.begin(service, deployment, at);
    else this.#rolling.forward(service, deployment, at, false);
  }

  /** Nothing is deployed: as many tasks as desired are kept. */
  #stand(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
  ): void {
    const { fleet } = this;
    const { activeRevision, desiredCount } = service;
    const { targetRevision } = deployment;
    const halted = deployment.status === 'STOPPED' && !shiftsTraffic(service);
    // A stopped rolling deployment starts nothing any more; what it brought stays, and the revision before fills up.
    const brought = halted
      ? Math.min(desiredCount, fleet.ready(service, targetRevision))
      : 0;
    const kept = halted ? [activeRevision, targetRevision] : [activeRevision];
    fleet.trimOthers(service, kept, 0, at);
    if (halted) {
      const has = fleet.active(service, targetRevision).length;
      fleet.keep(service, targetRevision, Math.min(has, desiredCount), at);
    }
    const waits = deployment.plan.nextAt !== null;
    const most = waits ? 0 : Infinity;
    fleet.keep(service, activeRevision, desiredCount - brought, at, most);
    if (fleet.isWhole(service, activeRevision)) {
      tellSteady(this.parts.chance, service, at);
    }
  }

  #leave(service: ServiceRecord, at: number): void {
    if (service.status !== 'DRAINING') return;
    if (this.parts.estate.live(service).length > 0) return;
    service.status = 'INACTIVE';
    tell(this.parts.chance, service, at, 'has been deleted.');
  }

  /** A task of the service ended by its own fault. */
  taskFailed(service: ServiceRecord, task: TaskRecord, at: number): void {
    const deployment = this.parts.estate.current(service);
    if (!deployment || service.status !== 'ACTIVE') return;
    const counts =
      deployment.status === 'IN_PROGRESS' &&
      task.revision === deployment.targetRevision;
    if (counts) {
      deployment.failedTasks += 1;
      deployment.updatedAt = at;
      const { circuitBreaker, failedTasks } = deployment;
      if (failedTasks === 3) {
        const text =
          'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
        tell(this.parts.chance, service, at, text);
      }
      if (
        circuitBreaker.status === 'MONITORING' &&
        failedTasks >= circuitBreaker.threshold
      ) {
        circuitBreaker.status = 'TRIGGERED';
        const failure = {
          event: 'tasks failed to start',
          reason: 'the circuit breaker threshold was exceeded',
          rollback: service.circuitBreaker?.rollback ?? false,
        };
        this.endings.fail(service, deployment, failure, at);
        return;
      }
    }
    this.pause(service, at, counts ? backOff(deployment.failedTasks) : 8);
  }

  /** Starts no tasks for so many (real-world) seconds. */
  pause(service: ServiceRecord, at: number, seconds: number): void {
    const deployment = this.parts.estate.current(service);
    if (!deployment) return;
    const { status, lifecycleStage, plan } = deployment;
    const placing = shiftsTraffic(service)
      ? status === 'IN_PROGRESS' && lifecycleStage === 'SCALE_UP'
      : status === 'IN_PROGRESS' || status === 'ROLLBACK_IN_PROGRESS';
    // Before its start, and in stages with a time of their own, the deployment's next look is not about tasks.
    if (!placing && isMoving(deployment)) return;
    plan.step = 0;
    const until = at + this.parts.chance.seconds(seconds);
    moveDeployment(this.parts, deployment, Math.max(until, plan.nextAt ?? 0));
  }

  /** A person lets a paused deployment go on. */
  resume(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
  ): void {
    this.#shifting.resume(service, deployment, at);
  }
}
