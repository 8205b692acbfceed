import { serviceArn } from '../../aws/machine/arns';
import { StepFailed, type AwsStep, type AwsStepContext } from './awsStep';
import { demand } from './credentials';
import { principal, serviceName } from './places';
import { lookAtDeployments } from './rollout';
import { awsCommands, type AwsCommand } from './shell';

const first = (command: AwsCommand, option: string) =>
  command.options[option]?.[0] ?? '';

function updateService(context: AwsStepContext, command: AwsCommand): void {
  const name = serviceName(
    context,
    first(command, 'cluster') || 'default',
    first(command, 'service'),
  );
  const taskDefinition = first(command, 'task-definition');
  demand(context, 'ecs:UpdateService', serviceArn(name), true);
  const deployment = context.cloud.updateService(
    name,
    {
      ...(taskDefinition && { taskDefinition }),
      force: 'force-new-deployment' in command.options,
    },
    principal(context, name.accountId),
  );
  context.log(
    deployment
      ? `Deployment started: ${deployment.arn}`
      : 'The service runs this task definition already.',
  );
}

function waitFor(context: AwsStepContext, command: AwsCommand): void {
  const cluster = first(command, 'cluster') || 'default';
  for (const service of command.options.services ?? []) {
    const { currentDeployment } = context.cloud.service(
      serviceName(context, cluster, service),
    );
    if (currentDeployment) context.effect.deployments.push(currentDeployment);
  }
}

const isWait = ({ operation }: AwsCommand) =>
  operation === 'ecs wait services-stable';

const commandsOf = ({ step, env }: AwsStepContext) =>
  awsCommands(step.run_ ?? '', env);

/** `aws ecs update-service` and `aws ecs wait services-stable` of a script. */
export const ecsCommands: AwsStep = {
  begin(context) {
    const commands = commandsOf(context);
    if (context.shouldFail && !commands.some(isWait)) {
      throw new StepFailed(
        'An error occurred (ThrottlingException) when calling the UpdateService operation: Rate exceeded',
      );
    }
    for (const command of commands) {
      if (command.operation === 'ecs update-service') {
        updateService(context, command);
      } else if (isWait(command)) waitFor(context, command);
    }
  },
  look(context) {
    const look = lookAtDeployments(context, false);
    if (look.state !== 'done' || !context.shouldFail) return look;
    return {
      state: 'failed',
      reason: 'Waiter ServicesStable failed: Max attempts exceeded',
    };
  },
};
