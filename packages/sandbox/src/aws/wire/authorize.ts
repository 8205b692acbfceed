import { accessDenied, findRole, roleMay } from '../iam/roles';
import { AwsRecords } from '../records';
import { Operation, Principal } from './operation';
import { readPolicy } from './policy';

const READ_ONLY_ROLE = 'delivery-read';
/** Its trust policy asks for a source identity: nobody acts without a name. */
export const ACTING_ROLE = 'delivery-act';

const ACTING_ACTIONS = new Set(
  [
    'UpdateService',
    'StopServiceDeployment',
    'ContinueServiceDeployment',
    'DescribeServices',
    'DescribeTaskDefinition',
  ].map(name => `ecs:${name}`),
);

/** What somebody wants to do. */
export interface Asked {
  operation: Operation;
  /** `ecs:UpdateService` */
  action: string;
  /** ARNs it is about, `*` for none in particular. */
  resources: string[];
  /** Values of condition keys. */
  context: Record<string, string>;
}

export function hasFault(
  records: AwsRecords,
  accountId: string,
  kind: AwsRecords['faults'][number]['kind'],
  now: number,
): boolean {
  return records.faults.some(
    fault =>
      fault.kind === kind &&
      fault.accountId === accountId &&
      (fault.until === null || fault.until > now),
  );
}

/** Whether the policies of the role allow it. Roles without a policy that are not the portal's may do everything. */
function roleAllows(
  records: AwsRecords,
  { role, accountId }: Principal,
  asked: Asked,
): boolean {
  const documented = findRole(records, accountId, role);
  if (documented) return roleMay(documented, asked);
  if (role === READ_ONLY_ROLE) return !asked.operation.acts;
  if (role === ACTING_ROLE) return ACTING_ACTIONS.has(asked.action);
  return true;
}

/** Whether the session was given this when it was made; a session without a policy has all its role has. */
function sessionAllows({ session }: Principal, asked: Asked): boolean {
  if (session?.policy === undefined) return true;
  const allows = readPolicy(session.policy);
  const { action, resources, context } = asked;
  return resources.every(resource => allows({ action, resource, context }));
}

/** @throws AwsError AccessDeniedException */
export function authorize(
  records: AwsRecords,
  principal: Principal,
  asked: Asked,
  now: number,
): void {
  // AWS tells everybody who they are, whatever the policies say
  if (asked.action === 'sts:GetCallerIdentity') return;
  const { action, resources } = asked;
  const resource = resources.length === 1 ? resources[0] : '*';
  const misbehaves = hasFault(
    records,
    principal.accountId,
    'access-denied',
    now,
  );
  if (misbehaves || !roleAllows(records, principal, asked)) {
    throw accessDenied(principal, action, resource);
  }
  if (!sessionAllows(principal, asked)) {
    throw accessDenied(principal, action, resource, 'session');
  }
}
