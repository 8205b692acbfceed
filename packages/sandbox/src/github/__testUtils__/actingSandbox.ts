import { Octokit } from '@octokit/rest';
import { HandClock } from '../../engine';
import { RepoRecord, RunRecord } from '../../state';
import { startSmallSandbox } from './startSmallSandbox';

export const APP = { owner: 'acme', repo: 'app' };
/** GitHub's one refusal of a decision. */
export const NOTHING = {
  status: 422,
  message: 'No pending deployment requests to approve or reject',
};
/** Durations are divided by this. */
export const SPEED = 10;
export const HOUR = 3_600_000;

type Rest = Octokit['rest'];
type Actions = Rest['actions'];
type Data<TName extends keyof Actions> = Awaited<
  ReturnType<Actions[TName]>
>['data'];

/** A sandbox whose clock is moved by hand, with people who act in it by the real Octokit. */
export async function actingSandbox() {
  const clock = new HandClock(Date.UTC(2026, 10, 20, 9));
  const sandbox = await startSmallSandbox({ clock, speed: SPEED });
  const repo = sandbox.state.repo('acme', 'app') as RepoRecord;
  const [gate] = repo.environments;

  /** @param auth - a login or a token */
  const as = (auth: string): Rest =>
    new Octokit({
      baseUrl: `${sandbox.url}/api/v3`,
      auth: auth.includes('_') ? auth : `ghp_sandbox_${auth}`,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      retry: { enabled: false },
    }).rest;
  const problem = (asked: Promise<unknown>) =>
    asked.then(
      () => undefined,
      error => ({ status: error.status, message: error.response.data.message }),
    );
  const control = async (path: string, body: object) => {
    const answer = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  /** A run dana has just started. */
  async function dispatched(): Promise<RunRecord> {
    const { data } = await as('dana').actions.createWorkflowDispatch({
      ...APP,
      workflow_id: 'deliver.yml',
      ref: 'main',
      return_run_details: true,
    } as never);
    const { workflow_run_id: id } = data as unknown as {
      workflow_run_id: number;
    };
    return sandbox.state.runs.get(id) as RunRecord;
  }
  /** The same when it has come as far as it does without anybody. */
  async function waiting(): Promise<RunRecord> {
    const run = await dispatched();
    clock.advance(HOUR / SPEED);
    return run;
  }
  const last = (run: RunRecord) => run.attempts[run.attempts.length - 1];
  const pending = async (
    run: RunRecord,
    login = 'cleo',
  ): Promise<Data<'getPendingDeploymentsForRun'>> => {
    const { data } = await as(login).actions.getPendingDeploymentsForRun({
      ...APP,
      run_id: run.id,
    });
    return data;
  };
  const review = (
    run: RunRecord,
    by = 'cleo',
    state: 'approved' | 'rejected' = 'approved',
    environment_ids = [gate.id],
  ): ReturnType<Actions['reviewPendingDeploymentsForRun']> =>
    as(by).actions.reviewPendingDeploymentsForRun({
      ...APP,
      run_id: run.id,
      environment_ids,
      state,
      comment: 'Go',
    });
  const approvals = async (
    run: RunRecord,
  ): Promise<Data<'getReviewsForRun'>> => {
    const { data } = await as('dana').actions.getReviewsForRun({
      ...APP,
      run_id: run.id,
    });
    return data;
  };

  return {
    clock,
    sandbox,
    gate,
    as,
    problem,
    control,
    dispatched,
    waiting,
    last,
    pending,
    review,
    approvals,
  };
}

export type ActingSandbox = Awaited<ReturnType<typeof actingSandbox>>;
