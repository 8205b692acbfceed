import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { WEBHOOK_SECRET } from './benchPortal.mjs';

const ATTEMPTS = 5;
const JOBS = ['Quality gate', 'Build and scan', 'Unit tests', 'Deploy'];
const DAY_MS = 86_400_000;

/** What one attempt of a run sends, in this order. */
const STEPS = [
  run => run.runIs('requested', 'queued'),
  run => run.runIs('in_progress', 'in_progress'),
  ...JOBS.flatMap((_, job) => [
    run => run.jobIs(job, 'queued'),
    run => run.jobIs(job, 'in_progress'),
    ...(job === JOBS.length - 1
      ? ['pending', 'in_progress', undefined].map(
          state => run => run.deploymentIs(state),
        )
      : []),
    run => run.jobIs(job, 'completed'),
  ]),
  run => run.runIs('completed', 'completed'),
  run => run.pullRequestIsMerged(),
  run => run.issueIs('closed'),
];

/** Runs under way at any time. */
const AT_ONCE = 25;
/** Deliveries of one run. */
export const PER_RUN = ATTEMPTS * STEPS.length;
const BLOCK = AT_ONCE * PER_RUN;

/** How many runs the first `count` deliveries are of. */
export function runsOf(count) {
  return Math.floor(count / BLOCK) * AT_ONCE + Math.min(count % BLOCK, AT_ONCE);
}

/** GitHub's own examples: bodies are as large as real ones. */
function recorded(services, host) {
  const require = createRequire(
    join(ROOT, 'plugins/delivery-backend/package.json'),
  );
  const examples = require('@octokit/webhooks-examples');
  const one = (event, action) => {
    const body = (examples.default ?? examples)
      .find(({ name }) => name === event)
      .examples.find(
        example =>
          example.action === action &&
          (event !== 'workflow_run' || example.workflow_run.actor),
      );
    const { installation: _, ...rest } = body;
    return rest;
  };
  const repositories = Array.from({ length: services }, (_, service) => {
    const { repository } = one('workflow_run', 'completed');
    const slug = `bench/service-${service}`;
    return {
      ...repository,
      id: 1000 + service,
      full_name: slug,
      name: `service-${service}`,
      html_url: `http://${host}/${slug}`,
      default_branch: 'main',
      owner: { ...repository.owner, login: 'bench' },
    };
  });
  return {
    repositories,
    run: one('workflow_run', 'completed'),
    job: one('workflow_job', 'completed'),
    status: one('deployment_status', 'created'),
    pull: one('pull_request', 'closed'),
    issue: one('issues', 'opened'),
  };
}

/** One attempt of a run, which can tell of itself at `at`. */
function attemptOf({ examples, ordinal, attempt, service, at, firstAt }) {
  const repository = examples.repositories[service];
  const id = 10_000_000 + ordinal;
  const unique = ordinal * ATTEMPTS + attempt;
  const last = attempt === ATTEMPTS;
  const now = new Date(at).toISOString();
  const head_sha = ordinal.toString(16).padStart(40, 'a');
  const of = (event, action, example, more) => ({
    event,
    body: { ...example, action, repository, ...more },
  });
  const { deployment } = examples.status;
  const deployed = {
    ...deployment,
    id: 100_000_000 + unique,
    sha: head_sha,
    ref: 'main',
    environment: 'production',
    created_at: now,
  };
  return {
    runIs: (action, status) =>
      of('workflow_run', action, examples.run, {
        workflow_run: {
          ...examples.run.workflow_run,
          ...{ id, status, head_sha, repository },
          conclusion:
            status === 'completed' ? (last ? 'success' : 'failure') : null,
          run_number: ordinal + 1,
          run_attempt: attempt,
          head_branch: 'main',
          html_url: `${repository.html_url}/actions/runs/${id}`,
          // All attempts of a run say the same; none lies ahead of now.
          created_at: new Date(firstAt + ordinal * 1000).toISOString(),
          run_started_at: now,
          updated_at: now,
        },
      }),
    jobIs: (job, status) =>
      of('workflow_job', status, examples.job, {
        workflow_job: {
          ...examples.job.workflow_job,
          ...{ status, head_sha },
          id: 1_000_000_000 + unique * JOBS.length + job,
          run_id: id,
          run_attempt: attempt,
          name: JOBS[job],
          conclusion:
            status === 'completed'
              ? last || job < JOBS.length - 1
                ? 'success'
                : 'failure'
              : null,
          steps: status === 'queued' ? [] : examples.job.workflow_job.steps,
          html_url: `${repository.html_url}/actions/runs/${id}/job/${job}`,
          created_at: now,
          started_at: now,
          completed_at: status === 'completed' ? now : null,
        },
        ...(job === JOBS.length - 1 && { deployment: deployed }),
      }),
    deploymentIs: (state = last ? 'success' : 'failure') =>
      of('deployment_status', 'created', examples.status, {
        deployment: deployed,
        deployment_status: {
          ...examples.status.deployment_status,
          id:
            300_000_000 +
            unique * 4 +
            ['pending', 'in_progress', 'failure', 'success'].indexOf(state),
          state,
          created_at: now,
          target_url: `${repository.html_url}/actions/runs/${id}`,
        },
        workflow_run: { id },
      }),
    pullRequestIsMerged: () =>
      of('pull_request', 'closed', examples.pull, {
        number: unique,
        pull_request: {
          ...examples.pull.pull_request,
          number: unique,
          merged: true,
          merged_at: now,
          updated_at: now,
        },
      }),
    issueIs: action =>
      of('issues', action, examples.issue, {
        issue: { ...examples.issue.issue, number: unique, updated_at: now },
      }),
  };
}

/**
 * Gives the index-th signed delivery of a busy portal: twenty-five of its `services` repositories have a run at any time, which is tried
 * five times; then it is the turn of the next. Two deliveries are never the same.
 *
 * @returns {(index: number) => {url: string, method: 'POST', headers: object, body: Buffer}} for `load`
 */
export function webhookTraffic({ url, host, services }) {
  const examples = recorded(services, host);
  const firstAt = Date.now() - DAY_MS;
  return index => {
    const ordinal = Math.floor(index / BLOCK) * AT_ONCE + (index % AT_ONCE);
    const step = Math.floor((index % BLOCK) / AT_ONCE);
    const attempt = attemptOf({
      ...{ examples, ordinal, firstAt },
      service: ordinal % services,
      attempt: Math.floor(step / STEPS.length) + 1,
      at: Date.now(),
    });
    const { event, body } = STEPS[step % STEPS.length](attempt);
    const bytes = Buffer.from(JSON.stringify(body));
    return {
      url: `${url}/api/delivery/webhooks/github`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': `00000000-0000-4000-8000-${String(index).padStart(
          12,
          '0',
        )}`,
        'x-hub-signature-256': `sha256=${createHmac('sha256', WEBHOOK_SECRET)
          .update(bytes)
          .digest('hex')}`,
      },
      body: bytes,
    };
  };
}
