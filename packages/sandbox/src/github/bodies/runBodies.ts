import {
  ArtifactRecord,
  AttemptRecord,
  GitHubError,
  JobRecord,
  RepoRecord,
  RunRecord,
  WorkflowRecord,
} from '../../state';
import { GitHubContext } from '../gitHubContext';
import { userOf } from './accountBodies';
import { minimalPull } from './pullBodies';
import { minimalRepo, repoApi, repoHtml } from './repoBodies';
import { iso, isoOrNull, Schema } from './schemas';

/** The repository of a record that has its id. */
export function repoById(ctx: GitHubContext, id: number): RepoRecord {
  const repo = ctx.store.repos.get(id);
  if (!repo) throw new GitHubError(404, 'Not Found');
  return repo;
}

export function lastAttempt(run: RunRecord): AttemptRecord {
  return run.attempts[run.attempts.length - 1];
}

/** @returns undefined when the run never had this attempt */
export function attemptOf(
  run: RunRecord,
  number: number,
): AttemptRecord | undefined {
  return run.attempts.find(attempt => attempt.attempt === number);
}

function pullsOf(ctx: GitHubContext, run: RunRecord) {
  if (run.pullRequest === null) return [];
  const pull = [...ctx.store.pulls.values()].find(
    candidate =>
      candidate.repoId === run.repoId && candidate.number === run.pullRequest,
  );
  return pull ? [minimalPull(ctx, pull)] : [];
}

/** Node id of the check suite of a run. */
export function checkSuiteNodeId(run: RunRecord): string {
  return `CS_${Buffer.from(String(run.checkSuiteId)).toString('base64url')}`;
}

export function workflowRun(
  ctx: GitHubContext,
  run: RunRecord,
  attempt: AttemptRecord = lastAttempt(run),
): Schema<'workflow-run'> {
  const repo = repoById(ctx, run.repoId);
  const api = repoApi(ctx, repo);
  const html = repoHtml(ctx, repo);
  const self = `${api}/actions/runs/${run.id}`;
  const older = attempt.attempt > 1;
  const isLast = attempt === lastAttempt(run);
  return {
    id: run.id,
    name: run.name,
    node_id: run.nodeId,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: ctx.store.workflows.get(run.workflowId)?.path ?? '',
    display_title: run.displayTitle,
    run_number: run.runNumber,
    event: run.event,
    status: attempt.status,
    conclusion: attempt.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.checkSuiteId,
    check_suite_node_id: checkSuiteNodeId(run),
    url: self,
    html_url: isLast
      ? `${html}/actions/runs/${run.id}`
      : `${html}/actions/runs/${run.id}/attempts/${attempt.attempt}`,
    pull_requests: pullsOf(ctx, run),
    created_at: iso(run.createdAt),
    updated_at: iso(attempt.updatedAt),
    actor: userOf(ctx, run.actor),
    run_attempt: attempt.attempt,
    referenced_workflows: run.referencedWorkflows,
    run_started_at: iso(attempt.startedAt),
    triggering_actor: userOf(ctx, attempt.triggeringActor),
    jobs_url: `${self}/jobs`,
    logs_url: `${self}/logs`,
    check_suite_url: `${api}/check-suites/${run.checkSuiteId}`,
    artifacts_url: `${self}/artifacts`,
    cancel_url: `${self}/cancel`,
    rerun_url: `${self}/rerun`,
    previous_attempt_url: older
      ? `${self}/attempts/${attempt.attempt - 1}`
      : null,
    workflow_url: `${api}/actions/workflows/${run.workflowId}`,
    head_commit: {
      id: run.headSha,
      tree_id: run.headSha,
      message: run.headMessage,
      timestamp: iso(run.createdAt),
      author: { name: run.headAuthor.name, email: run.headAuthor.email },
      committer: { name: run.headAuthor.name, email: run.headAuthor.email },
    },
    repository: minimalRepo(ctx, repo),
    head_repository: minimalRepo(ctx, repo),
  };
}

/** Words a schema knows; GitHub itself sends others now and then, and so does the sandbox. */
type JobStatus = Schema<'job'>['status'];
type JobConclusion = Schema<'job'>['conclusion'];

export function job(
  ctx: GitHubContext,
  run: RunRecord,
  record: JobRecord,
): Schema<'job'> {
  const repo = repoById(ctx, run.repoId);
  const api = repoApi(ctx, repo);
  return {
    id: record.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: record.attempt,
    node_id: record.nodeId,
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${record.id}`,
    html_url: `${repoHtml(ctx, repo)}/actions/runs/${run.id}/job/${record.id}`,
    status: record.status as JobStatus,
    conclusion: record.conclusion as JobConclusion,
    created_at: iso(record.createdAt),
    // never null on GitHub's wire, not even for a job nobody started
    started_at: iso(record.startedAt ?? record.createdAt),
    completed_at: isoOrNull(record.completedAt),
    name: record.name,
    steps: record.steps.map(step => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: isoOrNull(step.startedAt),
      completed_at: isoOrNull(step.completedAt),
    })),
    check_run_url: `${api}/check-runs/${record.id}`,
    labels: record.labels,
    runner_id: record.runnerId,
    runner_name: record.runnerName,
    runner_group_id: record.runnerId === null ? null : 0,
    runner_group_name: record.runnerId === null ? null : 'GitHub Actions',
  };
}

export function workflow(
  ctx: GitHubContext,
  record: WorkflowRecord,
): Schema<'workflow'> {
  const repo = repoById(ctx, record.repoId);
  const html = repoHtml(ctx, repo);
  const file = record.path.split('/').pop() ?? '';
  return {
    id: record.id,
    node_id: record.nodeId,
    name: record.name,
    path: record.path,
    state: 'active',
    created_at: iso(record.createdAt),
    updated_at: iso(record.createdAt),
    url: `${repoApi(ctx, repo)}/actions/workflows/${record.id}`,
    html_url: `${html}/blob/${repo.defaultBranch}/${record.path}`,
    badge_url: `${html}/actions/workflows/${file}/badge.svg`,
  };
}

export function artifact(
  ctx: GitHubContext,
  run: RunRecord,
  record: ArtifactRecord,
): Schema<'artifact'> {
  const repo = repoById(ctx, run.repoId);
  const url = `${repoApi(ctx, repo)}/actions/artifacts/${record.id}`;
  return {
    id: record.id,
    node_id: record.nodeId,
    name: record.name,
    size_in_bytes: record.sizeInBytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: record.expiresAt <= ctx.store.clock.now(),
    digest: record.digest,
    created_at: iso(record.createdAt),
    updated_at: iso(record.createdAt),
    expires_at: iso(record.expiresAt),
    workflow_run: {
      id: run.id,
      repository_id: run.repoId,
      head_repository_id: run.repoId,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}
