import type { AwsCloud } from '../../aws/cloud';
import type { JobRecord, StepRecord } from '../../state';
import type { StepContext } from '../actions';
import type { JobIdentity } from '../oidc/jobIdentity';
import type { EngineCore } from '../EngineCore';
import {
  newEffect,
  sentenceOf,
  type AwsStep,
  type AwsStepContext,
  type Look,
} from './awsStep';

/** A tool needs a moment before it asks for the first time, real-world seconds. */
const FIRST_LOOK_SECONDS = 4;

export type StepEnd = 'success' | 'failure' | 'late';

/** Plays one step that works with AWS: begins it once, then looks whenever AWS may have got further. */
export class AwsStepRun {
  #stopTimer: () => void = () => {};

  constructor(
    private readonly core: EngineCore,
    private readonly cloud: AwsCloud,
    private readonly handler: AwsStep,
    private readonly options: {
      job: JobRecord;
      record: StepRecord;
      step: StepContext;
      env: Record<string, string>;
      /** Usual duration, real-world seconds: of steps that do not wait for AWS. */
      seconds: number;
      shouldFail: boolean;
      /** In [0, 1): how it fails. */
      roll: number;
      identity: JobIdentity;
      /** When the time limit of the job is over. */
      limit: number;
      done: (end: StepEnd) => void;
    },
  ) {}

  /** Begins, or goes on with what the record says was begun before a restart. */
  start(): void {
    const { record, seconds } = this.options;
    if (record.effect) this.#look();
    else if (this.handler.look) {
      if (this.#begin()) this.#at(this.#now + this.#ms(FIRST_LOOK_SECONDS));
    } else {
      const since = record.startedAt ?? this.#now;
      this.#at(since + this.#ms(seconds), () => {
        if (this.#begin()) this.options.done('success');
      });
    }
  }

  stop(): void {
    this.#stopTimer();
  }

  get #now(): number {
    return this.core.clock.now();
  }

  #ms(seconds: number): number {
    return (seconds * 1_000) / this.core.speed;
  }

  #at(time: number, then: () => void = () => this.#look()): void {
    const { limit, done } = this.options;
    const late = time > limit;
    const at = late ? limit : time;
    this.#stopTimer = this.core.clock.after(at - this.#now, () =>
      late ? done('late') : then(),
    );
  }

  #context(): AwsStepContext {
    const { job, record, step, env, shouldFail, roll } = this.options;
    record.effect ??= newEffect();
    const { effect } = record;
    const { core, cloud } = this;
    return {
      cloud,
      step,
      job,
      env,
      effect,
      startedAt: record.startedAt ?? this.#now,
      now: this.#now,
      speed: core.speed,
      shouldFail,
      roll,
      ...this.options.identity,
      log: text => {
        effect.lines.push({ at: this.#now, text });
      },
    };
  }

  /** Whether the step goes on. */
  #begin(): boolean {
    const context = this.#context();
    try {
      this.handler.begin(context);
      return true;
    } catch (error) {
      this.#fail(context, error);
      return false;
    } finally {
      this.core.state.changed();
    }
  }

  #look(): void {
    const context = this.#context();
    let look: Look = { state: 'done' };
    try {
      look = this.handler.look?.(context) ?? look;
    } catch (error) {
      this.#fail(context, error);
      return;
    }
    if (look.state === 'moving') this.#at(look.lookAgainAt);
    else if (look.state === 'done') this.options.done('success');
    else {
      context.log(`##[error]${look.reason}`);
      this.options.done('failure');
    }
  }

  #fail(context: AwsStepContext, error: unknown): void {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    context.log(`##[error]${sentence}`);
    this.options.done('failure');
  }
}
