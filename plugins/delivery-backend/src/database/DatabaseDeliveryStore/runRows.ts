import type { Knex } from 'knex';
import type { AttemptRow, JobRow, RunRow } from '../rows';
import {
  bool,
  int,
  json,
  optionalInt,
  optionalText,
  stateOf,
  text,
  type Raw,
} from './columns';

/** Runs with the name and file of their pipeline. */
export function selectRuns(db: Knex): Knex.QueryBuilder {
  return db('run')
    .leftJoin('pipeline', 'pipeline.pipeline_key', 'run.pipeline_key')
    .select(
      'run.*',
      'pipeline.name as pipeline_name',
      'pipeline.path as pipeline_path',
    );
}

export function toRunRow(row: Raw): RunRow {
  return {
    runKey: text(row.run_key),
    repoKey: text(row.repo_key),
    pipelineKey: text(row.pipeline_key),
    pipelineName: text(row.pipeline_name ?? ''),
    pipelinePath: text(row.pipeline_path ?? ''),
    runNumber: int(row.run_number),
    title: text(row.title),
    event: text(row.event),
    branch: optionalText(row.branch),
    sha: text(row.sha),
    actor: optionalText(row.actor),
    triggeringActor: optionalText(row.triggering_actor),
    pullRequest: optionalInt(row.pull_request),
    url: text(row.url),
    createdAt: int(row.created_at),
    referenced: json(row.referenced_json),
    attempt: int(row.attempt),
    state: stateOf(row),
    status: stateOf(row).status,
    conclusion: stateOf(row).conclusion,
    startedAt: optionalInt(row.started_at),
    completedAt: optionalInt(row.completed_at),
    workMs: optionalInt(row.work_ms),
    workSince: optionalInt(row.work_since),
    updatedAt: int(row.updated_at),
    stages: json(row.stages_json),
    waitingFor: json(row.waiting_json),
    needsConfirm: bool(row.needs_confirm),
    confirmedAt: optionalInt(row.confirmed_at),
  };
}

export function toAttemptRow(row: Raw): AttemptRow {
  return {
    runKey: text(row.run_key),
    attempt: int(row.attempt),
    state: stateOf(row),
    triggeringActor: optionalText(row.triggering_actor),
    startedAt: optionalInt(row.started_at),
    completedAt: optionalInt(row.completed_at),
    updatedAt: int(row.updated_at),
    source: row.source === 'api' ? 'api' : 'webhook',
    observedAt: int(row.observed_at),
  };
}

export function toJobRow(row: Raw): JobRow {
  return {
    jobKey: text(row.job_key),
    runKey: text(row.run_key),
    repoKey: text(row.repo_key),
    attempt: int(row.attempt),
    name: text(row.name),
    state: stateOf(row),
    createdAt: optionalInt(row.created_at),
    startedAt: optionalInt(row.started_at),
    completedAt: optionalInt(row.completed_at),
    url: optionalText(row.url),
    runner: optionalText(row.runner),
    labels: json(row.labels_json),
    environment: optionalText(row.environment),
    steps: json(row.steps_json),
  };
}
