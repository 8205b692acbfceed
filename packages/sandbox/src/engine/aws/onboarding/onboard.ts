import type { AwsPlace } from '../../../aws/records';
import type { SandboxState } from '../../../state';
import { StepFailed, type AwsStep, type AwsStepContext } from '../awsStep';
import { checkNames } from './claimed';
import { makePlan } from './make';
import {
  readPlan,
  type OnboardedEnvironment,
  type OnboardingPlan,
} from './plan';

/** Under this key of `state.saved` lies how many onboardings shall still be refused. */
export const REFUSE_ONBOARDING = 'refuse-onboarding';

/** Lets the next onboarding of a service fail, as if the platform's account did not let it. */
export function refuseOnboarding(
  state: Pick<SandboxState, 'saved' | 'changed'>,
  count = 1,
): void {
  state.saved.set(REFUSE_ONBOARDING, count);
  state.changed();
}

/** Where images lie: as the repository of the workflow says, else in the account that builds. */
function registryOf(
  { cloud, step, env }: AwsStepContext,
  [first]: OnboardedEnvironment[],
): AwsPlace {
  const { vars } = step;
  const accountId =
    env.REGISTRY_ACCOUNT ||
    env.REGISTRY_ACCOUNT_ID ||
    vars.AWS_BUILD_ACCOUNT_ID ||
    cloud.records.accounts.find(({ name }) => name === 'dev')?.id ||
    first.accountId;
  const region =
    env.REGISTRY_REGION || vars.AWS_BUILD_REGION || vars.AWS_REGION;
  return { accountId, region: region || first.region };
}

function planOf({ step, env, cloud }: AwsStepContext): OnboardingPlan {
  const plan = readPlan(step.run.inputs, cloud.records);
  const shas = (env.WORKFLOW_SHAS ?? '')
    .split(',')
    .filter(sha => /^[0-9a-f]{40}$/.test(sha));
  if (shas.length === 0) return plan;
  return { ...plan, workflows: { ...plan.workflows, shas } };
}

/** Step `check` of onboard-service.yml: reads the request before anything has credentials. */
export const checkRequest: AwsStep = {
  begin(context) {
    const { step, env, effect, cloud } = context;
    const plan = readPlan(step.run.inputs, cloud.records);
    const [sha] = plan.workflows.shas;
    const supported = (env.SUPPORTED_SHAS ?? '').split(',');
    const allowed = (env.ALLOWED_ACCOUNTS ?? '').replace(/\s/g, '');
    const foreign = plan.environments.find(
      ({ accountId }) =>
        allowed !== '' && !allowed.split(',').includes(accountId),
    );
    if (foreign) {
      throw new StepFailed(
        `The account ${foreign.accountId} is not one that services are onboarded to (variable ALLOWED_ACCOUNTS).`,
      );
    }
    effect.outputs.environments = JSON.stringify(plan.environments);
    effect.outputs['workflow-shas'] = [
      ...new Set([sha, ...supported.filter(item => item !== '')]),
    ].join(',');
    effect.outputs.branches =
      plan.kind === 'terraform-bluegreen-service' ? 'main,develop' : 'main';
  },
};

/** Step `service`: the stack of the ECS service; `onboard` has made it already. */
export const makeService: AwsStep = {
  begin(context) {
    const { service } = planOf(context);
    context.log(`No changes to deploy. Stack of ${service} is up to date`);
  },
};

/** Whether a person wants the next onboarding to fail; counts down. */
function isRefused({ state }: AwsStepContext): boolean {
  const left = Number(state.saved.get(REFUSE_ONBOARDING) ?? 0);
  if (left <= 0) return false;
  state.saved.set(REFUSE_ONBOARDING, left - 1);
  state.changed();
  return true;
}

/** Step `onboard` of onboard-service.yml: roles, image repository and services for a new repository, whichever of its jobs it is in. */
export const onboard: AwsStep = {
  begin(context) {
    const { cloud, step, now, log } = context;
    const { run } = step;
    if (context.shouldFail || isRefused(context)) {
      throw new StepFailed(
        'Failed to create/update the stack. Run the following command to fetch the list of events leading up to the failure: aws cloudformation describe-stack-events',
      );
    }
    const { records } = cloud;
    const plan = planOf(context);
    const registry = registryOf(context, plan.environments);
    checkNames(plan, records, registry);
    const session = `onboard-${run.id}-${run.attempts.length}`;
    makePlan(cloud, plan, {
      registry,
      at: now,
      log,
      principal: accountId =>
        `arn:aws:sts::${accountId}:assumed-role/delivery-onboarding/${session}`,
    });
    log(`${plan.service} of ${plan.repository} can be deployed.`);
  },
};
