import { taskDefinitionArn } from '../../aws/machine/arns';
import { StepFailed, type AwsStep } from './awsStep';
import { placeOf, serviceName } from './places';

/** Step `target`: whether the task definition in `TASK_DEFINITION` is one the service can go back to. */
export const checkTarget: AwsStep = {
  begin(context) {
    const { cloud, env, effect, log } = context;
    const { TASK_DEFINITION: reference = '', SERVICE: service = '' } = env;
    const place = placeOf(context, env.CLUSTER ?? '', service);
    const definition = cloud.records.taskDefinitions.findLast(
      item =>
        item.accountId === place.accountId &&
        item.region === place.region &&
        [
          taskDefinitionArn(item),
          `${item.family}:${item.revision}`,
          ...(item.status === 'ACTIVE' ? [item.family] : []),
        ].includes(reference),
    );
    if (!definition) {
      throw new StepFailed(
        'An error occurred (ClientException) when calling the DescribeTaskDefinition operation: Unable to describe task definition.',
      );
    }
    if (definition.status !== 'ACTIVE') {
      throw new StepFailed('the task definition is not active any more');
    }
    const image = definition.containers.find(
      ({ name }) => name === service,
    )?.image;
    if (image === undefined) {
      throw new StepFailed(`the task definition is not one of ${service}`);
    }
    const [, wanted] = (env.IMAGE ?? '').split('@');
    const [, digest] = image.split('@');
    if (wanted && digest && digest !== wanted) {
      throw new StepFailed('the task definition has another image');
    }
    effect.outputs.arn = taskDefinitionArn(definition);
    log(`${effect.outputs.arn} has ${image}`);
  },
};

/** Step `proof`: whether the service runs the task definition in `WANTED`. */
export const proveRunning: AwsStep = {
  begin(context) {
    const { cloud, env, log } = context;
    const name = serviceName(context, env.CLUSTER ?? '', env.SERVICE ?? '');
    const { taskDefinition } = cloud.service(name);
    if (taskDefinition !== env.WANTED) {
      throw new StepFailed(`${name.service} runs ${taskDefinition}`);
    }
    log(`${name.service} runs ${taskDefinition}`);
  },
};
