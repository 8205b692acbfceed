import {
  GitHubError,
  type Clock,
  type DeploymentRecord,
  type JobRecord,
  type PullRequestRecord,
  type RepoRecord,
  type NewReview,
  type PendingGate,
  type RunRecord,
  type SandboxState,
  type WorkflowEngine,
  type WorkflowRecord,
} from '../state';
import type { AwsCloud } from '../aws/cloud';
import { provesItself } from './aws/credentials';
import { ConcurrencyGroups } from './ConcurrencyGroups';
import { activeDeployments } from './deployments';
import type { EngineCore } from './EngineCore';
import { interpolate } from './expressions';
import { ForcedFailures, type FailNext } from './ForcedFailures';
import { jobLog } from './logs';
import { TokenIssuer } from './oidc/TokenIssuer';
import type { Profile } from './profile';
import { checkRerun, keptJobs, latestJobs } from './rerunPlan';
import { bypassGates, pendingGates, reviewGates } from './review';
import { RunMaker, type NewRun } from './RunMaker';
import { RunPlayer } from './RunPlayer';
import { addAttempt, endAsStartupFailure } from './runRecords';
import { StepWishes, type FailStep } from './StepWishes';
import type { LoadedWorkflow, WorkflowSource } from './WorkflowSource';

const NO_COMMIT = /^0+$/;
const SKIP = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/;

/** Plays workflow files. Make it with `createEngine`. */
export class Engine implements WorkflowEngine {
  readonly #core: EngineCore;
  readonly #maker: RunMaker;
  readonly #players = new Map<number, RunPlayer>();
  readonly #forced: ForcedFailures;
  #stopped = false;

