import type {
  Conclusion,
  DeploymentRecord,
  EnvironmentRecord,
  JobRecord,
  ReviewRecord,
} from '../state';
import type { GroupMember } from './ConcurrencyGroups';
import {
  addStatus,
  createDeployment,
  environmentOf,
  supersede,
} from './deployments';
import type { EngineCore } from './EngineCore';
import { environmentScope } from './environmentScope';
import { evaluateValue, type ExpressionScope } from './expressions';
import { matchesPatterns } from './globs';
import { concurrencyOf } from './concurrency';
import { hashUnit } from './random';
import { isDecided, noteTimer, timerMs, timerPassed } from './gates';
import type { RunPlayer } from './RunPlayer';
import { StepPlayer } from './StepPlayer';
import type { JobSpec } from './workflowTypes';

/** Leads one job from `queued` over its concurrency group and its environment's gate to the end of its steps. */
export class JobPlayer implements GroupMember {
  #group: string | null = null;
  #environment: EnvironmentRecord | null = null;
  #deployment: DeploymentRecord | null = null;
  #needsReview = false;
  #timerOpen = false;
  #timerEndsAt: number | null = null;
  #stopTimer: () => void = () => {};
  #steps: StepPlayer | null = null;
  #ended = false;
  /** When the gate closed; null while it does not. */
  waitingSince: number | null = null;

  constructor(
    private readonly core: EngineCore,
    private readonly player: RunPlayer,
    readonly job: JobRecord,
    private readonly spec: JobSpec,
    private readonly scope: ExpressionScope,
    private readonly done: (player: JobPlayer) => void,
  ) {}

  get environment(): EnvironmentRecord | null {
    return this.#environment;
  }

  /** Whether a person can decide now: one has to, and no timer is running any more. */
  get awaitsReview(): boolean {
    return this.#needsReview && !this.#timerOpen && !this.#ended;
  }

  /** When the wait timer of the closed gate is (or was) over; null for a gate without one. */
  get timerEndsAt(): number | null {
    return this.waitingSince === null ? null : this.#timerEndsAt;
  }

