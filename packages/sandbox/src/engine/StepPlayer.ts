import type { Conclusion, JobRecord, StepRecord } from '../state';
import { stepOutputs, uploadedArtifact, type StepContext } from './actions';
import { addArtifact } from './artifacts';
import { fakeDigest } from './contexts';
import type { EngineCore } from './EngineCore';
import {
  evaluateCondition,
  evaluateValue,
  interpolate,
  type ExpressionScope,
} from './expressions';
import { planOutcome, type JobOutcome } from './outcome';
import { jobFacts } from './jobFacts';
import type { RunPlayer } from './RunPlayer';
import { hashUnit } from './random';
import type { JobSpec, StepSpec } from './workflowTypes';

type Status = 'success' | 'failure' | 'cancelled' | 'timed_out';

interface Item {
  name: string;
  spec: StepSpec | null;
  seconds: number;
  /** Runs even after a failure, like "Post …" and "Complete job". */
  always: boolean;
}

interface StepState {
  outputs: Record<string, string>;
  outcome: Conclusion;
  conclusion: Conclusion;
}

const POSTS = /^(actions\/(checkout|setup-)|docker\/|aws-actions\/configure)/;

/** GitHub's name of a step without `name:`. */
export function defaultStepName(spec: StepSpec): string {
  const first = (spec.run ?? '').trim().split('\n')[0];
  return `Run ${spec.uses ?? first}`;
}

/** Plays the steps of one job on its runner, one after the other. */
export class StepPlayer {
  readonly #items: Item[];
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
    this.#items = this.#plan();
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
    if (this.#status === 'cancelled' || this.#current < 0) return;
    this.#stopTimer();
    this.#status = 'cancelled';
    this.#end(this.#current, 'cancelled');
  }

  /** Forgets the timers. */
  stop(): void {
    this.#stopTimer();
  }

  #plan(): Item[] {
    const facts = jobFacts(this.player, this.job);
    const pace = 0.85 + 0.35 * hashUnit(this.core.seed, this.job.id, 'pace');
    const items: Item[] = [
      { name: 'Set up job', spec: null, seconds: 14, always: true },
    ];
    for (const step of this.spec.steps) {
      const name = step.name ?? defaultStepName(step);
      const usual = this.core.profile.seconds({ ...step, name }, facts);
      const chance = hashUnit(this.core.seed, this.job.id, items.length);
      const seconds = usual * pace * (0.8 + 0.4 * chance);
      items.push({ name, spec: step, seconds, always: false });
    }
    for (const step of [...this.spec.steps].reverse()) {
      if (step.uses && POSTS.test(step.uses)) {
        const name = `Post ${step.name ?? defaultStepName(step)}`;
        items.push({ name, spec: null, seconds: 2, always: true });
      }
    }
    items.push({ name: 'Complete job', spec: null, seconds: 2, always: true });
    return items;
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

  #wanted(item: Item): boolean {
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
      this.#note(item, record.conclusion ?? 'success');
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

  #wait(index: number, item: Item, record: StepRecord): void {
    const { clock, speed } = this.core;
    const fails = this.#outcome.index === index && this.#status === 'success';
    const hangs = fails && this.#outcome.kind === 'hang';
    const since = record.startedAt ?? clock.now();
    const end = hangs ? Infinity : since + (item.seconds * 1_000) / speed;
    // Whoever tidies up after the time limit gets the time for it.
    const limit =
      item.always || this.#status === 'timed_out' ? Infinity : this.#deadline;
    const late = end > limit;
    const at = Math.min(end, limit);
    this.#stopTimer = clock.after(at - clock.now(), () => {
      if (late) {
        this.#status = 'timed_out';
        this.#end(index, 'cancelled');
      } else this.#end(index, fails ? 'failure' : 'success');
    });
  }

  #end(index: number, conclusion: Conclusion): void {
    const record = this.job.steps[index];
    const now = this.core.clock.now();
    record.status = 'completed';
    record.conclusion = conclusion;
    record.startedAt ??= now;
    record.completedAt = now;
    this.#note(this.#items[index], conclusion);
    this.core.state.changed();
    this.#next(index + 1);
  }

  /** Takes the result into the `steps` context and the status of the job. */
  #note(item: Item, outcome: Conclusion): void {
    const { spec } = item;
    let conclusion = outcome;
    if (outcome === 'failure' && spec) {
      const tolerated = evaluateValue(
        spec.continueOnError,
        this.#expressions(),
      );
      if (tolerated === true) conclusion = 'success';
    }
    let outputs: Record<string, string> = {};
    if (spec && outcome === 'success' && (spec.id || spec.uses)) {
      outputs = this.#outputs(spec);
    }
    if (spec?.id) this.#steps[spec.id] = { outputs, outcome, conclusion };
    if (conclusion === 'failure' && this.#status === 'success') {
      this.#status = 'failure';
    }
  }

  #outputs(spec: StepSpec): Record<string, string> {
    const scope = this.#expressions();
    const withs = evaluateValue(spec.with, scope) as Record<string, unknown>;
    const context: StepContext = {
      repo: this.player.repo,
      run: this.player.run,
      environment: this.job.environment,
      id: spec.id,
      uses: spec.uses,
      run_: spec.run && interpolate(spec.run, scope),
      with: withs,
      env: evaluateValue(spec.env, scope) as Record<string, unknown>,
    };
    const artifact = uploadedArtifact(context);
    if (artifact) addArtifact(this.core.state, this.player.run, artifact);
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
