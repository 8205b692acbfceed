import { GitHubError } from '../state';
import type {
  Clock,
  CommitInfo,
  DeploymentRecord,
  EnvironmentRecord,
  JobRecord,
  PullRequestRecord,
  RepoRecord,
  ReviewRecord,
  RunRecord,
  SandboxState,
  WorkflowEngine,
  WorkflowRecord,
} from '../state';
import { ConcurrencyGroups } from './ConcurrencyGroups';
import { activeDeployments } from './deployments';
import { checkDispatch } from './dispatchCheck';
import type { EngineCore } from './EngineCore';
import { interpolate } from './expressions';
import { ForcedFailures, type FailNext } from './ForcedFailures';
import { jobLog } from './logs';
import type { Profile } from './profile';
import { checkRerun, keptJobs, latestJobs } from './rerunPlan';
import { mayReview } from './reviewPlan';
import { RunPlayer } from './RunPlayer';
import {
  addAttempt,
  createRun,
  referencedWorkflows,
  workflowRecord,
  type RunCause,
} from './runRecords';
import { isTriggered, type TriggerEvent } from './triggers';
import {
  loadWorkflow,
  readCached,
  type LoadedWorkflow,
  type WorkflowSource,
} from './WorkflowSource';
import { WorkflowFileError, type WorkflowFile } from './workflowFile';

const NO_COMMIT = /^0+$/;
const SKIP = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/;

/** Plays workflow files. Make it with `createEngine`. */
export class Engine implements WorkflowEngine {
  readonly #core: EngineCore;
  readonly #source: WorkflowSource;
  readonly #players = new Map<number, RunPlayer>();
  readonly #forced = new ForcedFailures();
  readonly #numbers = new Map<number, number>();
  #stopped = false;

  constructor(options: {
    state: SandboxState;
    clock: Clock;
    seed: string;
    speed: number;
    profile: Profile;
    source: WorkflowSource;
  }) {
    const { state, clock, seed, speed, profile, source } = options;
    this.#source = source;
    const groups = new ConcurrencyGroups();
    const active = activeDeployments(state);
    this.#core = { state, clock, seed, speed, profile, groups, active };
  }

