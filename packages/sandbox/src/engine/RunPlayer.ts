import type {
  AttemptRecord,
  Conclusion,
  DeploymentRecord,
  JobRecord,
  RepoRecord,
  ReviewRecord,
  RunRecord,
} from '../state';
import type { GroupMember } from './ConcurrencyGroups';
import { concurrencyOf } from './concurrency';
import {
  githubContext,
  inputValues,
  RUNNER_WORK,
  secretsContext,
} from './contexts';
import type { EngineCore } from './EngineCore';
import { evaluateValue, type ExpressionScope } from './expressions';
import { JobPlayer } from './JobPlayer';
import { nodeId } from './random';
import { Scope } from './Scope';
import type { JobSpec } from './workflowTypes';
import type { LoadedWorkflow } from './WorkflowSource';

/** What a run is made to do whatever the profile says. */
export interface ForcedOutcome {
  /** Key or part of the key or name of the job. */
  job: string;
  /** Part of the name of the step; a plausible one when null. */
  step: string | null;
  kind: 'failure' | 'hang';
  /** The job it was given to; null until one fits. */
  jobId: number | null;
}

/** Plays one attempt of a run. */
export class RunPlayer implements GroupMember {
  cancelled = false;
  readonly contexts: Record<string, unknown>;
  readonly attempt: AttemptRecord;
  readonly #open = new Set<JobPlayer>();
  readonly #conclusions: Conclusion[] = [];
  readonly #known: Map<string, JobRecord>;
  #group: string | null = null;
  #scope: Scope | null = null;
  #forced: ForcedOutcome | null = null;
  #over = false;
  #rejected = false;
  /** Whether a job of this attempt has had a runner. */
  #began: boolean;

