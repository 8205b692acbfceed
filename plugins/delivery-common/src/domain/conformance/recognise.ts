import type { ConformanceFacts } from './facts';
import type { Pipeline, PipelineJob, PipelineStep } from './Pipeline';

const PRODUCTION = /(^|[-_./ ])(production|prod|prd|live)($|[-_./ ])/i;

const DEPLOYING_ACTIONS =
  /amazon-ecs-deploy-task-definition@|aws-cloudformation-github-deploy@|azure\/webapps-deploy@|google-github-actions\/deploy-/i;
const DEPLOYING_COMMANDS =
  /\b(aws ecs (update-service|deploy)|aws deploy create-deployment|aws lambda update-function-code|aws cloudformation (deploy|execute-change-set)|cdk deploy|terraform (-\S+ )*apply|kubectl (apply|set image)|helm upgrade|serverless deploy|copilot (svc )?deploy)\b|(^|[\s/])deploy[\w-]*\.sh\b/m;
const PUSHING_COMMANDS =
  /\bdocker (image )?push\b|\bdocker buildx build\b[^\n]*--push\b/;
const MAKING_COMMANDS = /\bdocker (buildx )?build\b|\bdocker compose build\b/;
const ROLLING_BACK = /\broll(ing|s|ed)?[ _-]?back\b|\brollback\b/i;

const truthy = (text: string | undefined) => text === 'true' || text === '1';

/** Holds changes of the infrastructure: its own tools take back what failed. */
export const isInfrastructure = (environment: string): boolean =>
  /^infra(structure)?[-_]/i.test(environment);

/** Whether an environment of this name holds production. */
export function isProduction(name: string, facts: ConformanceFacts): boolean {
  const { production } = facts;
  return production ? production.includes(name) : PRODUCTION.test(name);
}

export const deploys = ({ uses, run }: PipelineStep): boolean =>
  (uses !== undefined && DEPLOYING_ACTIONS.test(uses)) ||
  DEPLOYING_COMMANDS.test(run);

/** Puts an image into a registry. */
export function pushes({ uses, run, with: inputs }: PipelineStep): boolean {
  if (uses?.startsWith('docker/build-push-action@')) return truthy(inputs.push);
  return PUSHING_COMMANDS.test(run);
}

export const makesImage = ({ uses, run }: PipelineStep): boolean =>
  uses?.startsWith('docker/build-push-action@') === true ||
  MAKING_COMMANDS.test(run);

/** Puts back what ran before, or has the platform do so. */
export const rollsBack = ({ id, name, uses, run }: PipelineStep): boolean =>
  [id, name, uses, run].some(text => ROLLING_BACK.test(text ?? ''));

/** A condition that lets a step or job run although something before it went wrong. */
export const afterFailure = (condition: string): boolean =>
  /\b(failure|cancelled|always)\s*\(\s*\)/.test(condition) ||
  /\.(result|outcome|conclusion)\s*==\s*'(failure|cancelled)'/.test(condition);

/** Started by hand or on a schedule only: says nothing about what happens after a push. */
export const isManual = ({ workflow }: PipelineJob): boolean =>
  workflow.triggers.every(name =>
    [
      'workflow_dispatch',
      'repository_dispatch',
      'schedule',
      'workflow_call',
    ].includes(name),
  ) && workflow.triggers.some(name => name !== 'workflow_call');

/** Jobs that bring something to production, started by hand or not. */
export function productionJobs(
  pipeline: Pipeline,
  facts: ConformanceFacts,
): PipelineJob[] {
  return pipeline.jobs.filter(
    ({ environment }) =>
      environment !== undefined && isProduction(environment, facts),
  );
}

/** Jobs that deploy and name no environment, so that nothing can hold them. Rolling back and dry runs are not meant. */
export function ungatedJobs(pipeline: Pipeline): PipelineJob[] {
  return pipeline.jobs.filter(
    ({ environment, steps, key }) =>
      environment === undefined &&
      steps.some(step => deploys(step) && !rollsBack(step)) &&
      // A job of a called workflow that comes after one with a gate: rolls back, or lets traffic in.
      !pipeline.jobs.some(
        other =>
          other.environment !== undefined &&
          key.includes('/') &&
          other.key.startsWith(key.slice(0, key.lastIndexOf('/') + 1)),
      ),
  );
}

/** Jobs that belong to the same deployment: those of one called workflow, or of one file. */
export function jobsBeside(
  job: PipelineJob,
  pipeline: Pipeline,
): PipelineJob[] {
  const prefix = job.key.slice(0, job.key.lastIndexOf('/') + 1);
  return pipeline.jobs.filter(
    other => other.workflow === job.workflow && other.key.startsWith(prefix),
  );
}
