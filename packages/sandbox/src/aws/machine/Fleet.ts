import type {
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskRecord,
} from '../records';
import { deploymentIdOf } from './arns';
import { isActive, isReady } from './health';
import { moveDeployment, type Parts } from './Parts';
import type { TaskLife } from './TaskLife';

/** Those that help least first: not healthy yet, then the oldest. */
const byUse = (tasks: readonly TaskRecord[]) => [
  ...tasks.filter(task => !isReady(task)),
  ...tasks.filter(isReady),
];

/** Starts and stops tasks of a service until a revision has as many as it should. */
export class Fleet {
  constructor(
    private readonly parts: Parts,
    private readonly tasks: TaskLife,
  ) {}

  /** Tasks of the revision that are meant to run. */
  active(service: ServiceRecord, revision: string): TaskRecord[] {
    return this.parts.estate
      .live(service)
      .filter(task => task.revision === revision && isActive(task));
  }

  ready(service: ServiceRecord, revision: string): number {
    return this.active(service, revision).filter(isReady).length;
  }

  /** Every task is of the revision and healthy, none is left to stop. */
  isWhole(service: ServiceRecord, revision: string): boolean {
    const live = this.parts.estate.live(service);
    return (
      live.length === service.desiredCount &&
      live.every(task => task.revision === revision && isReady(task))
    );
  }

  /** Starts what is missing, never above 200 % of the desired tasks, and stops what is too much. */
  keep(
    service: ServiceRecord,
    revision: string,
    wanted: number,
    at: number,
    most = Infinity,
  ): void {
    const active = this.active(service, revision);
    if (active.length > wanted) {
      this.#scaleIn(service, active, active.length - wanted, at);
      return;
    }
    const all = this.parts.estate.live(service).filter(isActive).length;
    const room = 2 * service.desiredCount - all;
    const count = Math.min(wanted - active.length, room, most);
    if (count > 0) {
      const record = this.parts.estate.revision(revision);
      this.tasks.start(service, record, count, at);
    }
  }

  /** As {@link Fleet.keep}, half of the desired tasks at a time, and not before the time the deployment waits for. */
  keepInWaves(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    revision: string,
    at: number,
  ): void {
    const { desiredCount } = service;
    const waiting = deployment.plan.nextAt !== null;
    const wave = waiting ? 0 : Math.ceil(desiredCount / 2);
    const had = this.active(service, revision).length;
    this.keep(service, revision, desiredCount, at, wave);
    const has = this.active(service, revision).length;
    if (has > had && has < desiredCount) {
      const gap = this.parts.chance.seconds(25);
      moveDeployment(this.parts, deployment, at + gap);
    }
  }

  /** Stops tasks of other revisions than these until only so many are left. */
  trimOthers(
    service: ServiceRecord,
    revisions: readonly string[],
    left: number,
    at: number,
  ): void {
    const others = this.parts.estate
      .live(service)
      .filter(
        task => isActive(task) && !revisions.includes(task.revision ?? ''),
      );
    this.#scaleIn(service, others, others.length - Math.max(0, left), at);
  }

  #scaleIn(
    service: ServiceRecord,
    tasks: readonly TaskRecord[],
    count: number,
    at: number,
  ): void {
    if (count <= 0) return;
    const leaving = byUse(tasks).slice(0, count);
    const cause = {
      stopCode: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${deploymentIdOf(
        service.activeRevision,
      )})`,
    };
    const { estate } = this.parts;
    const current = estate.current(service);
    if (current) {
      cause.reason = `Scaling activity initiated by (deployment ${current.id})`;
    }
    this.tasks.stop(service, leaving, cause, at);
  }
}
