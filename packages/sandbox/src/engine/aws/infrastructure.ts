import { fakeDigest } from '../contexts';
import { StepFailed, type AwsStep, type AwsStepContext } from './awsStep';
import { demand, provesItself } from './credentials';
import { placeOf } from './places';

/** What stands for the changes of a change set or a saved plan: the same for the same file, and nothing that could be guessed. */
const sumOf = (...of: string[]) => fakeDigest('sum', ...of);

/** The stack in `STACK`, or where it will be. */
function stackArn(context: AwsStepContext): string {
  const { STACK = '' } = context.env;
  const { accountId, region } = placeOf(context, '', '');
  const known = context.cloud.records.stacks.find(
    item =>
      item.accountId === accountId &&
      item.region === region &&
      item.name === STACK,
  );
  return (
    known?.id ??
    `arn:aws:cloudformation:${region}:${accountId}:stack/${STACK}/new`
  );
}

/** Step `prepare` of infra-deploy.yml: a change set that is executed only when somebody has approved it. Stacks always have one. */
export const prepareChangeSet: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const { env, effect, log, shouldFail } = context;
    const { STACK = '', CHANGE_SET = '' } = env;
    const stack = stackArn(context);
    demand(context, 'cloudformation:CreateChangeSet', stack, true);
    demand(context, 'cloudformation:DescribeChangeSet', stack);
    if (shouldFail) {
      throw new StepFailed(
        'CloudFormation did not prepare the change set (FAILED): Template error',
      );
    }
    const { accountId, region } = placeOf(context, '', '');
    const id = fakeDigest(stack, CHANGE_SET).slice(0, 12);
    const arn = `arn:aws:cloudformation:${region}:${accountId}:changeSet/${CHANGE_SET}/0a1b2c3d-5c1d-11f0-9a3e-${id}`;
    Object.assign(effect.outputs, { 'change-set': arn, sum: sumOf(arn) });
    log(`### ${STACK}`);
    log('Modify AWS::ECS::TaskDefinition Task');
  },
};

/** Step `check`: the change set is the one that was approved. */
export const checkChangeSet: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const { CHANGE_SET = '', SUM } = context.env;
    demand(context, 'cloudformation:DescribeChangeSet', stackArn(context));
    if (sumOf(CHANGE_SET) !== SUM) {
      throw new StepFailed('The change set is not what was approved.');
    }
    context.effect.outputs.waiter = 'stack-update-complete';
  },
};

/** Step `stack`: executes it. */
export const executeChangeSet: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const stack = stackArn(context);
    demand(context, 'cloudformation:ExecuteChangeSet', stack, true);
    if (context.shouldFail) {
      throw new StepFailed(
        'Waiter StackUpdateComplete failed: Waiter encountered a terminal failure state: UPDATE_ROLLBACK_COMPLETE',
      );
    }
    context.log(`Executed ${context.env.CHANGE_SET}`);
  },
};

/** Step `plan` of infra.yml on main: a saved plan. There is always something to change. */
export const planToApply: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const { env, effect, log, shouldFail } = context;
    placeOf(context, '', '');
    demand(context, 'ecs:DescribeServices', '*');
    if (shouldFail) throw new StepFailed('Error: Invalid index');
    const { BUCKET = '', KEY = '' } = env;
    const sha256 = sumOf(BUCKET, KEY);
    Object.assign(effect.outputs, { changes: 'true', sha256, key: KEY });
    log('Plan: 0 to add, 1 to change, 0 to destroy.');
    log(`Kept as s3://${BUCKET}/${KEY}, ${sha256}`);
  },
};

/** Step `apply`: the plan that was approved, and no other. */
export const applyPlan: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const { BUCKET = '', KEY = '', SHA256 } = context.env;
    placeOf(context, '', '');
    if (sumOf(BUCKET, KEY) !== SHA256) {
      throw new StepFailed('saved.tfplan: FAILED. The plan is not this one.');
    }
    demand(context, 'ecs:RegisterTaskDefinition', '*', true);
    if (context.shouldFail) {
      throw new StepFailed('Error: updating ECS Service: ThrottlingException');
    }
    context.log('Apply complete! Resources: 0 added, 1 changed, 0 destroyed.');
  },
};
