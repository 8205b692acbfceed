import { needsApproval, type EnvironmentPlace } from '../naming/names';
import {
  deployVariables,
  infraVariables,
  repositoryVariables,
  type Variables,
} from '../naming/variables';
import { BLUE_GREEN } from '../naming/names';
import type { PlanInput } from './PlanInput';

/** An environment that is to be made. */
export type PlannedEnvironment = {
  name: string;
  tier: string;
  accountId: string;
  region: string;
  cluster: string;
  approval: boolean;
  /** Entity refs. */
  reviewers: string[];
  branches: string[];
  variables: Variables;
};

/** What is to be made, apart from the repository. */
export interface Plan {
  environments: PlannedEnvironment[];
  repositoryVariables: Variables;
  /** JSON of `[{name, accountId, region, cluster}]`. */
  onboardingEnvironments: string;
}

export function makePlan(input: PlanInput): Plan {
  const { environments } = input;
  return {
    environments: [
      ...environments.map(environment => ({
        ...planned(input, environment, environment.name),
        branches: branchesOf(input, environment),
        variables: deployVariables(input, environment),
      })),
      ...(input.infrastructure ? environments : []).map(environment => ({
        ...planned(input, environment, `infra-${environment.name}`),
        branches: ['main'],
        variables: infraVariables(input, environment),
      })),
    ],
    repositoryVariables: repositoryVariables(input, environments),
    onboardingEnvironments: JSON.stringify(
      environments.map(({ name, accountId, region, cluster }) => ({
        ...{ name, accountId, region, cluster },
      })),
    ),
  };
}

function planned(
  input: PlanInput,
  environment: EnvironmentPlace,
  name: string,
) {
  const { accountId, region, cluster, tier = '' } = environment;
  const approval = needsApproval(environment);
  const reviewers = approval ? [...new Set(input.reviewers)] : [];
  return { name, tier, accountId, region, cluster, approval, reviewers };
}

/** Its pipeline deploys the branch `develop` to staging; nothing else comes from there. */
function branchesOf(
  { template }: PlanInput,
  environment: EnvironmentPlace,
): string[] {
  return template === BLUE_GREEN && !needsApproval(environment)
    ? ['main', 'develop']
    : ['main'];
}
