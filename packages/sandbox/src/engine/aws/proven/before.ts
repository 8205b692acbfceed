import type {
  ServiceDeploymentRecord,
  ServiceRecord,
} from '../../../aws/records';
import { isMoving } from '../../../aws/machine/Endings';
import { serviceArn } from '../../../aws/machine/arns';
import type { ServiceName } from '../../../aws/cloud';
import { StepFailed, type AwsStep, type AwsStepContext } from '../awsStep';
import { demand } from '../credentials';
import { serviceName } from '../places';
import { commitOf } from './images';

/** Of an ECS service: the revision that a pipeline has verified last. */
export const VERIFIED = 'delivery.platform/verified';

/** The service in `CLUSTER` and `SERVICE`, with its name. */
export function ownService(context: AwsStepContext): {
  name: ServiceName;
  service: ServiceRecord;
} {
  const { CLUSTER = '', SERVICE = '' } = context.env;
  const name = serviceName(context, CLUSTER, SERVICE);
  demand(context, 'ecs:DescribeServices', serviceArn(name));
  const service = context.cloud.service(name);
  if (service.status !== 'ACTIVE') {
    throw new StepFailed(
      `The service ${SERVICE} is not in the cluster ${CLUSTER}.`,
    );
  }
  return { name, service };
}

/** The deployment of a service that has not ended. */
export function movingOf(
  { cloud }: AwsStepContext,
  { currentDeployment }: ServiceRecord,
): ServiceDeploymentRecord | undefined {
  cloud.settle();
  const current = cloud.records.deployments.findLast(
    ({ arn }) => arn === currentDeployment,
  );
  return current && isMoving(current) ? current : undefined;
}

/** Step `before`: what runs, and the revision to go back to. */
export const recordVerified: AwsStep = {
  begin(context) {
    const { cloud, effect, log } = context;
    const { name, service } = ownService(context);
    if (movingOf(context, service)) {
      throw new StepFailed(
        `A deployment of ${name.service} is under way already: wait until it has ended.`,
      );
    }
    const last = cloud.records.deployments.findLast(
      ({ arn }) => arn === service.currentDeployment,
    );
    if (last?.status === 'STOPPED') {
      throw new StepFailed(
        `The last deployment of ${name.service} did not complete: bring it back with the workflow Roll back first.`,
      );
    }
    const running = service.taskDefinition;
    const family = running.slice(0, running.lastIndexOf(':'));
    const verified = service.tags[VERIFIED] ?? '';
    let previous = verified || running;
    if (previous.slice(0, previous.lastIndexOf(':')) !== family) {
      throw new StepFailed(
        `The tag ${VERIFIED} of ${name.service} is not a revision of ${family}.`,
      );
    }
    if (previous !== running) {
      if (cloud.taskDefinition(previous).status !== 'ACTIVE') {
        previous = running;
      } else {
        log(
          `##[warning]${name.service} runs ${running}, which this pipeline did not verify. The new revision is made from ${previous}, the last one that it did.`,
        );
      }
    }
    Object.assign(effect.outputs, {
      td: previous,
      running,
      first: String(verified === ''),
      subnets: '',
      sgs: '',
    });
    log(`${name.service} runs ${running}`);
  },
};

/** Step `descent`: refuses what does not come after the commit that runs. */
export const checkDescent: AwsStep = {
  begin(context) {
    const { env, effect, log } = context;
    const {
      PREVIOUS = '',
      RUNNING = '',
      FIRST,
      CANDIDATE = '',
      CONTAINER = '',
      SERVICE = '',
    } = env;
    demand(context, 'ecs:DescribeTaskDefinition', '*');
    const running = commitOf(context, RUNNING, CONTAINER);
    effect.outputs['previous-commit'] =
      PREVIOUS === RUNNING ? running : commitOf(context, PREVIOUS, CONTAINER);
    if (running === '') {
      if (FIRST !== 'true') {
        throw new StepFailed(
          `${RUNNING} does not say which commit it runs, so nobody can tell whether ${CANDIDATE} is newer. Bring back a known revision with the workflow Roll back, then deploy again.`,
        );
      }
      log(
        `##[warning]${SERVICE} does not say which commit it runs. It is the first deployment of this pipeline, so it goes on.`,
      );
      return;
    }
    if (!context.descends(CANDIDATE, running)) {
      throw new StepFailed(
        `${CANDIDATE} does not descend from the running commit ${running}: it would take away what runs. Go back with the workflow Roll back if that is meant.`,
      );
    }
    log(`${CANDIDATE} descends from the running commit ${running}.`);
  },
};

/** Step `outputs`: tells the jobs without environment what only this one can read. */
export const tellOthers: AwsStep = {
  begin({ env, effect }) {
    for (const [output, variable] of [
      ['account', 'ACCOUNT'],
      ['region', 'REGION'],
      ['cluster', 'CLUSTER'],
      ['service', 'SERVICE'],
      ['url', 'URL'],
      ['test-url', 'TEST_URL'],
      ['settle-role', 'SETTLE_ROLE'],
    ]) {
      effect.outputs[output] = env[variable] ?? '';
    }
    if (!/^\d{12}$/.test(effect.outputs.account)) {
      throw new StepFailed(
        `The variable AWS_ACCOUNT_ID of ${env.ENVIRONMENT} has to be 12 digits.`,
      );
    }
  },
};
