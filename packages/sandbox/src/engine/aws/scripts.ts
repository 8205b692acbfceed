import { taskDefinitionArn } from '../../aws/machine/arns';
import { StepFailed, type AwsStep, type AwsStepContext } from './awsStep';
import { placeOf, principal, servicesOf } from './places';
import { lookAtDeployments } from './rollout';
import { expandVariables } from './shell';

/** Words behind a script's name: `./scripts/deploy.sh production "$GITHUB_SHA"`. */
function argumentsOf({ step, env }: AwsStepContext, script: string): string[] {
  const line = (step.run_ ?? '').split(script)[1]?.split('\n')[0] ?? '';
  return expandVariables(line, env)
    .replace(/["']/g, '')
    .split(/\s+/)
    .filter(word => word !== '');
}

function clusterServices(context: AwsStepContext, environment: string) {
  const cluster = `${context.step.repo.name}-${environment}`;
  const place = placeOf(context, cluster, '');
  const found = servicesOf(context, place, cluster);
  if (found.length === 0) {
    throw new StepFailed(
      `An error occurred (ClusterNotFoundException): Cluster ${cluster} not found.`,
    );
  }
  return { place, cluster, services: found };
}

const PREVIOUS = 'previous-';

/** `scripts/deploy.sh <environment> <commit>` with `REGISTRY`: every service of the environment's cluster gets the image of the commit. */
export const deployScript: AwsStep = {
  begin(context) {
    const { cloud, env, step, effect } = context;
    if (context.shouldFail) {
      throw new StepFailed(
        'An error occurred (ThrottlingException) when calling the RegisterTaskDefinition operation: Rate exceeded',
      );
    }
    const [environment, sha] = argumentsOf(context, 'deploy.sh');
    const { place, cluster, services } = clusterServices(context, environment);
    const by = principal(context, place.accountId);
    for (const service of services) {
      const { family, containers, cpu, memory, tags } = cloud.taskDefinition(
        service.taskDefinition,
      );
      const image = `${env.REGISTRY}/${step.repo.name}-${service.name}:sha-${sha}`;
      const made = cloud.registerTaskDefinition(
        place,
        {
          family,
          cpu,
          memory,
          tags,
          containers: containers.map(item =>
            item.name === service.container ? { ...item, image } : item,
          ),
        },
        by,
      );
      effect.outputs[`${PREVIOUS}${service.name}`] = service.taskDefinition;
      const deployment = cloud.updateService(
        { ...place, cluster, service: service.name },
        { taskDefinition: taskDefinitionArn(made) },
        by,
      );
      context.log(
        `(service ${service.name}) ${made.family}:${made.revision} ${
          deployment ? deployment.arn : 'runs already'
        }`,
      );
    }
  },
};

/** `scripts/rollback.sh <environment>`: the task definitions that `deploy.sh` found there. */
export const rollbackScript: AwsStep = {
  begin(context) {
    const { cloud, job } = context;
    const [environment] = argumentsOf(context, 'rollback.sh');
    const { place, cluster, services } = clusterServices(context, environment);
    const by = principal(context, place.accountId);
    for (const { name: service } of services) {
      const previous = job.steps.findLast(
        item => item.effect?.outputs[`${PREVIOUS}${service}`],
      )?.effect?.outputs[`${PREVIOUS}${service}`];
      if (!previous) throw new StepFailed(`previous-${service}: not found`);
      const deployment = cloud.updateService(
        { ...place, cluster, service },
        { taskDefinition: previous },
        by,
      );
      if (deployment) context.effect.deployments.push(deployment.arn);
      context.log(`(service ${service}) back to ${previous}`);
    }
  },
  look: context => lookAtDeployments(context, false),
};
