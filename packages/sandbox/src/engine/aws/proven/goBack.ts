import type { ServiceName } from '../../../aws/cloud';
import { serviceArn } from '../../../aws/machine/arns';
import type {
  ServiceDeploymentRecord,
  ServiceRecord,
} from '../../../aws/records';
import type { AwsStep, AwsStepContext, Look } from '../awsStep';
import { demand } from '../credentials';
import { principal } from '../places';
import { movingOf, ownService } from './before';
import { awaited, later, targetOf } from './traffic';

const LIMIT_MINUTES = 40;

function end(
  { effect, log }: AwsStepContext,
  back: boolean,
  result: 'rolled-back' | 'already-back' | 'left-alone',
  sentence: string,
): Look {
  log(sentence);
  effect.outputs['rolled-back'] = String(back);
  effect.outputs.result = result;
  return { state: 'done' };
}

const notesOf = ({ effect }: AwsStepContext) => (effect.notes ??= {});

function resolveHook(
  context: AwsStepContext,
  { arn }: ServiceDeploymentRecord,
  hook: string,
  action: 'CONTINUE' | 'ROLLBACK',
): void {
  demand(context, 'ecs:ContinueServiceDeployment', arn, true);
  context.cloud.continueDeployment(arn, hook, action);
}

/** A deployment is under way: stops it if it is ours, helps it if it is our way back, else leaves it alone. */
function whileMoving(
  context: AwsStepContext,
  service: ServiceRecord,
  moving: ServiceDeploymentRecord,
): Look | undefined {
  const { env, cloud } = context;
  const notes = notesOf(context);
  const target = targetOf(context, moving);
  const hook = awaited(moving);
  if (target === env.TASK_DEFINITION) {
    if (!['PENDING', 'IN_PROGRESS'].includes(moving.status) || notes.stopped) {
      return undefined;
    }
    notes.stopped = moving.arn;
    if (hook) resolveHook(context, moving, hook.id, 'ROLLBACK');
    else {
      demand(context, 'ecs:StopServiceDeployment', moving.arn, true);
      cloud.stopDeployment(moving.arn, 'ROLLBACK');
    }
    context.log(`Stopped ${moving.arn}`);
    return undefined;
  }
  if (target === env.PREVIOUS && notes.updated) {
    if (hook) resolveHook(context, moving, hook.id, 'CONTINUE');
    return undefined;
  }
  return end(
    context,
    false,
    'left-alone',
    `##[warning]Another deployment of ${service.name} is under way, of ${target}: it is left alone.`,
  );
}

const isWhole = ({ cloud }: AwsStepContext, service: ServiceRecord) =>
  cloud.records.tasks.filter(
    task =>
      task.accountId === service.accountId &&
      task.region === service.region &&
      task.cluster === service.cluster &&
      task.service === service.name &&
      task.lastStatus === 'RUNNING' &&
      task.desiredStatus === 'RUNNING',
  ).length === service.desiredCount;

/** Nothing is under way: back to the recorded revision while what runs is our own. */
function whileStanding(
  context: AwsStepContext,
  name: ServiceName,
  service: ServiceRecord,
): Look | undefined {
  const { env, cloud } = context;
  const { PREVIOUS = '', RUNNING, TASK_DEFINITION } = env;
  const notes = notesOf(context);
  const primary = service.taskDefinition;
  if (primary === TASK_DEFINITION) {
    if (notes.updated) return undefined;
    notes.updated = PREVIOUS;
    demand(context, 'ecs:UpdateService', serviceArn(name), true);
    const by = principal(context, name.accountId);
    cloud.updateService(name, { taskDefinition: PREVIOUS }, by);
    context.log(`${name.service} goes back to ${PREVIOUS}`);
    return undefined;
  }
  if (primary !== PREVIOUS && primary !== RUNNING) {
    return end(
      context,
      false,
      'left-alone',
      `##[warning]${name.service} runs ${primary}, which this run did not deploy: it is left alone.`,
    );
  }
  if (!isWhole(context, service)) return undefined;
  return notes.stopped || notes.updated
    ? end(
        context,
        true,
        'rolled-back',
        `${name.service} runs ${primary} again.`,
      )
    : end(
        context,
        true,
        'already-back',
        `${name.service} runs ${primary}, as before.`,
      );
}

/** Steps `rollback` of ecs-deploy.yml and `return` of ecs-rollback.yml. */
export const goBack: AwsStep = {
  begin(context) {
    ownService(context);
  },
  look(context) {
    const { name, service } = ownService(context);
    const moving = movingOf(context, service);
    const ended = moving
      ? whileMoving(context, service, moving)
      : whileStanding(context, name, service);
    const reason = `${name.service} is not back after ${LIMIT_MINUTES} minutes: look at it now.`;
    return (
      ended ??
      later(context, movingOf(context, service), {
        minutes: LIMIT_MINUTES,
        reason,
      })
    );
  },
};
