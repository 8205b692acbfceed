import { serviceArn, taskDefinitionArn } from '../../aws/machine/arns';
import { StepFailed, type AwsStep, type AwsStepContext } from './awsStep';
import { demand } from './credentials';
import { deploymentOf, lookAtDeployments } from './rollout';
import { principal, serviceName } from './places';

const MIGRATION_SECONDS = 32;
const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** `key=value` lines of the input `docker-labels`. */
function labelsOf(value: unknown): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const line of text(value).split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) labels[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return labels;
}

/** Step `before`: what runs, for the way back. */
export const recordRunning: AwsStep = {
  begin(context) {
    const { cloud, env, effect, log } = context;
    const service = cloud.service(
      serviceName(context, env.CLUSTER ?? '', env.SERVICE ?? ''),
    );
    const { currentDeployment, taskDefinition } = service;
    if (
      currentDeployment &&
      cloud.progress(currentDeployment).state === 'moving'
    ) {
      throw new StepFailed('a deployment is under way already');
    }
    effect.outputs.td = taskDefinition;
    log(`${service.name} runs ${taskDefinition}`);
  },
};

/** `amazon-ecs-render-task-definition`: remembers which image goes into which container. */
export const renderTaskDefinition: AwsStep = {
  begin({ cloud, step, effect, log }) {
    const from = text(step.with['task-definition-arn']);
    const container = text(step.with['container-name']);
    const image = text(step.with.image);
    const definition = cloud.taskDefinition(from);
    if (!definition.containers.some(({ name }) => name === container)) {
      throw new StepFailed(
        'Invalid task definition: Could not find container definition with matching name',
      );
    }
    const labels = labelsOf(step.with['docker-labels']);
    effect.rendered = { from, container, image, labels };
    log(`Image of ${container}: ${image}`);
  },
};

function register(context: AwsStepContext, accountId: string): string {
  const { cloud, job, step, effect } = context;
  const rendered = job.steps.findLast(item => item.effect?.rendered)?.effect
    ?.rendered;
  if (!rendered) {
    throw new StepFailed(
      `Task definition file does not exist: ${text(
        step.with['task-definition'],
      )}`,
    );
  }
  demand(context, 'ecs:RegisterTaskDefinition', '*', true);
  const { family, containers, cpu, memory, tags, region } =
    cloud.taskDefinition(rendered.from);
  const made = cloud.registerTaskDefinition(
    { accountId, region },
    {
      family,
      cpu,
      memory,
      tags,
      containers: containers.map(item =>
        item.name === rendered.container
          ? {
              ...item,
              image: rendered.image,
              labels: { ...item.labels, ...rendered.labels },
            }
          : item,
      ),
    },
    principal(context, accountId),
  );
  effect.taskDefinition = taskDefinitionArn(made);
  effect.outputs['task-definition-arn'] = effect.taskDefinition;
  context.log(`Task definition registered: ${effect.taskDefinition}`);
  return effect.taskDefinition;
}

const nameOf = (context: AwsStepContext) => {
  const { with: inputs } = context.step;
  return serviceName(context, text(inputs.cluster), text(inputs.service));
};

const migrates = ({ step }: AwsStepContext) =>
  String(step.with['run-task']) === 'true';

/** What makes the deployment fail, when it shall: ECS gives up on it, or the migration before it does not work. */
function cause(context: AwsStepContext): 'rollout' | 'migration' | null {
  if (!context.shouldFail) return null;
  const breaker = context.cloud.service(nameOf(context)).circuitBreaker;
  if (!migrates(context)) return 'rollout';
  return breaker?.enable && context.roll < 0.85 ? 'rollout' : 'migration';
}

function update(context: AwsStepContext, taskDefinition: string): void {
  const { cloud, effect } = context;
  const name = nameOf(context);
  demand(context, 'ecs:UpdateService', serviceArn(name), true);
  if (cause(context) === 'rollout') cloud.spoilNext(name, 'crash');
  const deployment = cloud.updateService(
    name,
    { taskDefinition },
    principal(context, name.accountId),
  );
  if (!deployment) {
    context.log('The service runs this task definition already.');
    return;
  }
  effect.deployments.push(deployment.arn);
  context.log(
    `Deployment started: ${deployment.arn}. Waiting for the service to become stable…`,
  );
}

function lookAtTask(context: AwsStepContext, arn: string) {
  context.cloud.settle();
  const task = context.cloud.records.tasks.findLast(item => item.arn === arn);
  if (task && task.lastStatus !== 'STOPPED') {
    const poll = context.now + 6_000 / context.speed;
    const due = task.nextAt ?? poll;
    return { ended: false, at: Math.max(due, context.now + 1) } as const;
  }
  return { ended: true, exitCode: task?.exitCode ?? null } as const;
}

/** `amazon-ecs-deploy-task-definition`: one-off task if asked for, then the service, then until it is stable. */
export const deployTaskDefinition: AwsStep = {
  begin(context) {
    const { cloud, effect } = context;
    const name = nameOf(context);
    cloud.service(name);
    const taskDefinition = register(context, name.accountId);
    if (!migrates(context)) {
      update(context, taskDefinition);
      return;
    }
    const { run } = context.step;
    demand(context, 'ecs:RunTask', taskDefinition, true);
    const task = cloud.runTask(name, {
      taskDefinition,
      startedBy: `gha-${run.id}-${run.attempts.length}`,
      exitCode: cause(context) === 'migration' ? 1 : 0,
      seconds: MIGRATION_SECONDS,
    });
    effect.task = task.arn;
    effect.outputs['run-task-arn'] = JSON.stringify([task.arn]);
    context.log(`Task started: ${task.arn}. Waiting for it to stop…`);
  },
  look(context) {
    const { effect, step, speed } = context;
    if (effect.task) {
      const task = lookAtTask(context, effect.task);
      if (!task.ended) return { state: 'moving', lookAgainAt: task.at };
      if (task.exitCode !== 0) {
        return {
          state: 'failed',
          reason: `Run task failed: the task stopped with exit code ${task.exitCode}. The service was not changed.`,
        };
      }
      context.log('The task stopped with exit code 0');
      effect.task = null;
      update(context, effect.taskDefinition ?? '');
    }
    if (String(step.with['wait-for-service-stability']) === 'false') {
      return { state: 'done' };
    }
    const look = lookAtDeployments(context, true);
    if (look.state !== 'moving') return look;
    const [arn] = effect.deployments;
    const since = deploymentOf(context, arn)?.createdAt ?? context.startedAt;
    const minutes = Number(step.with['wait-for-minutes']) || 30;
    const limit = since + (minutes * 60_000) / speed;
    if (context.now >= limit) {
      return {
        state: 'failed',
        reason: `Resource is not in the state servicesStable after ${minutes} minutes (TimeoutError).`,
      };
    }
    return { ...look, lookAgainAt: Math.min(look.lookAgainAt, limit) };
  },
};
