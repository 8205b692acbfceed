import type { AccountRecord } from '../../aws/records';

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
