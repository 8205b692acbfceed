import type { Clock } from '../../state';
import type { AwsRecords, TaskRecord } from '../records';
import { Agenda } from './Agenda';
import { Chance } from './Chance';
import { Estate } from './Estate';
import { Images } from './images';
import type { Touched } from './incidents';
import { isDeployment, type Mover, type Parts } from './Parts';
import { Rollouts } from './Rollouts';
import { TaskLife } from './TaskLife';

/** How long stopped tasks are shown. Not shortened: it is how long a person has to look at them. */
const SHOWN = 3_600_000;

/** What {@link Machine} needs. */
export interface MachineOptions {
  records: AwsRecords;
  clock: Clock;
  /** Real-world durations are divided by it. */
  speed: number;
  /** Ids and durations depend on it. */
  seed: string;
  /** Called after every change of the records. */
  changed: () => void;
}

/** Plays what is due, in the order of its time, and forgets tasks that stopped long ago. */
export class Motion implements Touched {
  readonly parts: Parts;
  readonly tasks: TaskLife;
  readonly rollouts: Rollouts;
  readonly #options: MachineOptions;
  /** Stopped tasks in order of their end, still to be forgotten. */
  readonly #stopped: TaskRecord[];

  constructor(options: MachineOptions) {
    const { records } = options;
    this.#options = options;
    const moves = new Agenda<Mover>(
      mover => (isDeployment(mover) ? mover.plan.nextAt : mover.nextAt),
      ({ arn }) => arn,
    );
    this.parts = {
      estate: new Estate(records),
      chance: new Chance(records, options.seed, options.speed),
      images: new Images(records),
      moves,
    };
    this.tasks = new TaskLife(this.parts);
    this.rollouts = new Rollouts(this.parts, this.tasks);
    for (const mover of [...records.tasks, ...records.deployments]) {
      moves.note(mover);
    }
    this.#stopped = records.tasks
      .filter(({ lastStatus }) => lastStatus === 'STOPPED')
      .sort((a, b) => (a.stoppedAt ?? 0) - (b.stoppedAt ?? 0));
  }

  settle(): void {
    const now = this.#options.clock.now();
    const { moves } = this.parts;
    let changed = false;
    for (
      let due = moves.next();
      due !== undefined && due.at <= now;
      due = moves.next()
    ) {
      moves.take();
      this.#move(due.item, due.at);
      changed = true;
    }
    if (this.#forget(now) || changed) this.#options.changed();
  }

  #move(mover: Mover, at: number): void {
    const { estate } = this.parts;
    if (isDeployment(mover)) {
      mover.plan.nextAt = null;
      const service = estate.ownerOf(mover);
      if (service.currentDeployment === mover.arn) {
        this.rollouts.advance(service, at, true);
      }
      return;
    }
    mover.nextAt = null;
    const outcome = this.tasks.step(mover, at);
    if (mover.lastStatus === 'STOPPED') this.#stopped.push(mover);
    const service = estate.serviceOf(mover);
    if (!service) return;
    if (outcome === 'failed') this.rollouts.taskFailed(service, mover, at);
    this.rollouts.advance(service, at);
  }

  #forget(now: number): boolean {
    const gone = this.#stopped.findIndex(
      ({ stoppedAt }) => (stoppedAt ?? 0) + SHOWN > now,
    );
    const old = this.#stopped.splice(
      0,
      gone === -1 ? this.#stopped.length : gone,
    );
    for (const task of old) this.parts.estate.tasks.remove(task);
    return old.length > 0;
  }

  now(): number {
    return this.#options.clock.now();
  }

  nextAt(): number | undefined {
    this.settle();
    return this.parts.moves.next()?.at;
  }

  /** Settles, does something now, and tells that the records changed. */
  act<T>(action: (at: number) => T): T {
    this.settle();
    const result = action(this.#options.clock.now());
    this.#options.changed();
    return result;
  }
}