  constructor(options: {
    state: SandboxState;
    clock: Clock;
    seed: string;
    speed: number;
    profile: Profile;
    source: WorkflowSource;
    aws?: AwsCloud;
  }) {
    const { state, clock, seed, speed, profile, source } = options;
    this.#maker = new RunMaker(state, source);
    this.#forced = new ForcedFailures(state.saved);
    const groups = new ConcurrencyGroups();
    const active = activeDeployments(state);
    this.#core = {
      state,
      clock,
      seed,
      speed,
      profile,
      groups,
      active,
      aws: options.aws ?? null,
      tokens: new TokenIssuer(state),
      stepWishes: new StepWishes(state.saved),
    };
  }

  async push(
    repo: RepoRecord,
    push: { branch: string; before: string; after: string; actor: string },
  ): Promise<RunRecord[]> {
    if (NO_COMMIT.test(push.after)) return [];
    const commit = await this.#maker.commit(repo, push.after);
    if (SKIP.test(commit.message)) return [];
    const changed = await this.#maker.source.changedFiles(
      repo,
      push.before,
      push.after,
    );
    const made = await this.#maker.triggered(
      repo,
      { event: 'push', branch: push.branch, changedFiles: changed },
      {
        event: 'push',
        branch: push.branch,
        commit,
        actor: push.actor,
        title: commit.message.split('\n')[0],
        pullRequest: null,
        inputs: {},
        ...(provesItself(repo) &&
          NO_COMMIT.test(push.before) && { createdBranch: true }),
      },
    );
    return made.map(item => this.#begin(repo, item));
  }

  async pullRequest(
    repo: RepoRecord,
    pull: PullRequestRecord,
    action: 'opened' | 'synchronize',
    actor: string,
  ): Promise<RunRecord[]> {
    const commit = await this.#maker.commit(repo, pull.headSha);
    const base = await this.#maker.source.resolve(repo, pull.baseBranch);
    const changed = base
      ? await this.#maker.source.changedFiles(repo, base, pull.headSha)
      : null;
    const made = await this.#maker.triggered(
      repo,
      {
        event: 'pull_request',
        branch: pull.baseBranch,
        action,
        changedFiles: changed,
      },
      {
        event: 'pull_request',
        branch: pull.headBranch,
        commit,
        actor,
        title: pull.title,
        pullRequest: pull.number,
        inputs: {},
      },
    );
    return made.map(item => this.#begin(repo, item));
  }

  async dispatch(
    repo: RepoRecord,
    workflow: WorkflowRecord,
    request: { ref: string; inputs: Record<string, string>; actor: string },
  ): Promise<RunRecord> {
    const branch = request.ref.replace(/^refs\/heads\//, '');
    const made = await this.#maker.single(repo, workflow, branch, {
      event: 'workflow_dispatch',
      actor: request.actor,
      inputs: request.inputs,
    });
    return this.#begin(repo, made);
  }

  /** What GitHub's scheduler does: one run of the workflow on the default branch. */
  async schedule(
    repo: RepoRecord,
    workflow: WorkflowRecord,
  ): Promise<RunRecord> {
    const made = await this.#maker.single(repo, workflow, repo.defaultBranch, {
      event: 'schedule',
      actor: 'github-actions[bot]',
      inputs: {},
    });
    return this.#begin(repo, made);
  }

  async rerun(
    run: RunRecord,
    request: { failedOnly: boolean; actor: string; jobId?: number },
  ): Promise<void> {
    const { state, clock } = this.#core;
    checkRerun(run, clock.now());
    const { repo, loaded } = await this.#maker.load(run);
    const jobs = state.jobsOfRun.get(run.id) ?? [];
    const kept = keptJobs(jobs, loaded, request);
    addAttempt(run, request.actor, clock.now());
    state.changed({ event: 'workflow_run', action: 'requested', run });
    this.#play(repo, run, loaded, kept);
  }

  cancel(run: RunRecord, _actor: string): void {
    const player = this.#players.get(run.id);
    if (!player) {
      throw new GitHubError(
        409,
        'Cannot cancel a workflow run that is completed.',
      );
    }
    // GitHub answers 202 and cancels a moment later.
    const { clock, speed } = this.#core;
    clock.after(6_000 / speed, () => player.cancel());
  }

  review(run: RunRecord, review: NewReview): DeploymentRecord[] {
    return reviewGates(this.#core, this.#players.get(run.id), run, review);
  }

  pending(run: RunRecord): PendingGate[] {
    return pendingGates(this.#players.get(run.id));
  }

  bypass(run: RunRecord, environmentIds: number[]): void {
    bypassGates(this.#players.get(run.id), environmentIds);
  }

  log(job: JobRecord): string {
    return jobLog(job, this.#core.clock.now(), this.#core.speed);
  }

  /** Makes the next runs that fit fail (or hang until the time limit), whatever the profile says. */
  failNext(repo: RepoRecord, wish: FailNext): void {
    this.#forced.add(repo.id, wish);
    this.#core.state.changed();
  }

  /** Makes a step of the next job that deploys to the environment fail. */
  failStep(repo: RepoRecord, wish: FailStep): void {
    this.#core.stepWishes.add(repo.id, wish);
    this.#core.state.changed();
  }

  async resume(): Promise<void> {
    const { state } = this.#core;
    const busy = (run: RunRecord) =>
      (state.jobsOfRun.get(run.id) ?? []).some(
        ({ status }) => status === 'in_progress' || status === 'waiting',
      );
    const open = [...state.runs.values()]
      .filter(run => run.attempts.at(-1)?.status !== 'completed')
      // Whoever was inside a concurrency group must enter it again first.
      .sort((a, b) => Number(busy(b)) - Number(busy(a)) || a.id - b.id);
    for (const run of open) {
      const { repo, loaded } = await this.#maker.load(run);
      const jobs = latestJobs(state.jobsOfRun.get(run.id) ?? []);
      const attempt = run.attempts.length;
      const known = jobs.filter(
        job => job.attempt === attempt || job.conclusion === 'success',
      );
      this.#play(repo, run, loaded, known);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const player of this.#players.values()) player.stop();
    this.#players.clear();
  }

  /** Takes the next run number of a workflow. */
  nextRunNumber(workflowId: number): number {
    return this.#maker.nextRunNumber(workflowId);
  }

  #begin(repo: RepoRecord, { run, loaded }: NewRun): RunRecord {
    const { state } = this.#core;
    state.changed({ event: 'workflow_run', action: 'requested', run });
    if (loaded) this.#play(repo, run, loaded, []);
    else endAsStartupFailure(state, run);
    return run;
  }

  #play(
    repo: RepoRecord,
    run: RunRecord,
    loaded: LoadedWorkflow,
    known: JobRecord[],
  ): void {
    if (this.#stopped) return;
    const player = new RunPlayer(this.#core, repo, run, loaded, known, () => {
      this.#players.delete(run.id);
      this.#forced.drop(run);
    });
    const forced = this.#forced.take(run, loaded);
    if (forced) player.force(forced);
    if (loaded.file.runName && known.length === 0) {
      const inputs = run.inputs;
      const contexts = { ...player.contexts, inputs };
      run.displayTitle = interpolate(loaded.file.runName, { contexts });
    }
    this.#players.set(run.id, player);
    player.start();
  }
}
