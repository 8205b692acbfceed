import type {
  CommitInfo,
  RepoRecord,
  RunRecord,
  SandboxState,
  WorkflowRecord,
} from '../state';
import { nodeId } from './random';
import type { LoadedWorkflow } from './WorkflowSource';

/** The record of a workflow file; made at its first sight, its name follows the file. */
export function workflowRecord(
  state: SandboxState,
  repo: RepoRecord,
  path: string,
  name: string | null,
): WorkflowRecord {
  for (const known of state.workflows.values()) {
    if (known.repoId === repo.id && known.path === path) {
      if (name && known.name !== name) {
        known.name = name;
        state.changed();
      }
      return known;
    }
  }
  const id = state.nextId();
  const record: WorkflowRecord = {
    id,
    nodeId: nodeId('W', id),
    repoId: repo.id,
    path,
    name: name ?? path,
    createdAt: state.clock.now(),
  };
  state.workflows.set(id, record);
  state.changed();
  return record;
}

/** What starts a run. */
export interface RunCause {
  event: RunRecord['event'];
  branch: string;
  commit: CommitInfo;
  actor: string;
  title: string;
  pullRequest: number | null;
  inputs: Record<string, string>;
  createdBranch?: true;
}

/** A new run with its first attempt, not played yet. */
export function createRun(
  state: SandboxState,
  workflow: WorkflowRecord,
  runNumber: number,
  cause: RunCause,
): RunRecord {
  const now = state.clock.now();
  const id = state.nextId();
  const { author } = cause.commit;
  const account = [...state.accounts.values()].find(
    ({ email }) => email === author.email,
  );
  const run: RunRecord = {
    id,
    nodeId: nodeId('WFR', id),
    repoId: workflow.repoId,
    workflowId: workflow.id,
    runNumber,
    name: workflow.name,
    displayTitle: cause.title,
    event: cause.event,
    headBranch: cause.branch,
    headSha: cause.commit.sha,
    headMessage: cause.commit.message,
    headAuthor: { ...author, login: account?.login ?? null },
    actor: cause.actor,
    pullRequest: cause.pullRequest,
    ...(cause.createdBranch && { createdBranch: true }),
    checkSuiteId: state.nextId(),
    createdAt: now,
    attempts: [],
    referencedWorkflows: [],
    reviews: [],
    artifacts: [],
    inputs: cause.inputs,
  };
  addAttempt(run, cause.actor, now);
  state.runs.set(id, run);
  state.jobsOfRun.set(id, []);
  return run;
}

/** One more attempt, `queued` from now. */
export function addAttempt(run: RunRecord, actor: string, now: number): void {
  run.attempts.push({
    attempt: run.attempts.length + 1,
    triggeringActor: actor,
    status: 'queued',
    conclusion: null,
    startedAt: now,
    updatedAt: now,
    completedAt: null,
  });
}

/** Ends a run whose workflow file cannot be played. */
export function endAsStartupFailure(state: SandboxState, run: RunRecord): void {
  const attempt = run.attempts[run.attempts.length - 1];
  attempt.status = 'completed';
  attempt.conclusion = 'startup_failure';
  attempt.updatedAt = state.clock.now();
  attempt.completedAt = attempt.updatedAt;
  state.changed({ event: 'workflow_run', action: 'completed', run });
}

/** `referenced_workflows` of everything a run calls, each file once. */
export function referencedWorkflows(
  loaded: LoadedWorkflow,
): RunRecord['referencedWorkflows'] {
  const found = new Map<string, RunRecord['referencedWorkflows'][number]>();
  const visit = ({ calls }: LoadedWorkflow) => {
    for (const called of calls.values()) {
      const path = `${called.slug}/${called.file.path}@${called.ref}`;
      found.set(path, { path, sha: called.sha, ref: called.ref });
      visit(called);
    }
  };
  visit(loaded);
  return [...found.values()];
}

/** Key paths of all jobs that run steps, called ones included. */
export function jobKeys(loaded: LoadedWorkflow, prefix = ''): string[] {
  return [...loaded.file.jobs.keys()].flatMap(id => {
    const called = loaded.calls.get(id);
    return called ? jobKeys(called, `${prefix}${id}/`) : [`${prefix}${id}`];
  });
}
