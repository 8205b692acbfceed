import type { OnboardedEnvironment, OnboardingPlan } from './plan';
import { allow, ownResources, type WantedRole } from './wantedRole';

const LOOKING = allow(
  ['*:Describe*', '*:Get*', '*:List*', '*:BatchGet*'],
  ['*'],
);

/** What a worker's stack is made with: change sets are prepared by one role and executed by another. */
function cdkRoles(
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
): { prepare: object[]; execute: object[] } {
  const { accountId, region } = environment;
  const { stacks } = ownResources(plan, environment);
  const cdk = (use: string) =>
    `arn:aws:iam::${accountId}:role/cdk-hnb659fds-${use}-role-${accountId}-${region}`;
  return {
    prepare: [
      allow(['cloudformation:ListStacks'], ['*']),
      allow(
        [
          'cloudformation:CreateChangeSet',
          'cloudformation:DeleteChangeSet',
          'cloudformation:DescribeChangeSet',
          'cloudformation:DescribeStacks',
        ],
        stacks,
      ),
      allow(['iam:PassRole'], [cdk('cfn-exec')]),
    ],
    execute: [
      LOOKING,
      allow(
        ['cloudformation:ExecuteChangeSet', 'cloudformation:DeleteChangeSet'],
        stacks,
      ),
      allow(
        ['sts:AssumeRole'],
        ['deploy', 'file-publishing', 'lookup'].map(cdk),
      ),
    ],
  };
}

/** What Terraform does to services whose deployments are the pipeline's. */
function terraformStatements(
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
): object[] {
  const { services, deployments } = ownResources(plan, environment);
  const role = (use: string) =>
    `arn:aws:iam::${environment.accountId}:role/${plan.service}-${use}-${environment.name}`;
  return [
    LOOKING,
    allow(['ecs:RegisterTaskDefinition'], ['*']),
    allow(['ecs:UpdateService'], services),
    allow(['ecs:ContinueServiceDeployment'], deployments),
    allow(['iam:PassRole'], [role('task'), role('execution')]),
    allow(['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], [role('execution')]),
  ];
}

/** Roles of kinds that bring infrastructure of their own, in one environment. `images`: ARNs of their repositories. */
export function infrastructureRoles(
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
  images: string[],
): WantedRole[] {
  const { accountId, name } = environment;
  const { service, subject, repository, kind } = plan;
  const own = (file: string) => [
    `${repository}/.github/workflows/${file}@refs/heads/main`,
  ];
  const main = `${subject}:ref:refs/heads/main`;
  const isCdk = kind === 'worker-cdk-service';
  const { prepare, execute } = cdkRoles(plan, environment);
  const planRole: WantedRole = {
    accountId,
    name: `${service}-plan-${name}`,
    // Terraform's plan of what will be applied, its look for drift and the scan of what runs are jobs of main.
    subjects: [`${subject}:pull_request`, ...(isCdk ? [] : [main])],
    workflows: [],
    statements: [
      LOOKING,
      ...(isCdk ? [] : [allow(['ecr:GetDownloadUrlForLayer'], images)]),
    ],
  };
  const infraRole: WantedRole = {
    accountId,
    name: `${service}-infra-${name}`,
    subjects: [`${subject}:environment:infra-${name}`],
    workflows: own(isCdk ? 'infra-deploy.yml' : 'infra.yml'),
    statements: isCdk ? execute : terraformStatements(plan, environment),
  };
  if (!isCdk) return [planRole, infraRole];
  const changeSetRole: WantedRole = {
    accountId,
    name: `${service}-changeset-${name}`,
    subjects: [main],
    workflows: own('infra-deploy.yml'),
    statements: prepare,
  };
  return [planRole, changeSetRole, infraRole];
}
