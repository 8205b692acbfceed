import type { JobFact, RunFact } from 'backstage-plugin-delivery-common';
import type {
  AttemptState,
  JobState,
  RunState,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  bool,
  chunks,
  int,
  optionalInt,
  rowsByKey,
  stateColumns,
  text,
  upsert,
  type Raw,
} from './columns';
import { selectRuns, toAttemptRow, toJobRow, toRunRow } from './runRows';

function headerOf(row: Raw): RunFact {
  const run = toRunRow(row);
  return {
    kind: 'run',
    runKey: run.runKey,
    repoKey: run.repoKey,
    pipelineKey: run.pipelineKey,
    pipelineName: run.pipelineName,
    pipelinePath: run.pipelinePath,
    runNumber: run.runNumber,
    title: run.title,
    event: run.event,
    branch: run.branch,
    sha: run.sha,
    actor: run.actor,
    url: run.url,
    pullRequest: run.pullRequest,
    createdAt: run.createdAt,
    referenced: run.referenced,
    attempt: run.attempt,
    triggeringActor: run.triggeringActor,
    state: run.state,
    startedAt: run.startedAt,
    updatedAt: run.updatedAt,
  };
}

function attemptState(row: Raw): AttemptState {
  const attempt = toAttemptRow(row);
  return {
    attempt: attempt.attempt,
    state: attempt.state,
    triggeringActor: attempt.triggeringActor,
    startedAt: attempt.startedAt,
    updatedAt: attempt.updatedAt,
    completedAt: attempt.completedAt,
    observed: { source: attempt.source, at: attempt.observedAt },
    confirmedAt: optionalInt(row.confirmed_at),
  };
}

function jobState(row: Raw): JobState {
  const fact: JobFact = { kind: 'job', ...toJobRow(row) };
  return {
    fact,
    observed: {
      source: row.source === 'api' ? 'api' : 'webhook',
      at: int(row.observed_at),
    },
    confirmedAt: optionalInt(row.confirmed_at),
  };
}

/** Everything known of some runs; runs nobody heard of are missing. */
export async function loadRunStates(
  db: Knex,
  runKeys: string[],
): Promise<Map<string, RunState>> {
  const runs: Raw[] = [];
  for (const part of chunks(runKeys)) {
    runs.push(...(await selectRuns(db).whereIn('run.run_key', part)));
  }
  const attempts = await rowsByKey(db, 'attempt', 'run_key', runKeys);
  const jobs = await rowsByKey(db, 'job', 'run_key', runKeys);
  const states = new Map<string, RunState>();
  const stateFor = (row: Raw): RunState => {
    const runKey = text(row.run_key);
    let state = states.get(runKey);
    if (!state) {
      state = {
        runKey,
        repoKey: text(row.repo_key),
        attempts: [],
        jobs: [],
        needsConfirm: false,
      };
      states.set(runKey, state);
    }
    return state;
  };
  for (const row of runs) {
    const state = stateFor(row);
    state.run = headerOf(row);
    state.needsConfirm = bool(row.needs_confirm);
    state.confirmedAt = optionalInt(row.confirmed_at);
  }
  for (const row of jobs) stateFor(row).jobs.push(jobState(row));
  // An attempt without its run does not exist: both are written together.
  for (const row of attempts) {
    states.get(text(row.run_key))?.attempts.push(attemptState(row));
  }
  for (const state of states.values()) {
    state.attempts.sort((a, b) => a.attempt - b.attempt);
    state.jobs.sort(
      (a, b) =>
        a.fact.attempt - b.fact.attempt ||
        (a.fact.jobKey < b.fact.jobKey ? -1 : 1),
    );
  }
  return states;
}

/** A run before and after a merge. */
export interface RunDifference {
  before: RunState | undefined;
  after: RunState;
}

function runColumns({ run, attempts, ...state }: RunState): Raw | undefined {
  if (!run) return undefined;
  const current = attempts.find(a => a.attempt === run.attempt);
  return {
    run_key: run.runKey,
    repo_key: run.repoKey,
    pipeline_key: run.pipelineKey,
    run_number: run.runNumber,
    title: run.title,
    event: run.event,
    branch: run.branch,
    sha: run.sha,
    actor: run.actor,
    triggering_actor: run.triggeringActor,
    pull_request: run.pullRequest,
    url: run.url,
    created_at: run.createdAt,
    referenced_json: JSON.stringify(run.referenced),
    attempt: run.attempt,
    ...stateColumns(run.state),
    started_at: run.startedAt,
    completed_at: current?.completedAt,
    updated_at: run.updatedAt,
    needs_confirm: state.needsConfirm,
    confirmed_at: state.confirmedAt,
  };
}

