import {
  CommitInfo,
  DeploymentRecord,
  JobRecord,
  RepoRecord,
  RunRecord,
  SandboxEvent,
} from '../../state';
import { userOf } from '../bodies/accountBodies';
import { installationOf } from '../bodies/commitBodies';
import {
  deployment,
  deploymentPage,
  deploymentStatus,
  reviewers,
} from '../bodies/deploymentBodies';
import { fullPull } from '../bodies/pullBodies';
import { repoApi, repoEnvelope, repoHtml } from '../bodies/repoBodies';
import { job, repoById, workflow, workflowRun } from '../bodies/runBodies';
import { iso, isoOrNull } from '../bodies/schemas';
import { GitHubContext } from '../gitHubContext';
import { Outgoing } from './webhookSender';

type Of<E extends SandboxEvent['event']> = Extract<SandboxEvent, { event: E }>;

function envelope(ctx: GitHubContext, repo: RepoRecord, sender: string) {
  return {
    ...repoEnvelope(ctx, repo, installationOf(ctx, repo)),
    sender: userOf(ctx, sender),
  };
}

function triggeredBy(run: RunRecord): string {
  return run.attempts[run.attempts.length - 1].triggeringActor;
}

function workflowOf(ctx: GitHubContext, run: RunRecord) {
  const record = ctx.store.workflows.get(run.workflowId);
  return record ? workflow(ctx, record) : null;
}

/** The job as webhooks carry it: `steps` empty until it starts, `started_at` never null. */
function jobBody(ctx: GitHubContext, run: RunRecord, record: JobRecord) {
  const body = job(ctx, run, record);
  const begun =
    record.status === 'in_progress' || record.status === 'completed';
  return { ...body, steps: begun ? body.steps : [] };
}

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

function workflowRunEvent(ctx: GitHubContext, event: Of<'workflow_run'>) {
  const repo = repoById(ctx, event.run.repoId);
  return {
    action: event.action,
    workflow_run: workflowRun(ctx, event.run),
    workflow: workflowOf(ctx, event.run),
    ...envelope(ctx, repo, triggeredBy(event.run)),
  };
}

function workflowJobEvent(ctx: GitHubContext, event: Of<'workflow_job'>) {
  const repo = repoById(ctx, event.run.repoId);
  const made =
    event.job.deploymentId === null
      ? undefined
      : ctx.store.deployments.get(event.job.deploymentId);
  const body = jobBody(ctx, event.run, event.job);
  return {
    action: event.action,
    // the delivery tells the moment of the event, even when the record went on since
    workflow_job: body,
    ...(made ? { deployment: deployment(ctx, made) } : {}),
    ...envelope(ctx, repo, triggeredBy(event.run)),
  };
}

