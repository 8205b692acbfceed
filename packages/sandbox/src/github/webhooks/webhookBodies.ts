import { JobRecord, RunRecord, SandboxEvent } from '../../state';
import { installationOf } from '../bodies/commitBodies';
import { deployment } from '../bodies/deploymentBodies';
import { job, repoById, workflowRun } from '../bodies/runBodies';
import { iso } from '../bodies/schemas';
import { GitHubContext } from '../gitHubContext';
import {
  deploymentEvent,
  deploymentReviewEvent,
  deploymentStatusEvent,
} from './deploymentEvents';
import { envelope, Of, triggeredBy, workflowOf } from './envelope';
import { issuesEvent, pullRequestEvent, pushEvent } from './sourceEvents';
import { Outgoing } from './webhookSender';

/** The job as webhooks carry it: `steps` empty until it starts, `started_at` never null. */
function jobBody(ctx: GitHubContext, run: RunRecord, record: JobRecord) {
  const body = job(ctx, run, record);
  const begun =
    record.status === 'in_progress' || record.status === 'completed';
  return { ...body, steps: begun ? body.steps : [] };
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
    case 'issues':
      return issuesEvent(ctx, event);
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
    case 'issues':
      return event.issue.repoId;
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