function attemptColumns(runKey: string, state: AttemptState): Raw {
  return {
    run_key: runKey,
    attempt: state.attempt,
    ...stateColumns(state.state),
    triggering_actor: state.triggeringActor,
    started_at: state.startedAt,
    completed_at: state.completedAt,
    updated_at: state.updatedAt,
    source: state.observed.source,
    observed_at: state.observed.at,
    confirmed_at: state.confirmedAt,
  };
}

function jobColumns({ fact, observed, confirmedAt }: JobState): Raw {
  return {
    job_key: fact.jobKey,
    run_key: fact.runKey,
    repo_key: fact.repoKey,
    attempt: fact.attempt,
    name: fact.name,
    ...stateColumns(fact.state),
    created_at: fact.createdAt,
    started_at: fact.startedAt,
    completed_at: fact.completedAt,
    url: fact.url,
    runner: fact.runner,
    labels_json: JSON.stringify(fact.labels),
    environment: fact.environment,
    steps_json: JSON.stringify(fact.steps),
    source: observed.source,
    observed_at: observed.at,
    confirmed_at: confirmedAt,
  };
}

/** Rows of `after` that are not in `before`; a merge keeps what it did not touch, so most are the same object. */
function differing<T>(
  before: T[] | undefined,
  after: T[],
  columns: (item: T) => Raw,
): Raw[] {
  const same = new Set<unknown>(before ?? []);
  const known = new Set((before ?? []).map(b => JSON.stringify(columns(b))));
  return after
    .filter(item => !same.has(item))
    .map(columns)
    .filter(row => !known.has(JSON.stringify(row)));
}

/** Writes what a merge made different. */
export async function saveRunStates(
  db: Knex,
  differences: RunDifference[],
): Promise<void> {
  const runs: Raw[] = [];
  const attempts: Raw[] = [];
  const jobs: Raw[] = [];
  for (const { before, after } of differences) {
    const row = runColumns(after);
    if (row) runs.push({ ...row, stages_json: '[]', waiting_json: '[]' });
    attempts.push(
      ...differing(before?.attempts, after.attempts, a =>
        attemptColumns(after.runKey, a),
      ),
    );
    jobs.push(...differing(before?.jobs, after.jobs, jobColumns));
  }
  await upsert(db, 'run', ['run_key'], runs, {
    leave: ['stages_json', 'waiting_json'],
  });
  const over = runs
    .filter(row => row.status === 'completed')
    .map(row => text(row.run_key));
  if (over.length > 0) {
    // Whatever gate held it, it holds it no longer.
    await db('run')
      .whereIn('run_key', over)
      .whereNot('waiting_json', '[]')
      .update({ waiting_json: '[]' });
  }
  await upsert(db, 'attempt', ['run_key', 'attempt'], attempts);
  await upsert(db, 'job', ['job_key'], jobs);
  await deleteDisproved(db, differences);
}

/** An API read can disprove attempts and jobs that only webhooks spoke of. */
async function deleteDisproved(
  db: Knex,
  differences: RunDifference[],
): Promise<void> {
  const jobs: string[] = [];
  for (const { before, after } of differences) {
    const kept = new Set(after.jobs.map(job => job.fact.jobKey));
    for (const { fact } of before?.jobs ?? []) {
      if (!kept.has(fact.jobKey)) jobs.push(fact.jobKey);
    }
    const attempts = new Set(after.attempts.map(a => a.attempt));
    const gone = (before?.attempts ?? [])
      .map(a => a.attempt)
      .filter(attempt => !attempts.has(attempt));
    if (gone.length > 0) {
      await db('attempt')
        .where('run_key', after.runKey)
        .whereIn('attempt', gone)
        .delete();
    }
  }
  for (const part of chunks(jobs)) {
    await db('job').whereIn('job_key', part).delete();
  }
}
