import type {
  Pipeline,
  RepositoryFact,
  RunDetail,
  RunSummary,
} from 'backstage-plugin-delivery-common';
import type {
  AttemptRow,
  DeploymentRow,
  JobRow,
  PipelineRow,
  RunRow,
} from '../database/rows';

/** What history says of a run that moves: see the domain's durations. */
export interface Expectation {
  median?: { durationMs: number; n: number };
  expectedAt?: number;
}

/** Row of a run as the contract has it. */
export function toRunSummary(
  row: RunRow,
  expectation: Expectation,
): RunSummary {
  return {
    id: row.runKey,
    runNumber: row.runNumber,
    title: row.title,
    pipeline: { id: row.pipelineKey, name: row.pipelineName },
    ...row.state,
    event: row.event,
    branch: row.branch,
    sha: row.sha,
    pullRequest: row.pullRequest,
    actor: row.actor,
    triggeringActor: row.triggeringActor,
    attempt: row.attempt,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    updatedAt: row.updatedAt,
    durationMs: durationOf(row),
    workMs: row.status === 'completed' ? row.workMs : undefined,
    median: expectation.median,
    expectedAt: expectation.expectedAt,
    stages: row.stages,
    waitingFor: row.waitingFor,
    url: row.url,
  };
}

/** Undefined until completed; never negative, because a vendor's clocks may disagree. */
function durationOf(row: {
  startedAt?: number;
  completedAt?: number;
}): number | undefined {
  if (row.startedAt === undefined || row.completedAt === undefined) {
    return undefined;
  }
  return Math.max(0, row.completedAt - row.startedAt);
}

/** @param workflows - file names that belong to the service; empty: all */
export function toPipeline(row: PipelineRow, workflows: string[]): Pipeline {
  const file = row.path.slice(row.path.lastIndexOf('/') + 1);
  return {
    id: row.pipelineKey,
    name: row.name,
    path: row.path,
    url: row.url,
    mine: workflows.length === 0 || workflows.includes(file),
  };
}

export function toAttempt(row: AttemptRow): RunDetail['attempts'][number] {
  return {
    attempt: row.attempt,
    ...row.state,
    triggeringActor: row.triggeringActor,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
  };
}

export function toJob(
  row: JobRow,
  expectation: Expectation,
): RunDetail['jobs'][number] {
  return {
    id: row.jobKey,
    name: row.name,
    attempt: row.attempt,
    ...row.state,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    median: expectation.median,
    expectedAt: expectation.expectedAt,
    environment: row.environment,
    runner: row.runner,
    url: row.url,
    steps: row.steps.map(({ state, ...step }) => ({ ...step, ...state })),
  };
}

export function toDeployment(
  row: DeploymentRow,
): RunDetail['deployments'][number] {
  return {
    id: row.deploymentKey,
    environment: row.environment,
    state: row.state,
    createdAt: row.createdAt,
    creator: row.creator,
  };
}

export function toRepository(
  row: Pick<RepositoryFact, 'slug' | 'url' | 'deleted'>,
) {
  return { slug: row.slug, url: row.url, deleted: row.deleted ?? false };
}
