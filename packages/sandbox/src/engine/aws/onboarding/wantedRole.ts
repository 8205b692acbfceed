import {
  partsOf,
  type OnboardedEnvironment,
  type OnboardingPlan,
} from './plan';

/** A role that onboarding makes: who may have it and what it may do. */
export interface WantedRole {
  accountId: string;
  name: string;
  subjects: string[];
  /** Exact `job_workflow_ref`s; empty: any workflow of the repository. */
  workflows: string[];
  statements: object[];
}

/** One statement of a policy. */
export const allow = (actions: string[], resources: string[]) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});

/** Resources of the plan's services in an environment, by kind of resource. */
export function ownResources(
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
) {
  const { accountId, region, cluster } = environment;
  const each = (make: (name: string) => string) => partsOf(plan).map(make);
  const ecs = (rest: string) => `arn:aws:ecs:${region}:${accountId}:${rest}`;
  return {
    services: each(name => ecs(`service/${cluster}/${name}`)),
    deployments: each(name => ecs(`service-deployment/${cluster}/${name}/*`)),
    definitions: each(name => ecs(`task-definition/${name}:*`)),
    parameters: [
      `arn:aws:ssm:${region}:${accountId}:parameter/${plan.service}/*`,
    ],
    stacks: [
      `arn:aws:cloudformation:${region}:${accountId}:stack/${plan.service}-${environment.name}/*`,
    ],
  };
}
