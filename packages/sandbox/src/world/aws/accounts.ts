import type {
  AccountRecord,
  ClusterRecord,
  RoleRecord,
} from '../../aws/records';
import { claim } from '../../engine/aws/onboarding/plan';
import { ISSUER_HOST } from '../../engine/oidc/claims';

export type AccountName = 'dev' | 'qa' | 'staging' | 'production';

/** `dev` also builds: every image lies in its registry. */
export const ACCOUNT_IDS: Record<AccountName, string> = {
  dev: '111111111111',
  qa: '222222222222',
  staging: '333333333333',
  production: '444444444444',
};

/** Those whose pipelines assume a role `<name>-deploy`. */
const DEPLOYERS = ['vaultex', 'cicd-platform', 'order-processing', 'eventflow'];

/** The accounts with the roles that may be assumed in each. */
export function worldAccounts(): AccountRecord[] {
  return Object.entries(ACCOUNT_IDS).map(([name, id]) => ({
    id,
    name,
    roles: [
      'delivery-read',
      'delivery-act',
      ...DEPLOYERS.map(service => `${service}-deploy`),
    ],
  }));
}

/** Where services go that are created later; empty at first. */
const CLUSTERS: Record<string, readonly AccountName[]> = {
  services: ['staging', 'production'],
  workers: ['dev', 'qa', 'staging', 'production'],
};

/** Clusters without a service. */
export function emptyClusters(): ClusterRecord[] {
  return Object.entries(CLUSTERS).flatMap(([name, accounts]) =>
    accounts.map(account => ({
      accountId: ACCOUNT_IDS[account],
      region: 'eu-west-1',
      name,
    })),
  );
}

/**
 * The role of onboarding in each account: for jobs in the environment `onboarding` of the organisation's repositories, so that
 * one with the platform's workflows that is created later can onboard services as well. `createdAt` is epoch milliseconds.
 */
export function onboardingRoles(createdAt: number): RoleRecord[] {
  return Object.values(ACCOUNT_IDS).map(accountId => ({
    accountId,
    name: 'delivery-onboarding',
    createdAt,
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: {
            Federated: `arn:aws:iam::${accountId}:oidc-provider/${ISSUER_HOST}`,
          },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { [claim('aud')]: 'sts.amazonaws.com' },
            StringLike: {
              // With ids, and without for repositories that are older than those.
              [claim('sub')]: [
                'repo:acme@*/*:environment:onboarding',
                'repo:acme/*:environment:onboarding',
              ],
              [claim('job_workflow_ref')]:
                'acme/*/.github/workflows/onboard-service.yml@refs/heads/main',
            },
          },
        },
      ],
    }),
    policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['cloudformation:*', 'ecr:*', 'ecs:*', 'iam:*', 'ssm:*'],
          Resource: ['*'],
        },
      ],
    }),
    tags: {},
  }));
}

/** Variables of a GitHub environment whose jobs deploy to an account. */
export function environmentVariables(
  role: string,
  account: AccountName,
  cluster: string,
): Record<string, string> {
  return {
    AWS_ACCOUNT_ID: ACCOUNT_IDS[account],
    AWS_DEPLOY_ROLE_ARN: `arn:aws:iam::${ACCOUNT_IDS[account]}:role/${role}-deploy`,
    ECS_CLUSTER: cluster,
  };
}
