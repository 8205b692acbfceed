import { AwsError } from '../cloud';
import type { AwsRecords, RoleRecord } from '../records';
import { readRolePolicy } from '../wire/policy';
import { readTrust } from './trust';

/** Account and name in the ARN of a role; undefined for anything else. */
export function parseRoleArn(
  arn: string | undefined,
): { accountId: string; name: string } | undefined {
  const match = /^arn:aws:iam::(\d{12}):role\/([\w+=,.@-]{1,64})$/.exec(
    arn ?? '',
  );
  return match ? { accountId: match[1], name: match[2] } : undefined;
}

/** `arn:aws:iam::<account>:role/<name>` */
export const roleArn = (role: Pick<RoleRecord, 'accountId' | 'name'>) =>
  `arn:aws:iam::${role.accountId}:role/${role.name}`;

/** A role with documents; the world's older roles have none and are only names. */
export function findRole(
  records: AwsRecords,
  accountId: string,
  name: string | undefined,
): RoleRecord | undefined {
  return records.roles?.find(
    role => role.accountId === accountId && role.name === name,
  );
}

/**
 * Makes a role, or puts other documents into it.
 * @throws AwsError MalformedPolicyDocument
 */
export function putRole(records: AwsRecords, role: RoleRecord): void {
  readTrust(role.trust);
  readRolePolicy(role.policy);
  const known = findRole(records, role.accountId, role.name);
  if (!known) {
    records.roles = [...(records.roles ?? []), role];
    return;
  }
  const { trust, policy, tags } = role;
  Object.assign(known, { trust, policy, tags });
}

/** Whether the policy of the role allows all of it. */
export const roleMay = (
  role: RoleRecord,
  asked: {
    action: string;
    resources: readonly string[];
    context?: Record<string, string>;
  },
): boolean => {
  const allows = readRolePolicy(role.policy);
  const { action, resources, context = {} } = asked;
  return resources.every(resource => allows({ action, resource, context }));
};

/** AWS's sentence for what no policy allows. */
export const accessDenied = (
  principal: { arn: string },
  action: string,
  resource: string,
  policy: 'identity-based' | 'session' = 'identity-based',
): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} because no ${policy} policy allows the ${action} action`,
  );