  constructor(
    readonly core: EngineCore,
    readonly repo: RepoRecord,
    readonly run: RunRecord,
    readonly loaded: LoadedWorkflow,
    /** Jobs that are not played again: of earlier attempts, or from before a restart. */
    known: JobRecord[],
    private readonly ended: (player: RunPlayer) => void,
  ) {
    this.attempt = run.attempts[run.attempts.length - 1];
    this.#known = new Map(
      known.map(job => [`${job.key}\u0000${job.name}`, job]),
    );
    this.#began = known.some(
      job => job.attempt === this.attempt.attempt && job.runnerId !== null,
    );
    this.contexts = {
      github: githubContext(core.state, repo, run, loaded),
      vars: Object.freeze({ ...repo.variables }),
      secrets: secretsContext(loaded),
      runner: Object.freeze({
        os: 'Linux',
        arch: 'X64',
        temp: `${RUNNER_WORK}/_temp`,
      }),
    };
  }

  /** Jobs whose gate is closed now. */
  get waiting(): JobPlayer[] {
    return [...this.#open].filter(({ waitingSince }) => waitingSince !== null);
  }

  /** A reviewer decides about jobs of this run. A rejection fails the run: what else is under way is cancelled. */
  review(jobs: readonly JobPlayer[], record: ReviewRecord): DeploymentRecord[] {
    const others = [...this.#open].filter(job => !jobs.includes(job));
    const rejected = record.state === 'rejected';
    this.#rejected ||= rejected;
    const decided = jobs.flatMap(job => job.review(record) ?? []);
    if (rejected) others.forEach(job => job.cancel());
    return decided;
  }

  force(outcome: ForcedOutcome): void {
    this.#forced = outcome;
  }

  /** Whether somebody has decided what goes wrong in this run. */
  get isForced(): boolean {
    return this.#forced !== null;
  }

  /** The forced outcome, if this job is the first one it fits. */
  forcedOutcome(job: JobRecord): ForcedOutcome | null {
    if (!this.#forced) return null;
    const wanted = this.#forced.job.toLowerCase();
    const fits =
      job.key.toLowerCase().includes(wanted) ||
      job.name.toLowerCase().includes(wanted);
    if (this.#forced.jobId === null && fits) this.#forced.jobId = job.id;
    return this.#forced.jobId === job.id ? this.#forced : null;
  }

  start(): void {
    const { file } = this.loaded;
    const inputs = this.#inputs();
    const scope = { contexts: { ...this.contexts, inputs } };
    const wanted = concurrencyOf(file.concurrency, scope);
    if (wanted) {
      this.#group = `${this.repo.id}/${wanted.group}`;
      this.core.groups.enter(this.#group, this, wanted);
    } else this.begin();
  }

  begin(): void {
    if (this.#over) return;
    if (this.attempt.status === 'pending') this.attempt.status = 'queued';
    this.#scope = new Scope(
      this,
      this.loaded,
      this.#inputs(),
      { name: '', key: '' },
      () => this.#finish(),
    );
    this.#scope.advance();
  }

  wait(): void {
    this.#touch('pending');
    this.core.state.changed();
  }

  cancel(): void {
    if (this.#over || this.cancelled) return;
    this.cancelled = true;
    if (!this.#scope) this.#finish();
    else this.#scope.cancel();
  }

  stop(): void {
    for (const job of this.#open) job.stop();
  }

  #inputs(): Readonly<Record<string, unknown>> {
    return inputValues(this.loaded.file.dispatchInputs, this.run.inputs);
  }

  /** A job of an earlier attempt, or from before a restart. */
  known(key: string, name: string): JobRecord | undefined {
    return this.#known.get(`${key}\u0000${name}`);
  }

  /** Counts a finished job that is not played again. */
  adopt(job: JobRecord, spec?: JobSpec): void {
    const tolerated = spec?.continueOnError === true;
    const conclusion = job.conclusion ?? 'success';
    this.#conclusions.push(
      tolerated && conclusion === 'failure' ? 'success' : conclusion,
    );
  }

  /** A job that ends without having had a runner. */
  record(key: string, name: string, conclusion: Conclusion): void {
    const known = this.known(key, name);
    if (known?.status === 'completed') {
      this.adopt(known);
      return;
    }
    const now = this.core.clock.now();
    const job = this.#create(key, name, []);
    job.status = 'completed';
    job.conclusion = conclusion;
    job.startedAt = now;
    job.completedAt = now;
    this.#conclusions.push(conclusion);
    const event = 'workflow_job' as const;
    this.core.state.changed({ event, action: 'completed', run: this.run, job });
    this.refresh();
  }

  openJob(
    key: string,
    name: string,
    spec: JobSpec,
    scope: ExpressionScope,
    known: JobRecord | undefined,
    done: () => void,
  ): JobPlayer {
    const job = known ?? this.#create(key, name, labelsOf(spec, scope));
    const opened = new JobPlayer(this.core, this, job, spec, scope, () => {
      this.#open.delete(opened);
      let conclusion = job.conclusion ?? 'success';
      const tolerated = evaluateValue(spec.continueOnError, scope) === true;
      if (tolerated && conclusion === 'failure') conclusion = 'success';
      this.#conclusions.push(conclusion);
      this.refresh();
      done();
    });
    this.#open.add(opened);
    if (!known) {
      const event = 'workflow_job' as const;
      this.core.state.changed({ event, action: 'queued', run: this.run, job });
    }
    return opened;
  }

  #create(key: string, name: string, labels: string[]): JobRecord {
    const { state, clock } = this.core;
    const id = state.nextId();
    const job: JobRecord = {
      id,
      nodeId: nodeId('CR', id),
      runId: this.run.id,
      attempt: this.attempt.attempt,
      name,
      key,
      status: 'queued',
      conclusion: null,
      createdAt: clock.now(),
      startedAt: null,
      completedAt: null,
      labels,
      runnerId: null,
      runnerName: null,
      steps: [],
      environment: null,
      deploymentId: null,
      outputs: {},
    };
    const jobs = state.jobsOfRun.get(this.run.id);
    if (jobs) jobs.push(job);
    else state.jobsOfRun.set(this.run.id, [job]);
    return job;
  }

  /** Derives the status of the run from its jobs. */
  refresh(): void {
    if (this.#over) return;
    const statuses = new Set([...this.#open].map(({ job }) => job.status));
    const before = this.attempt.status;
    const began = this.#began;
    if (statuses.has('in_progress')) this.#touch('in_progress');
    else if (statuses.has('queued'))
      this.#touch(began ? 'in_progress' : 'queued');
    else if (statuses.has('waiting')) this.#touch('waiting');
    else if (statuses.has('pending')) this.#touch('pending');
    else this.#touch(before);
    const first = statuses.has('in_progress') && !began;
    this.#began ||= first;
    const { run, core } = this;
    if (first) {
      core.state.changed({ event: 'workflow_run', action: 'in_progress', run });
    } else core.state.changed();
  }

  #touch(status: AttemptRecord['status']): void {
    this.attempt.status = status;
    this.attempt.updatedAt = this.core.clock.now();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#touch('completed');
    this.attempt.conclusion = this.#conclusion();
    this.attempt.completedAt = this.attempt.updatedAt;
    const { run, core } = this;
    core.state.changed({ event: 'workflow_run', action: 'completed', run });
    if (this.#group) core.groups.leave(this.#group, this);
    this.ended(this);
  }

  #conclusion(): Conclusion {
    const all = new Set(this.#conclusions);
    if (this.#rejected || all.has('failure')) return 'failure';
    if (all.has('timed_out')) return 'timed_out';
    if (this.cancelled || all.has('cancelled')) return 'cancelled';
    if (all.has('success') || all.size === 0) return 'success';
    return 'skipped';
  }
}

function labelsOf(spec: JobSpec, scope: ExpressionScope): string[] {
  const value = evaluateValue(spec.runsOn, scope);
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'object' && value !== null && 'labels' in value) {
    return [value.labels].flat().map(String);
  }
  return [String(value)];
}