  /** Enters the concurrency group, or goes straight on. */
  start(): void {
    this.#deployment =
      this.core.state.deployments.get(this.job.deploymentId ?? -1) ?? null;
    try {
      const wanted = concurrencyOf(this.spec.concurrency, this.scope);
      if (wanted) {
        this.#group = `${this.player.repo.id}/${wanted.group}`;
        this.core.groups.enter(this.#group, this, wanted);
      } else this.begin();
    } catch {
      this.#end('failure');
    }
  }

  begin(): void {
    if (this.#ended) return;
    if (this.job.status === 'in_progress') this.#play();
    else this.#gate();
  }

  wait(): void {
    this.#set('pending');
  }

  cancel(): void {
    if (this.#ended) return;
    if (this.#steps) this.#steps.cancel();
    else this.#end('cancelled');
  }

  /** Lets the timers go, without changing anything. */
  stop(): void {
    this.#stopTimer();
    this.#steps?.stop();
  }

  /** Decision of a reviewer; returns the deployment it was about. */
  review(review: ReviewRecord): DeploymentRecord | null {
    const { state } = this.core;
    this.#needsReview = false;
    state.changed({
      event: 'deployment_review',
      action: review.state,
      run: this.player.run,
      environment: this.job.environment ?? '',
      job: this.job,
      review,
    });
    if (review.state === 'rejected') this.#end('failure');
    else this.#pass();
    return this.#deployment;
  }

  /** An administrator starts the job past its gate: nobody has decided anything. */
  bypass(): void {
    this.job.gateBypassed = true;
    this.#needsReview = false;
    this.#timerOpen = false;
    this.#stopTimer();
    this.#pass();
  }

  #set(status: JobRecord['status']): void {
    this.job.status = status;
    this.core.state.changed();
    this.player.refresh();
  }

  #tell(action: 'queued' | 'waiting' | 'in_progress' | 'completed'): void {
    const { job } = this;
    this.core.state.changed({
      event: 'workflow_job',
      action,
      run: this.player.run,
      job,
    });
  }

  #gate(): void {
    const environment = this.#readEnvironment();
    if (!environment) {
      this.#queue(false);
      return;
    }
    const { branchPolicies, reviewers, waitTimerMinutes } = environment;
    const allowed =
      branchPolicies === null ||
      matchesPatterns(
        this.player.run.pullRequest === null
          ? this.player.run.headBranch
          : `${this.player.run.pullRequest}/merge`,
        branchPolicies.map(({ name }) => name),
      );
    if (!allowed) {
      this.#end('failure');
      return;
    }
    const { run } = this.player;
    const reviewed =
      this.job.gateBypassed === true || isDecided(run, this.job, environment);
    const waited = reviewed || timerPassed(run, this.job, environment);
    this.#needsReview = reviewers.length > 0 && !reviewed;
    this.#timerOpen = waitTimerMinutes > 0 && !waited;
    if (!this.#needsReview && !this.#timerOpen) {
      this.#queue(waited);
      return;
    }
    this.#close(environment);
  }

  #readEnvironment(): EnvironmentRecord | null {
    if (this.spec.environment === undefined) return null;
    const value = evaluateValue(this.spec.environment, this.scope);
    const whole =
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)
        : { name: value };
    const name = String(whole.name ?? '');
    if (name === '') return null;
    this.#environment = environmentOf(this.core.state, this.player.repo, name);
    this.job.environment = this.#environment.name;
    if (whole.deployment !== false && !this.#deployment) {
      const { state } = this.core;
      this.#deployment = createDeployment(
        state,
        this.player.run,
        this.job,
        this.#environment.name,
      );
    }
    return this.#environment;
  }

  #close(environment: EnvironmentRecord): void {
    const { state, clock, speed } = this.core;
    const { run } = this.player;
    const again = this.job.status === 'waiting';
    const closedAt = this.#deployment?.statuses.find(
      ({ state: value }) => value === 'waiting',
    )?.createdAt;
    this.waitingSince = (again && closedAt) || clock.now();
    if (environment.waitTimerMinutes > 0) {
      this.#timerEndsAt = this.waitingSince + timerMs(environment, speed);
    }
    this.#set('waiting');
    if (!again) {
      if (this.#deployment) addStatus(state, this.#deployment, 'waiting');
      this.#tell('waiting');
      if (this.#needsReview) {
        state.changed({
          event: 'deployment_review',
          action: 'requested',
          run,
          environment: environment.name,
          job: this.job,
          review: null,
        });
      }
    }
    if (this.#timerOpen && this.#timerEndsAt !== null) {
      const left = this.#timerEndsAt - clock.now();
      this.#stopTimer = clock.after(left, () => {
        this.#timerOpen = false;
        noteTimer(run, environment, clock.now());
        state.changed();
        this.#pass();
      });
    }
  }

  #pass(): void {
    if (this.#ended || this.#needsReview || this.#timerOpen) return;
    this.waitingSince = null;
    this.#queue(true);
  }

  #queue(again: boolean): void {
    const { clock, speed, seed } = this.core;
    this.#set('queued');
    // After a restart the job was queued already.
    if (
      this.#deployment &&
      this.#deployment.statuses.at(-1)?.state !== 'queued'
    ) {
      addStatus(this.core.state, this.#deployment, 'queued');
    }
    if (again) this.#tell('queued');
    const seconds = 10 + 20 * hashUnit(seed, this.job.id, 'queue');
    this.#stopTimer = clock.after((seconds * 1_000) / speed, () => {
      const { job } = this;
      job.startedAt = clock.now();
      job.runnerId = 1 + Math.floor(hashUnit(seed, job.id, 'runner') * 900);
      job.runnerName = `GitHub Actions ${job.runnerId}`;
      this.#set('in_progress');
      if (this.#deployment) {
        addStatus(this.core.state, this.#deployment, 'in_progress');
      }
      this.#play();
      this.#tell('in_progress');
    });
  }

  #play(): void {
    this.#environment ??= this.#readEnvironment();
    this.#steps = new StepPlayer(
      this.core,
      this.player,
      this.job,
      this.spec,
      environmentScope(this.scope, this.spec, this.#environment),
      (conclusion, outputs) => {
        this.job.outputs = outputs;
        this.#end(conclusion);
      },
    );
    this.#steps.start();
  }

  #end(conclusion: Conclusion): void {
    if (this.#ended) return;
    this.#ended = true;
    this.stop();
    const { job } = this;
    const { state, clock, active, groups } = this.core;
    job.status = 'completed';
    job.conclusion = conclusion;
    job.completedAt = clock.now();
    job.startedAt ??= job.completedAt;
    this.core.stepWishes.drop(job);
    this.#tell('completed');
    if (this.#deployment) {
      let result: 'success' | 'failure' | 'error' = 'failure';
      if (conclusion === 'success') result = 'success';
      if (conclusion === 'cancelled') result = 'error';
      addStatus(state, this.#deployment, result);
      if (result === 'success') supersede(state, this.#deployment, active);
    }
    this.done(this);
    if (this.#group) groups.leave(this.#group, this);
  }
}