  async push(
    repo: RepoRecord,
    push: { branch: string; before: string; after: string; actor: string },
  ): Promise<RunRecord[]> {
    if (NO_COMMIT.test(push.after)) return [];
    const commit = await this.#commit(repo, push.after);
    if (SKIP.test(commit.message)) return [];
    const changed = await this.#source.changedFiles(
      repo,
      push.before,
      push.after,
    );
    return this.#trigger(
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
      },
    );
  }

  async pullRequest(
    repo: RepoRecord,
    pull: PullRequestRecord,
    action: 'opened' | 'synchronize',
    actor: string,
  ): Promise<RunRecord[]> {
    const commit = await this.#commit(repo, pull.headSha);
    const base = await this.#source.resolve(repo, pull.baseBranch);
    const changed = base
      ? await this.#source.changedFiles(repo, base, pull.headSha)
      : null;
    return this.#trigger(
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
  }

  async dispatch(
    repo: RepoRecord,
    workflow: WorkflowRecord,
    request: { ref: string; inputs: Record<string, string>; actor: string },
  ): Promise<RunRecord> {
    const branch = request.ref.replace(/^refs\/heads\//, '');
    return this.#single(repo, workflow, branch, {
      event: 'workflow_dispatch',
      actor: request.actor,
      inputs: request.inputs,
    });
  }

  /** What GitHub's scheduler does: one run of the workflow on the default branch. */
  schedule(repo: RepoRecord, workflow: WorkflowRecord): Promise<RunRecord> {
    return this.#single(repo, workflow, repo.defaultBranch, {
      event: 'schedule',
      actor: 'github-actions[bot]',
      inputs: {},
    });
  }

  async rerun(
    run: RunRecord,
    request: { failedOnly: boolean; actor: string; jobId?: number },
  ): Promise<void> {
    const { state, clock } = this.#core;
    checkRerun(run, clock.now());
    const { repo, loaded } = await this.#load(run);
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

  review(
    run: RunRecord,
    review: {
      environmentIds: number[];
      state: 'approved' | 'rejected';
      comment: string;
      actor: string;
    },
  ): DeploymentRecord[] {
    const { state, clock } = this.#core;
    const { environmentIds, comment, actor } = review;
    const jobs = (this.#players.get(run.id)?.waiting ?? []).filter(
      ({ environment, awaitsReview }) =>
        awaitsReview &&
        environment !== null &&
        environmentIds.includes(environment.id) &&
        mayReview(state, run, environment, actor),
    );
    if (jobs.length === 0) {
      throw new GitHubError(
        422,
        'No pending deployment requests to approve or reject',
      );
    }
    const record: ReviewRecord = {
      environmentIds: [
        ...new Set(jobs.flatMap(({ environment }) => environment?.id ?? [])),
      ],
      state: review.state,
      comment,
      user: actor,
      at: clock.now(),
      attempt: run.attempts.length,
    };
    run.reviews.push(record);
    return jobs.flatMap(job => job.review(record) ?? []);
  }

  pending(run: RunRecord): { environment: EnvironmentRecord; since: number }[] {
    const found = new Map<
      number,
      { environment: EnvironmentRecord; since: number }
    >();
    for (const job of this.#players.get(run.id)?.waiting ?? []) {
      const { environment, waitingSince } = job;
      if (environment && waitingSince !== null && !found.has(environment.id)) {
        found.set(environment.id, { environment, since: waitingSince });
      }
    }
    return [...found.values()];
  }

  log(job: JobRecord): string {
    return jobLog(job, this.#core.clock.now(), this.#core.speed);
  }

  /** Makes the next runs that fit fail (or hang until the time limit), whatever the profile says. */
  failNext(repo: RepoRecord, wish: FailNext): void {
    this.#forced.add(repo.id, wish);
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
      const { repo, loaded } = await this.#load(run);
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

  async #commit(repo: RepoRecord, sha: string): Promise<CommitInfo> {
    const commit = await this.#source.commitInfo(repo, sha);
    if (!commit) throw new GitHubError(422, `No ref found for: ${sha}`);
    return commit;
  }

  async #single(
    repo: RepoRecord,
    workflow: WorkflowRecord,
    branch: string,
    cause: Pick<RunCause, 'event' | 'actor' | 'inputs'>,
  ): Promise<RunRecord> {
    const sha = await this.#source.resolve(repo, branch);
    if (!sha) throw new GitHubError(422, `No ref found for: ${branch}`);
    const commit = await this.#commit(repo, sha);
    const files = await this.#source.workflowFiles(repo, sha);
    const found = files.find(({ path }) => path === workflow.path);
    if (!found) throw new GitHubError(404, 'Not Found');
    const file = readCached(found.path, found.text);
    if (cause.event === 'workflow_dispatch') checkDispatch(file, cause.inputs);
    const title = file.name ?? workflow.path;
    const [run] = await this.#start(repo, [{ path: workflow.path, file }], {
      ...cause,
      branch,
      commit,
      title,
      pullRequest: null,
    });
    return run;
  }

  async #trigger(
    repo: RepoRecord,
    event: TriggerEvent,
    cause: RunCause,
  ): Promise<RunRecord[]> {
    const texts = await this.#source.workflowFiles(repo, cause.commit.sha);
    const wanted: { path: string; file: WorkflowFile | null }[] = [];
    for (const { path, text } of texts) {
      try {
        const file = readCached(path, text);
        if (isTriggered(file, event)) wanted.push({ path, file });
      } catch (error) {
        if (!(error instanceof WorkflowFileError)) throw error;
        // GitHub shows a broken file as a run of its own, for pushes only.
        if (event.event === 'push') wanted.push({ path, file: null });
      }
    }
    return this.#start(repo, wanted, cause);
  }

  async #start(
    repo: RepoRecord,
    wanted: { path: string; file: WorkflowFile | null }[],
    cause: RunCause,
  ): Promise<RunRecord[]> {
    const { state } = this.#core;
    const at = { repo, sha: cause.commit.sha, ref: cause.branch };
    const context = { state, source: this.#source };
    const runs: RunRecord[] = [];
    for (const { path, file } of wanted) {
      let loaded: LoadedWorkflow | null = null;
      try {
        loaded = file && (await loadWorkflow(at, file, context));
      } catch (error) {
        if (!(error instanceof WorkflowFileError)) throw error;
      }
      const workflow = workflowRecord(state, repo, path, file?.name ?? null);
      const number = this.nextRunNumber(workflow.id);
      const run = createRun(state, workflow, number, cause);
      runs.push(run);
      if (loaded) run.referencedWorkflows = referencedWorkflows(loaded);
      state.changed({ event: 'workflow_run', action: 'requested', run });
      if (loaded) this.#play(repo, run, loaded, []);
      else this.#startupFailure(run);
    }
    return runs;
  }

  /** Takes the next run number of a workflow. */
  nextRunNumber(workflowId: number): number {
    if (!this.#numbers.has(workflowId)) {
      let highest = 0;
      for (const run of this.#core.state.runs.values()) {
        if (run.workflowId === workflowId) {
          highest = Math.max(highest, run.runNumber);
        }
      }
      this.#numbers.set(workflowId, highest);
    }
    const next = (this.#numbers.get(workflowId) ?? 0) + 1;
    this.#numbers.set(workflowId, next);
    return next;
  }

  #startupFailure(run: RunRecord): void {
    const { state, clock } = this.#core;
    const attempt = run.attempts[run.attempts.length - 1];
    attempt.status = 'completed';
    attempt.conclusion = 'startup_failure';
    attempt.updatedAt = clock.now();
    attempt.completedAt = attempt.updatedAt;
    state.changed({ event: 'workflow_run', action: 'completed', run });
  }

  #play(
    repo: RepoRecord,
    run: RunRecord,
    loaded: LoadedWorkflow,
    known: JobRecord[],
  ): void {
    if (this.#stopped) return;
    const player = new RunPlayer(this.#core, repo, run, loaded, known, () =>
      this.#players.delete(run.id),
    );
    const forced = this.#forced.take(repo.id, loaded);
    if (forced) player.force(forced);
    if (loaded.file.runName && known.length === 0) {
      const inputs = run.inputs;
      const contexts = { ...player.contexts, inputs };
      run.displayTitle = interpolate(loaded.file.runName, { contexts });
    }
    this.#players.set(run.id, player);
    player.start();
  }

  async #load(
    run: RunRecord,
  ): Promise<{ repo: RepoRecord; loaded: LoadedWorkflow }> {
    const { state } = this.#core;
    const repo = state.repos.get(run.repoId);
    const workflow = state.workflows.get(run.workflowId);
    if (!repo || !workflow) throw new GitHubError(404, 'Not Found');
    const files = await this.#source.workflowFiles(repo, run.headSha);
    const found = files.find(({ path }) => path === workflow.path);
    if (!found) {
      throw new GitHubError(403, 'This workflow run cannot be retried');
    }
    const file = readCached(found.path, found.text);
    const at = { repo, sha: run.headSha, ref: run.headBranch };
    const context = { state, source: this.#source };
    return { repo, loaded: await loadWorkflow(at, file, context) };
  }
}
