import { serviceArn } from '../../../aws/machine/arns';
import type { ServiceDeploymentRecord } from '../../../aws/records';
import {
  StepFailed,
  type AwsStep,
  type AwsStepContext,
  type Look,
} from '../awsStep';
import { demand, provesItself } from '../credentials';
import { principal } from '../places';
import { deploymentOf } from '../rollout';
import { movingOf, ownService } from './before';

const STAGE = 'POST_TEST_TRAFFIC_SHIFT';
const MINUTE = 60_000;
/** The scripts ask every ten seconds. */
const POLL = 10_000;

const failed = (reason: string): Look => ({ state: 'failed', reason });

/** Asks again when AWS has got further; gives up after so many real-world minutes. */
function later(
  context: AwsStepContext,
  deployment: ServiceDeploymentRecord | undefined,
  limit: { minutes: number; reason: string },
): Look {
  const { cloud, now, speed, startedAt } = context;
  const end = startedAt + (limit.minutes * MINUTE) / speed;
  if (now >= end) return failed(limit.reason);
  const poll = now + POLL / speed;
  const next =
    (deployment && cloud.progress(deployment.arn).lookAgainAt) ?? poll;
  return {
    state: 'moving',
    lookAgainAt: Math.min(end, Math.max(now + 1, Math.min(next, poll))),
  };
}

export const targetOf = (
  { cloud }: AwsStepContext,
  { targetRevision }: ServiceDeploymentRecord,
): string =>
  cloud.records.revisions.findLast(({ arn }) => arn === targetRevision)
    ?.taskDefinition ?? '';

export const awaited = ({ hook }: ServiceDeploymentRecord) =>
  hook?.status === 'AWAITING_ACTION' ? hook : undefined;

/** Step `pause`: until the new tasks of a blue/green deployment answer at the test listener. */
export const waitAtTestListener: AwsStep = {
  begin(context) {
    ownService(context);
    if (context.shouldFail) {
      throw new StepFailed(
        'The deployment did not reach the test listener within 30 minutes.',
      );
    }
  },
  look(context) {
    const { effect, env } = context;
    const { name, service } = ownService(context);
    const known = effect.outputs.deployment;
    const deployment = known
      ? deploymentOf(context, known)
      : movingOf(context, service);
    if (!deployment) {
      const reason = `No deployment of ${name.service} began.`;
      return later(context, undefined, { minutes: 5, reason });
    }
    effect.outputs.deployment = deployment.arn;
    const hook = awaited(deployment);
    if (hook && deployment.lifecycleStage === STAGE) {
      if (targetOf(context, deployment) !== env.TASK_DEFINITION) {
        return failed(
          `The deployment that waits is not the one of ${env.TASK_DEFINITION}.`,
        );
      }
      effect.outputs.hook = hook.id;
      context.log('The deployment waits at the test listener.');
      return { state: 'done' };
    }
    if (deployment.status === 'SUCCESSFUL') {
      return failed(
        `The deployment did not wait for the smoke test: ${name.service} has no PAUSE hook at ${STAGE}.`,
      );
    }
    if (!['PENDING', 'IN_PROGRESS'].includes(deployment.status)) {
      return failed(
        `The deployment ended before the smoke test: ${deployment.status}.`,
      );
    }
    const reason =
      'The deployment did not reach the test listener within 30 minutes.';
    return later(context, deployment, { minutes: 30, reason });
  },
};

/** Step `continue`: the traffic goes over, then the deployment ends. */
export const letTrafficGoOver: AwsStep = {
  begin(context) {
    const { DEPLOYMENT = '', HOOK = '' } = context.env;
    ownService(context);
    demand(context, 'ecs:ContinueServiceDeployment', DEPLOYMENT, true);
    context.cloud.continueDeployment(DEPLOYMENT, HOOK, 'CONTINUE');
  },
  look(context) {
    context.cloud.settle();
    const deployment = deploymentOf(context, context.env.DEPLOYMENT ?? '');
    if (deployment?.status === 'SUCCESSFUL') return { state: 'done' };
    if (!['PENDING', 'IN_PROGRESS'].includes(deployment?.status ?? '')) {
      return failed(`The deployment did not succeed: ${deployment?.status}.`);
    }
    const reason = 'The deployment did not end within an hour.';
    return later(context, deployment, { minutes: 60, reason });
  },
};

/** Step `rollback` of ecs-rollback.yml: the revision in `TARGET`; blue/green stops at the test listener instead of waiting. */
export const bringBack: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const { cloud, env, effect, shouldFail } = context;
    const { name } = ownService(context);
    demand(context, 'ecs:UpdateService', serviceArn(name), true);
    if (shouldFail) cloud.spoilNext(name, 'crash');
    const by = principal(context, name.accountId);
    const deployment = cloud.updateService(
      name,
      { taskDefinition: env.TARGET },
      by,
    );
    if (deployment && env.STRATEGY !== 'BLUE_GREEN') {
      effect.deployments.push(deployment.arn);
    }
    context.log(`${name.service} goes to ${env.TARGET}`);
  },
  look(context) {
    const { effect, env } = context;
    const [arn] = effect.deployments;
    if (!arn) return { state: 'done' };
    const { name, service } = ownService(context);
    const deployment = deploymentOf(context, arn);
    if (service.taskDefinition !== env.TARGET) {
      return failed(
        `${name.service} did not take the revision: it runs ${service.taskDefinition}.`,
      );
    }
    if (deployment?.status === 'SUCCESSFUL') return { state: 'done' };
    if (deployment?.status === 'STOPPED') return failed('The rollout failed.');
    const reason = `${name.service} is not steady after 30 minutes.`;
    return later(context, deployment, { minutes: 30, reason });
  },
};

export { later };
