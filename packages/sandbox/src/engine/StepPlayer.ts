import type { Conclusion, JobRecord, StepRecord } from '../state';
import { stepOutputs, uploadedArtifact } from './actions';
import { addArtifact } from './artifacts';
import { AwsStepRun } from './aws/AwsStepRun';
import { provesItself } from './aws/credentials';
import { awsStepOf } from './aws/steps';
import { fakeDigest } from './contexts';
import type { EngineCore } from './EngineCore';
import {
  evaluateCondition,
  evaluateValue,
  interpolate,
  type ExpressionScope,
} from './expressions';
import { planOutcome, type JobOutcome } from './outcome';
import { jobIdentity } from './oidc/jobIdentity';
import type { RunPlayer } from './RunPlayer';
import { shellEnv, stepContext } from './stepContext';
import { hashUnit } from './random';
import { stepItems, type StepItem } from './stepItems';
import type { JobSpec, StepSpec } from './workflowTypes';

type Status = 'success' | 'failure' | 'cancelled' | 'timed_out';

interface StepState {
  outputs: Record<string, string>;
  outcome: Conclusion;
  conclusion: Conclusion;
}

/** Plays the steps of one job on its runner, one after the other. */
export class StepPlayer {
  readonly #items: StepItem[];
  readonly #outcome: JobOutcome;
  readonly #steps: Record<string, StepState> = {};
  readonly #deadline: number;
  #status: Status = 'success';
  #stopTimer: () => void = () => {};
  #current = -1;

