import { DeploymentRecord, RunRecord } from '../../state';
import { userOf } from '../bodies/accountBodies';
import {
  deployment,
  deploymentPage,
  deploymentStatus,
  reviewers,
} from '../bodies/deploymentBodies';
import { repoApi, repoHtml } from '../bodies/repoBodies';
import { repoById, workflowRun } from '../bodies/runBodies';
import { iso, isoOrNull } from '../bodies/schemas';
import { GitHubContext } from '../gitHubContext';
import { envelope, Of, triggeredBy, workflowOf } from './envelope';

function runOf(ctx: GitHubContext, record: DeploymentRecord) {
  const run =
    record.runId === null ? undefined : ctx.store.runs.get(record.runId);
  const found =
    run && ctx.store.jobsOfRun.get(run.id)?.find(j => j.id === record.jobId);
  return { run, job: found };
}

/** The shorter run body inside deployment events. */
function deployedRun(ctx: GitHubContext, run: RunRecord) {
  const {
    head_commit: _,
    repository: __,
    head_repository: ___,
    ...body
  } = workflowRun(ctx, run);
  return body;
}

export function deploymentEvent(ctx: GitHubContext, event: Of<'deployment'>) {
  const record = event.deployment;
  const repo = repoById(ctx, record.repoId);
  const { run } = runOf(ctx, record);
  return {
    action: event.action,
    deployment: deployment(ctx, record),
    workflow: run ? workflowOf(ctx, run) : null,
    workflow_run: run ? deployedRun(ctx, run) : null,
    ...envelope(ctx, repo, record.creator),
  };
}

export function deploymentStatusEvent(
  ctx: GitHubContext,
  event: Of<'deployment_status'>,
) {
  const record = event.deployment;
  const repo = repoById(ctx, record.repoId);
  const { run, job: made } = runOf(ctx, record);
  const page = deploymentPage(ctx, record);
  return {
    action: event.action,
    deployment_status: deploymentStatus(ctx, record, event.status),
    deployment: deployment(ctx, record),
    ...(run && made
      ? {
          check_run: {
            id: made.id,
            name: made.name,
            node_id: made.nodeId,
            head_sha: run.headSha,
            external_id: String(made.id),
            url: `${repoApi(ctx, repo)}/check-runs/${made.id}`,
            html_url: page,
            details_url: page,
            status: made.status,
            conclusion: made.conclusion,
            started_at: iso(made.startedAt ?? made.createdAt),
            completed_at: isoOrNull(made.completedAt),
          },
        }
      : {}),
    ...(run
      ? { workflow: workflowOf(ctx, run), workflow_run: deployedRun(ctx, run) }
      : {}),
    ...envelope(ctx, repo, event.status.creator),
  };
}

export function deploymentReviewEvent(
  ctx: GitHubContext,
  event: Of<'deployment_review'>,
) {
  const { run, review, job: waiting } = event;
  const repo = repoById(ctx, run.repoId);
  const record = repo.environments.find(e => e.name === event.environment);
  const since = review?.at ?? waiting.createdAt;
  const jobRun = {
    id: waiting.id,
    name: waiting.name,
    status: waiting.status,
    conclusion: waiting.conclusion,
    html_url: `${repoHtml(ctx, repo)}/actions/runs/${run.id}/job/${waiting.id}`,
    created_at: iso(waiting.createdAt),
    updated_at: iso(since),
    environment: event.environment,
  };
  return {
    action: event.action,
    workflow_run: workflowRun(ctx, run),
    since: iso(since),
    workflow_job_run: jobRun,
    environment: event.environment,
    reviewers: record ? reviewers(ctx, record) : [],
    ...(review
      ? {
          approver: userOf(ctx, review.user),
          comment: review.comment,
          workflow_job_runs: [jobRun],
        }
      : { requestor: userOf(ctx, triggeredBy(run)) }),
    ...envelope(ctx, repo, review?.user ?? triggeredBy(run)),
  };
}
