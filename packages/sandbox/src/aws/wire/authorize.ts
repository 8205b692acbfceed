import { AwsError } from '../cloud';
import { AwsRecords } from '../records';
import { AwsService, Operation, Principal } from './operation';
import { nameOf } from './protocol/shapes';

const READ_ONLY_ROLE = 'delivery-read';

/** AWS's sentence for what a policy does not allow. */
export const accessDenied = (
  principal: Principal,
  action: string,
  resource: string,
): AwsError =>
  new AwsError(
    'AccessDeniedException',
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );

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

/**
 * @param resource - ARN the call is about, `*` when unknown
 * @throws AwsError AccessDeniedException
 */
export function authorize(
  records: AwsRecords,
  principal: Principal,
  service: AwsService,
  operation: Operation,
  resource: string,
  now: number,
): void {
  const action = `${service.name}:${nameOf(operation.shape)}`;
  // AWS tells everybody who they are, whatever the policies say
  if (action === 'sts:GetCallerIdentity') return;
  const readOnly = principal.role === READ_ONLY_ROLE && operation.acts;
  if (
    readOnly ||
    hasFault(records, principal.accountId, 'access-denied', now)
  ) {
    throw accessDenied(principal, action, resource);
  }
}
