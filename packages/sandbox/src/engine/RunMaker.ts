import {
  GitHubError,
  type CommitInfo,
  type RepoRecord,
  type RunRecord,
  type SandboxState,
  type WorkflowRecord,
} from '../state';
import { checkDispatch } from './dispatchCheck';
import { checkPolicies } from './policies';
import {
  createRun,
  referencedWorkflows,
  workflowRecord,
  type RunCause,
} from './runRecords';
import { isTriggered, type TriggerEvent } from './triggers';
import {
  loadWorkflow,
  withHistory,
  readCached,
  type LoadedWorkflow,
  type WorkflowSource,
} from './WorkflowSource';
import { WorkflowFileError } from './workflowFile';
import type { WorkflowFile } from './workflowTypes';

/** A run that was made and not started yet; without a workflow it ends as `startup_failure`. */
export interface NewRun {
  run: RunRecord;
  loaded: LoadedWorkflow | null;
}

/** Finds the workflows an event starts and makes their runs. */
export class RunMaker {
  readonly #numbers = new Map<number, number>();

  constructor(
    private readonly state: SandboxState,
    readonly source: WorkflowSource,
  ) {}

  /** @throws GitHubError 422 when there is no such commit */
  async commit(repo: RepoRecord, sha: string): Promise<CommitInfo> {
    const commit = await this.source.commitInfo(repo, sha);
    if (!commit) throw new GitHubError(422, `No ref found for: ${sha}`);
    return commit;
  }

  /** A run of one workflow: dispatched or by its schedule. */
  async single(
    repo: RepoRecord,
    workflow: WorkflowRecord,
    branch: string,
    cause: Pick<RunCause, 'event' | 'actor' | 'inputs'>,
  ): Promise<NewRun> {
    const sha = await this.source.resolve(repo, branch);
    if (!sha) throw new GitHubError(422, `No ref found for: ${branch}`);
    const commit = await this.commit(repo, sha);
    const files = await this.source.workflowFiles(repo, sha);
    const found = files.find(({ path }) => path === workflow.path);
    if (!found) throw new GitHubError(404, 'Not Found');
    const file = readCached(found.path, found.text);
    if (cause.event === 'workflow_dispatch') checkDispatch(file, cause.inputs);
    const title = file.name ?? workflow.path;
    const [created] = await this.#create(
      repo,
      [{ path: workflow.path, file }],
      {
        ...cause,
        branch,
        commit,
        title,
        pullRequest: null,
      },
    );
    return created;
  }

  /** Runs of every workflow of the commit that the event starts. */
  async triggered(
    repo: RepoRecord,
    event: TriggerEvent,
    cause: RunCause,
  ): Promise<NewRun[]> {
    const texts = await this.source.workflowFiles(repo, cause.commit.sha);
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
    return this.#create(repo, wanted, cause);
  }

  async #create(
    repo: RepoRecord,
    wanted: { path: string; file: WorkflowFile | null }[],
    cause: RunCause,
  ): Promise<NewRun[]> {
    const { state } = this;
    const at = { repo, sha: cause.commit.sha, ref: cause.branch };
    const created: NewRun[] = [];
    for (const { path, file } of wanted) {
      let loaded: LoadedWorkflow | null = null;
      try {
        loaded = file && (await this.#load(at, file, true));
      } catch (error) {
        if (!(error instanceof WorkflowFileError)) throw error;
      }
      const workflow = workflowRecord(state, repo, path, file?.name ?? null);
      const number = this.nextRunNumber(workflow.id);
      const run = createRun(state, workflow, number, cause);
      created.push({ run, loaded });
      if (loaded) run.referencedWorkflows = referencedWorkflows(loaded);
    }
    return created;
  }

  /** Takes the next run number of a workflow. */
  nextRunNumber(workflowId: number): number {
    if (!this.#numbers.has(workflowId)) {
      let highest = 0;
      for (const run of this.state.runs.values()) {
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

  /** The workflow of a run as it was at its commit. */
  async load(
    run: RunRecord,
  ): Promise<{ repo: RepoRecord; loaded: LoadedWorkflow }> {
    const { state } = this;
    const repo = state.repos.get(run.repoId);
    const workflow = state.workflows.get(run.workflowId);
    if (!repo || !workflow) throw new GitHubError(404, 'Not Found');
    const files = await this.source.workflowFiles(repo, run.headSha);
    const found = files.find(({ path }) => path === workflow.path);
    if (!found) {
      throw new GitHubError(403, 'This workflow run cannot be retried');
    }
    const file = readCached(found.path, found.text);
    const at = { repo, sha: run.headSha, ref: run.headBranch };
    return { repo, loaded: await this.#load(at, file, false) };
  }

  /** `isNew`: settings have a say. What has begun goes on whatever they have become. */
  async #load(
    at: { repo: RepoRecord; sha: string; ref: string },
    file: WorkflowFile,
    isNew: boolean,
  ): Promise<LoadedWorkflow> {
    const { state, source } = this;
    const loaded = await loadWorkflow(at, file, { state, source, isNew });
    if (isNew) checkPolicies(at.repo, loaded);
    return withHistory(loaded, at.repo, { state, source });
  }
}
