import { serviceArn, taskDefinitionArn } from '../../../aws/machine/arns';
import { parseImage } from '../../../aws/machine/images';
import { StepFailed, type AwsStep } from '../awsStep';
import { demand } from '../credentials';
import { imageOf } from '../images';
import { placeOf } from '../places';
import { movingOf, ownService, VERIFIED } from './before';

const REVISION = 'org.opencontainers.image.revision';

/** Step `record`: the revision that runs has been verified; later deployments go back to it. */
export const recordRevision: AwsStep = {
  begin(context) {
    const { cloud, env } = context;
    const { TASK_DEFINITION = '' } = env;
    const { name, service } = ownService(context);
    if (
      TASK_DEFINITION === '' ||
      service.taskDefinition !== TASK_DEFINITION ||
      movingOf(context, service)
    ) {
      throw new StepFailed(
        `${name.service} does not run ${TASK_DEFINITION} (any more), so it is not recorded as verified.`,
      );
    }
    demand(context, 'ecs:TagResource', serviceArn(name), true);
    cloud.tagService(name, { [VERIFIED]: TASK_DEFINITION });
    context.log(`${TASK_DEFINITION} is verified`);
  },
};

/** Step `parameter`: the sandbox has no SSM; that it was asked for is in the log. */
export const putParameter: AwsStep = {
  begin(context) {
    const { PARAMETER = '', IMAGE = '' } = context.env;
    const { accountId, region } = placeOf(context, '', '');
    const arn = `arn:aws:ssm:${region}:${accountId}:parameter${PARAMETER}`;
    demand(context, 'ssm:PutParameter', arn, true);
    context.log(`${PARAMETER} = ${IMAGE}`);
  },
};

/** Step `proof`: whether the service runs what it ran before. */
export const proveBack: AwsStep = {
  begin(context) {
    const { PREVIOUS, RUNNING } = context.env;
    const { name, service } = ownService(context);
    const primary = service.taskDefinition;
    if (primary !== PREVIOUS && primary !== RUNNING) {
      throw new StepFailed(
        `${name.service} runs ${primary} instead of ${PREVIOUS}.`,
      );
    }
    context.log(`${name.service} runs ${primary}`);
  },
};

/** Step `target` of ecs-rollback.yml: only a revision of the service whose image was verified in the environment. */
export const checkVerifiedTarget: AwsStep = {
  begin(context) {
    const { cloud, env, step, effect, log } = context;
    const { TASK_DEFINITION = '', RUNNING = '', IMAGE, COMMIT } = env;
    const place = placeOf(context, env.CLUSTER ?? '', env.SERVICE ?? '');
    demand(context, 'ecs:DescribeTaskDefinition', '*');
    const definition = cloud.records.taskDefinitions.findLast(
      item =>
        item.accountId === place.accountId &&
        item.region === place.region &&
        [taskDefinitionArn(item), `${item.family}:${item.revision}`].includes(
          TASK_DEFINITION,
        ),
    );
    if (!definition) {
      throw new StepFailed(
        'An error occurred (ClientException) when calling the DescribeTaskDefinition operation: Unable to describe task definition.',
      );
    }
    if (definition.status !== 'ACTIVE') {
      throw new StepFailed('The task definition is not active any more.');
    }
    const arn = taskDefinitionArn(definition);
    const family = (given: string) => given.slice(0, given.lastIndexOf(':'));
    if (family(arn) !== family(RUNNING)) {
      throw new StepFailed(
        `The task definition is not one of ${env.SERVICE}, which runs ${RUNNING}.`,
      );
    }
    if (arn === RUNNING) {
      throw new StepFailed(`${env.SERVICE} runs this task definition already.`);
    }
    const registry = `${env.REGISTRY_ACCOUNT}.dkr.ecr.${env.REGISTRY_REGION}.amazonaws.com/`;
    const container = definition.containers.find(({ image }) =>
      image.startsWith(registry),
    );
    const parsed = parseImage(container?.image ?? '');
    if (!container || !parsed?.digest) {
      throw new StepFailed(
        `The task definition holds no image of ${registry} that is named by its digest.`,
      );
    }
    const commit = container.labels[REVISION] ?? '';
    if (IMAGE && IMAGE !== container.image) {
      throw new StepFailed(
        'The task definition has another image than was asked for.',
      );
    }
    if (COMMIT && COMMIT !== commit) {
      throw new StepFailed(
        'The task definition says another commit than was asked for, or none.',
      );
    }
    const image = imageOf(context, parsed, parsed.repository, parsed.digest);
    if (!image) {
      throw new StepFailed(
        'The image of the task definition is not in the registry any more.',
      );
    }
    const released = `release-${step.environment ?? env.ENVIRONMENT}-`;
    if (!image.tags.some(tag => tag.startsWith(released))) {
      throw new StepFailed(
        `The image of the task definition was never verified in ${env.ENVIRONMENT}: only what was can be brought back.`,
      );
    }
    Object.assign(effect.outputs, { arn, image: container.image, commit });
    log(`${arn} has ${container.image}`);
  },
};
