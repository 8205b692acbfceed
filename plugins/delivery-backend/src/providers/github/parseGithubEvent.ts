import { InputError } from '@backstage/errors';
import type { Fact } from 'backstage-plugin-delivery-common';
import { toState } from 'backstage-plugin-delivery-common/domain';
import type {
  ListHint,
  ParsedEvent,
  RawEvent,
} from 'backstage-plugin-delivery-node';
import { z } from 'zod';
import { issueEventSchema, pullEventSchema } from './changeSchema';
import {
  checkFact,
  deploymentFact,
  deploymentStatusFact,
  jobFact,
  pushFact,
  repositoryOf,
  runFact,
  trustedUrl,
  type Repository,
} from './facts';
import {
  checkRunSchema,
  deploymentSchema,
  deploymentStatusSchema,
  jobSchema,
  parseBody,
  pushSchema,
  repositorySchema,
  reviewedJobSchema,
  runSchema,
  workflowSchema,
} from './schema';

const runIdSchema = z
  .object({ id: z.number().int().positive() })
  .nullish()
  .transform(value => value?.id);
const maybeWorkflow = workflowSchema
  .nullish()
  .transform(value => value ?? undefined);

const bodies = {
  workflow_run: z.object({ workflow_run: runSchema, workflow: maybeWorkflow }),
  workflow_job: z.object({
    workflow_job: jobSchema,
    deployment: deploymentSchema.nullish(),
  }),
  deployment: z.object({
    deployment: deploymentSchema,
    workflow_run: runIdSchema,
  }),
  deployment_status: z.object({
    deployment: deploymentSchema,
    deployment_status: deploymentStatusSchema,
    workflow_run: runIdSchema,
  }),
  deployment_review: z.object({
    action: z.string(),
    workflow_run: runSchema,
    workflow_job_run: reviewedJobSchema.nullish(),
  }),
  check_run: z.object({ check_run: checkRunSchema }),
  repository: z.object({ action: z.string() }),
};

/** What an event tells, besides its repository; `undefined`: nothing this version uses. */
function factsOf(
  name: string,
  payload: unknown,
  repository: Repository,
): Fact[] | undefined {
  switch (name) {
    case 'workflow_run': {
      const body = parseBody(bodies.workflow_run, payload, name);
      return [runFact(body.workflow_run, repository, body.workflow)];
    }
    case 'workflow_job': {
      const body = parseBody(bodies.workflow_job, payload, name);
      const { deployment, workflow_job: job } = body;
      const facts: Fact[] = [jobFact(job, repository, deployment?.environment)];
      if (deployment) {
        facts.push(deploymentFact(deployment, repository, job.run_id));
      }
      return facts;
    }
    case 'deployment': {
      const body = parseBody(bodies.deployment, payload, name);
      return [deploymentFact(body.deployment, repository, body.workflow_run)];
    }
    case 'deployment_status': {
      const body = parseBody(bodies.deployment_status, payload, name);
      return [
        deploymentFact(body.deployment, repository, body.workflow_run),
        deploymentStatusFact(
          body.deployment_status,
          body.deployment.id,
          repository,
        ),
      ];
    }
    case 'deployment_review':
      return reviewFacts(payload, repository);
    case 'check_run': {
      const body = parseBody(bodies.check_run, payload, name);
      return [checkFact(body.check_run, repository)];
    }
    case 'push': {
      const fact = pushFact(parseBody(pushSchema, payload, name), repository);
      return fact && [fact];
    }
    case 'repository':
      return [];
    default:
      return hintsOf(name, payload) && [];
  }
}

/** Of an issue that anything else happens to, nothing is stored that could be different. */
const ISSUE_ACTIONS = new Set([
  ...['opened', 'edited', 'closed', 'reopened', 'deleted', 'transferred'],
  ...['labeled', 'unlabeled'],
]);

/** Lists an event says to be different. What it tells of their items is not taken: the list is asked for. */
function hintsOf(name: string, payload: unknown): ListHint[] | undefined {
  if (name === 'pull_request') {
    const { pull_request: pull } = parseBody(pullEventSchema, payload, name);
    return pull.merged_at === undefined ? undefined : ['pullRequests'];
  }
  if (name === 'issues') {
    const { action } = parseBody(issueEventSchema, payload, name);
    return ISSUE_ACTIONS.has(action) ? ['incidents'] : undefined;
  }
  return undefined;
}

/**
 * A review says that a gate opened or closed for somebody. Who decided is never taken from here; only that the run and its job wait,
 * which the next read confirms.
 */
function reviewFacts(payload: unknown, repository: Repository): Fact[] {
  const body = parseBody(
    bodies.deployment_review,
    payload,
    'deployment_review',
  );
  const run = runFact(body.workflow_run, repository);
  const job = body.workflow_job_run;
  if (body.action !== 'requested' || !job) return [run];
  return [
    run,
    {
      kind: 'job',
      jobKey: repository.keys.thing(job.id),
      runKey: run.runKey,
      repoKey: run.repoKey,
      attempt: run.attempt,
      name: job.name,
      state: toState(job.status, job.conclusion),
      createdAt: job.created_at,
      url: trustedUrl(job.html_url, repository.host),
      labels: [],
      environment: job.environment,
      steps: [],
    },
  ];
}

/** Events whose body is worth a look; the others need not even have a repository. */
const USED = new Set([
  ...Object.keys(bodies),
  ...['push', 'issues', 'pull_request'],
]);

/** See DeliveryProvider.parseEvent. */
export function parseGithubEvent(
  event: RawEvent,
  hosts: string[],
): ParsedEvent {
  const { name, payload, receivedAt } = event;
  if (typeof payload !== 'object' || payload === null) {
    throw new InputError(`${name}: the body is not an object`);
  }
  if (!USED.has(name)) {
    return { kind: 'ignored', reason: `event ${name} is not used` };
  }
  const raw = parseBody(
    z.object({ repository: repositorySchema }),
    payload,
    name,
  );
  const found = repositoryOf(raw.repository, hosts);
  if (!found) {
    return { kind: 'ignored', reason: 'its host is not configured' };
  }
  const facts = factsOf(name, payload, found.repository);
  if (!facts) return { kind: 'ignored', reason: `this ${name} tells no fact` };
  const gone =
    name === 'repository' &&
    parseBody(bodies.repository, payload, name).action === 'deleted';
  const repository = gone ? { ...found.fact, deleted: true } : found.fact;
  const hints = hintsOf(name, payload);
  return {
    kind: 'changes',
    ...(hints && { hints }),
    changes: [repository, ...facts].map(fact => ({
      observed: { source: 'webhook', at: receivedAt },
      fact,
    })),
  };
}