  constructor(
    private readonly core: EngineCore,
    private readonly player: RunPlayer,
    private readonly job: JobRecord,
    private readonly spec: JobSpec,
    private readonly scope: ExpressionScope,
    private readonly done: (
      conclusion: Status,
      outputs: Record<string, string>,
    ) => void,
  ) {
    this.#items = stepItems(core, player, job, spec);
    this.#outcome = planOutcome(
      core,
      player,
      job,
      this.#items.map(({ name, spec: step, seconds }) => ({
        name,
        seconds,
        mayFail:
          step !== null &&
          step.continueOnError !== true &&
          !/always\(\)|failure\(\)/.test(step.if ?? ''),
        step,
      })),
    );
    const minutes = Number(evaluateValue(spec.timeoutMinutes, scope)) || 360;
    this.#deadline =
      (job.startedAt ?? core.clock.now()) + (minutes * 60_000) / core.speed;
  }

  /** Begins, or goes on where the records say the job was. */
  start(): void {
    if (this.job.steps.length === 0) {
      this.job.steps = this.#items.map((item, index) => ({
        number: index + 1,
        name: item.name,
        status: 'queued',
        conclusion: null,
        startedAt: null,
        completedAt: null,
      }));
    }
    this.#next(0);
  }

  /** Ends the step under way; steps with `always()` or `cancelled()` still run. */
  cancel(): void {
    // What AWS has begun it goes on with: a cancelled job only stops watching.
    if (this.#status === 'cancelled' || this.#current < 0) return;
    this.#stopTimer();
    this.#status = 'cancelled';
    this.#end(this.#current, 'cancelled');
  }

  /** Forgets the timers. */
  stop(): void {
    this.#stopTimer();
  }

  #expressions(): ExpressionScope {
    return {
      contexts: {
        ...this.scope.contexts,
        steps: this.#steps,
        job: {
          status: this.#status === 'timed_out' ? 'cancelled' : this.#status,
        },
      },
      functions: {
        success: () => this.#status === 'success',
        failure: () => this.#status === 'failure',
        cancelled: () =>
          this.#status === 'cancelled' || this.#status === 'timed_out',
        always: () => true,
        hashfiles: args =>
          fakeDigest(this.player.run.headSha, ...args.map(String)),
      },
    };
  }

  #wanted(item: StepItem): boolean {
    if (item.always) return true;
    const condition = item.spec?.if;
    if (condition === undefined) return this.#status === 'success';
    return evaluateCondition(condition, this.#expressions());
  }

  #next(index: number): void {
    this.#current = index;
    const item = this.#items[index];
    if (!item) {
      this.#finish();
      return;
    }
    const record = this.job.steps[index];
    if (record.status === 'completed') {
      this.#note(index, record.conclusion ?? 'success');
      this.#next(index + 1);
      return;
    }
    let wanted: boolean;
    try {
      wanted = this.#wanted(item);
      if (item.spec?.name) {
        record.name = interpolate(item.spec.name, this.#expressions());
      }
    } catch {
      // An expression that cannot be evaluated fails the step, as at GitHub.
      this.#begin(record);
      this.#end(index, 'failure');
      return;
    }
    if (!wanted) {
      this.#end(index, 'skipped');
      return;
    }
    this.#begin(record);
    this.#wait(index, item, record);
  }

  #begin(record: StepRecord): void {
    record.status = 'in_progress';
    record.startedAt ??= this.core.clock.now();
    this.core.state.changed();
  }

  #wait(index: number, item: StepItem, record: StepRecord): void {
    const { clock, speed } = this.core;
    const fails = this.#outcome.index === index && this.#status === 'success';
    const hangs = fails && this.#outcome.kind === 'hang';
    const since = record.startedAt ?? clock.now();
    const end = hangs ? Infinity : since + (item.seconds * 1_000) / speed;
    // Whoever tidies up after the time limit gets the time for it.
    const limit =
      item.always || this.#status === 'timed_out' ? Infinity : this.#deadline;
    if (!hangs && this.#playInAws(index, item, fails, limit)) return;
    const late = end > limit;
    const at = Math.min(end, limit);
    this.#stopTimer = clock.after(at - clock.now(), () => {
      if (late) this.#timeOut(index);
      else this.#end(index, fails ? 'failure' : 'success');
    });
  }

  #timeOut(index: number): void {
    this.#status = 'timed_out';
    this.#end(index, 'cancelled');
  }

  /** Whether the step is one that works with AWS, and there is one. */
  #playInAws(
    index: number,
    item: StepItem,
    shouldFail: boolean,
    limit: number,
  ): boolean {
    const { core, job } = this;
    const { id, uses, run: script } = item.spec ?? {};
    const handler = awsStepOf({ id, uses, run_: script });
    if (!core.aws || !item.spec || !handler) return false;
    const scope = this.#expressions();
    const { repo, run } = this.player;
    let step;
    let env;
    try {
      step = stepContext(repo, run, job, item.spec, scope);
      env = shellEnv(step, scope);
    } catch {
      this.#end(index, 'failure');
      return true;
    }
    if (handler.concerns && !handler.concerns(step, core.aws)) return false;
    const { seconds } = item;
    const play = new AwsStepRun(core, core.aws, handler, {
      job,
      record: job.steps[index],
      step,
      env,
      seconds,
      shouldFail,
      // Who asks for a failed deployment wants to see the rollout itself fail.
      roll: this.#outcome.asked ? 0 : hashUnit(core.seed, job.id, 'cause'),
      identity: jobIdentity(core, this.player, job),
      limit,
      done: end => {
        if (end === 'late') this.#timeOut(index);
        else this.#end(index, end);
      },
    });
    this.#stopTimer = () => play.stop();
    play.start();
    return true;
  }

  #end(index: number, conclusion: Conclusion): void {
    const record = this.job.steps[index];
    const now = this.core.clock.now();
    record.status = 'completed';
    record.conclusion = conclusion;
    record.startedAt ??= now;
    record.completedAt = now;
    this.#note(index, conclusion);
    this.core.state.changed();
    this.#next(index + 1);
  }

  /** Takes the result into the `steps` context and the status of the job. */
  #note(index: number, outcome: Conclusion): void {
    const { spec } = this.#items[index];
    let conclusion = outcome;
    if (outcome === 'failure' && spec) {
      const tolerated = evaluateValue(
        spec.continueOnError,
        this.#expressions(),
      );
      if (tolerated === true) conclusion = 'success';
    }
    let outputs: Record<string, string> = {};
    const { effect } = this.job.steps[index];
    if (spec && outcome === 'success' && (spec.id || spec.uses)) {
      outputs = { ...this.#outputs(spec), ...effect?.outputs };
    } else if (effect && provesItself(this.player.repo)) {
      // What a step has told before it failed stays told: the way back needs it.
      outputs = { ...effect.outputs };
    }
    if (spec?.id) this.#steps[spec.id] = { outputs, outcome, conclusion };
    if (conclusion === 'failure' && this.#status === 'success') {
      this.#status = 'failure';
    }
  }

  #outputs(spec: StepSpec): Record<string, string> {
    const { repo, run } = this.player;
    const scope = this.#expressions();
    const context = stepContext(repo, run, this.job, spec, scope);
    const artifact = uploadedArtifact(context);
    if (artifact) addArtifact(this.core.state, run, artifact);
    return stepOutputs(context);
  }

  #finish(): void {
    const outputs: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.spec.outputs)) {
      try {
        outputs[name] = interpolate(String(value), this.#expressions());
      } catch {
        // GitHub leaves an output that cannot be evaluated empty and warns in the log.
        outputs[name] = '';
      }
    }
    this.done(this.#status, outputs);
  }
}