function deploymentEvent(ctx: GitHubContext, event: Of<'deployment'>) {
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

function deploymentStatusEvent(
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

function deploymentReviewEvent(
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

function pushCommit(
  ctx: GitHubContext,
  repo: RepoRecord,
  info: Required<CommitInfo>,
) {
  const person = { name: info.author.name, email: info.author.email };
  return {
    id: info.sha,
    tree_id: info.tree,
    distinct: true,
    message: info.message,
    timestamp: iso(info.at),
    url: `${repoHtml(ctx, repo)}/commit/${info.sha}`,
    author: person,
    committer: person,
  };
}

/** Most commits a push body lists. */
const PUSH_COMMITS = 20;

async function pushEvent(ctx: GitHubContext, event: Of<'push'>) {
  const repo = repoById(ctx, event.repoId);
  const created = /^0+$/.test(event.before);
  const deleted = /^0+$/.test(event.after);
  const range = created ? event.after : `${event.before}..${event.after}`;
  const found = deleted
    ? []
    : await ctx.git.log(repo, range, created ? 1 : PUSH_COMMITS);
  const commits = await Promise.all(
    [...found].reverse().map(async info => {
      const parent = info.parents[0];
      const files = await ctx.git.changedFiles(
        repo,
        parent ?? '0'.repeat(40),
        info.sha,
      );
      const before = new Set(
        parent ? (await ctx.git.listFiles(repo, parent)).map(f => f.path) : [],
      );
      const after = new Set(
        (await ctx.git.listFiles(repo, info.sha)).map(f => f.path),
      );
      return {
        ...pushCommit(ctx, repo, info),
        added: files.filter(f => !before.has(f)),
        removed: files.filter(f => !after.has(f)),
        modified: files.filter(f => before.has(f) && after.has(f)),
      };
    }),
  );
  const pusher = ctx.store.account(event.pusher);
  return {
    ref: event.ref,
    before: event.before,
    after: event.after,
    base_ref: null,
    compare: `${repoHtml(ctx, repo)}/compare/${event.before.slice(
      0,
      12,
    )}...${event.after.slice(0, 12)}`,
    created,
    deleted,
    forced: false,
    commits,
    head_commit: commits[commits.length - 1] ?? null,
    pusher: { name: event.pusher, email: pusher?.email ?? '' },
    ...envelope(ctx, repo, event.pusher),
  };
}

async function pullRequestEvent(ctx: GitHubContext, event: Of<'pull_request'>) {
  const { pull } = event;
  const repo = repoById(ctx, pull.repoId);
  const base = (await ctx.git.resolve(repo, pull.baseBranch)) ?? pull.headSha;
  const files = await ctx.git
    .changedFiles(repo, base, pull.headSha)
    .catch(() => []);
  return {
    action: event.action,
    number: pull.number,
    pull_request: fullPull(ctx, pull, base, {
      commits: 1,
      files: files.length,
      additions: 0,
      deletions: 0,
    }),
    ...envelope(ctx, repo, pull.mergedBy ?? pull.author),
  };
}

function bodyOf(
  ctx: GitHubContext,
  event: SandboxEvent,
): object | Promise<object> {
  switch (event.event) {
    case 'workflow_run':
      return workflowRunEvent(ctx, event);
    case 'workflow_job':
      return workflowJobEvent(ctx, event);
    case 'deployment':
      return deploymentEvent(ctx, event);
    case 'deployment_status':
      return deploymentStatusEvent(ctx, event);
    case 'deployment_review':
      return deploymentReviewEvent(ctx, event);
    case 'push':
      return pushEvent(ctx, event);
    case 'pull_request':
      return pullRequestEvent(ctx, event);
    default:
      throw new Error('not an event');
  }
}

function repoIdOf(event: SandboxEvent): number {
  switch (event.event) {
    case 'workflow_run':
    case 'workflow_job':
    case 'deployment_review':
      return event.run.repoId;
    case 'deployment':
    case 'deployment_status':
      return event.deployment.repoId;
    case 'push':
      return event.repoId;
    default:
      return event.pull.repoId;
  }
}

/**
 * Renders the delivery of an event. The body is a picture of the records at the moment of the call, so it must be
 * made at once; only those that read git take longer.
 */
export function renderWebhook(
  ctx: GitHubContext,
  event: SandboxEvent,
): Outgoing | Promise<Outgoing> {
  const repositoryId = repoIdOf(event);
  const around = {
    event: event.event,
    action: event.action,
    repositoryId,
    installationId: installationOf(ctx, repoById(ctx, repositoryId)),
  };
  const payload = bodyOf(ctx, event);
  return payload instanceof Promise
    ? payload.then(done => ({ ...around, payload: done }))
    : { ...around, payload };
}

/** The body GitHub sends when an App gets a webhook address. */
export function pingBody(ctx: GitHubContext): Outgoing {
  return {
    event: 'ping',
    action: null,
    installationId: null,
    repositoryId: null,
    payload: {
      zen: 'Keep it logically awesome.',
      hook_id: ctx.app.hookId,
      hook: {
        type: 'App',
        id: ctx.app.hookId,
        name: 'web',
        active: true,
        app_id: ctx.app.id,
        events: ctx.app.events,
        config: {
          content_type: 'json',
          insecure_ssl: '0',
          secret: '********',
          url: ctx.webhooks.url,
        },
        created_at: iso(ctx.app.createdAt),
        updated_at: iso(ctx.app.createdAt),
        deliveries_url: `${ctx.baseUrl}/api/v3/app/hook/deliveries`,
      },
    },
  };
}
