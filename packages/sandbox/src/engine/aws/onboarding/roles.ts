import type { AwsPlace, RoleRecord } from '../../../aws/records';
import { ISSUER_HOST } from '../../oidc/claims';
import { infrastructureRoles } from './infrastructureRoles';
import {
  claim,
  hasInfrastructure,
  partsOf,
  type OnboardedEnvironment,
  type OnboardingPlan,
} from './plan';
import { allow, ownResources, type WantedRole } from './wantedRole';

/** Says to which repository, by its id, something was given. */
export const OWNER_TAG = 'delivery.platform/repository-id';

/** Tags by which AWS tells whose something is. */
export const tagsOf = (plan: OnboardingPlan): Record<string, string> => ({
  [OWNER_TAG]: plan.repositoryId,
  'delivery.platform/repository': plan.repository,
});

const only = (list: string[]) => (list.length === 1 ? list[0] : list);

/** Who may have the role: a token for AWS, of this repository by its id, of this kind of job, of these workflows. */
function trustOf(plan: OnboardingPlan, wanted: WantedRole): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: `arn:aws:iam::${wanted.accountId}:oidc-provider/${ISSUER_HOST}`,
        },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [claim('aud')]: 'sts.amazonaws.com',
            [claim('repository_id')]: plan.repositoryId,
            [claim('sub')]: only(wanted.subjects),
            ...(wanted.workflows.length > 0 && {
              [claim('job_workflow_ref')]: only(wanted.workflows),
            }),
          },
        },
      },
    ],
  });
}

/** ARNs of the service's image repositories. */
const imagesOf = (plan: OnboardingPlan, { accountId, region }: AwsPlace) =>
  partsOf(plan).map(
    name => `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
  );

function buildStatements(plan: OnboardingPlan, registry: AwsPlace): object[] {
  return [
    allow(['ecr:GetAuthorizationToken'], ['*']),
    allow(
      [
        'ecr:BatchGetImage',
        'ecr:BatchCheckLayerAvailability',
        'ecr:DescribeImages',
        'ecr:InitiateLayerUpload',
        'ecr:UploadLayerPart',
        'ecr:CompleteLayerUpload',
        'ecr:PutImage',
      ],
      imagesOf(plan, registry),
    ),
    allow(['kms:Sign', 'kms:GetPublicKey', 'kms:DescribeKey'], ['*']),
  ];
}

/** What the one may do that deploys, and the one that settles. */
function serviceStatements(
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
  images: string[],
): { deploy: object[]; settle: object[] } {
  const { services, deployments, definitions, parameters } = ownResources(
    plan,
    environment,
  );
  const looks = allow(
    [
      'ecs:DescribeServices',
      'ecs:DescribeTaskDefinition',
      'ecs:DescribeTasks',
      'ecs:DescribeServiceDeployments',
      'ecs:DescribeServiceRevisions',
      'ecs:ListServiceDeployments',
      'ecs:ListTagsForResource',
      'ecr:DescribeImages',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'kms:GetPublicKey',
    ],
    ['*'],
  );
  const changes = allow(['ecs:UpdateService'], services);
  return {
    deploy: [
      looks,
      changes,
      allow(['ecs:RegisterTaskDefinition'], ['*']),
      allow(['ecs:RunTask'], definitions),
      allow(['iam:PassRole'], ['*']),
    ],
    settle: [
      looks,
      changes,
      allow(['ecs:TagResource'], services),
      allow(['ecr:PutImage'], images),
      allow(
        ['ecs:StopServiceDeployment', 'ecs:ContinueServiceDeployment'],
        deployments,
      ),
      allow(['ssm:PutParameter'], parameters),
    ],
  };
}

/** `job_workflow_ref`s of the files at every commit that may be pinned. */
const pinnedWorkflows = (
  { repository, shas }: OnboardingPlan['workflows'],
  files: string[],
) =>
  files.flatMap(file =>
    shas.map(sha => `${repository}/.github/workflows/${file}@${sha}`),
  );

function environmentRoles(
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
  subjects: string[],
  images: string[],
): WantedRole[] {
  const { accountId, name } = environment;
  const { service, subject, workflows } = plan;
  const pinned = pinnedWorkflows(workflows, [
    'ecs-deploy.yml',
    'ecs-rollback.yml',
  ]);
  const { deploy, settle } = serviceStatements(plan, environment, images);
  const roles: WantedRole[] = [
    {
      accountId,
      name: `${service}-deploy-${name}`,
      subjects: [`${subject}:environment:${name}`],
      workflows: pinned,
      statements: deploy,
    },
    {
      accountId,
      name: `${service}-settle-${name}`,
      subjects,
      workflows: pinned,
      statements: settle,
    },
  ];
  if (!hasInfrastructure(plan)) return roles;
  return [...roles, ...infrastructureRoles(plan, environment, images)];
}

/** The roles of a service with who may have them and what they may do. */
export function rolesOf(
  plan: OnboardingPlan,
  registry: AwsPlace,
  at: number,
): RoleRecord[] {
  const { service, subject, workflows } = plan;
  const branches =
    plan.kind === 'terraform-bluegreen-service'
      ? ['main', 'develop']
      : ['main'];
  const subjects = branches.map(name => `${subject}:ref:refs/heads/${name}`);
  const wanted: WantedRole[] = [
    {
      accountId: registry.accountId,
      name: `${service}-build`,
      subjects,
      workflows: pinnedWorkflows(workflows, ['ecs-build.yml']),
      statements: buildStatements(plan, registry),
    },
    ...plan.environments.flatMap(item =>
      environmentRoles(plan, item, subjects, imagesOf(plan, registry)),
    ),
  ];
  return wanted.map(item => ({
    accountId: item.accountId,
    name: item.name,
    createdAt: at,
    trust: trustOf(plan, item),
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: item.statements,
    }),
    tags: tagsOf(plan),
  }));
}
