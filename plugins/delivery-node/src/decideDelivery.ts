import {
  AuthorizeResult,
  isPermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  deliveryApprovalDecidePermission,
  deliveryAuditReadAllPermission,
  deliveryAuditReadPermission,
  deliveryBreakglassPermission,
  deliveryDeploymentRollbackPermission,
  deliveryDoraOverridePermission,
  deliveryLogReadPermission,
  deliveryRunCancelPermission,
  deliveryRunDispatchPermission,
  deliveryRunReadPermission,
  deliveryRunRerunPermission,
} from 'backstage-plugin-delivery-common';

/** Who owns the service, by a user's own refs. */
const OF_OWNERS = [
  deliveryRunRerunPermission,
  deliveryRunCancelPermission,
  deliveryRunDispatchPermission,
  deliveryApprovalDecidePermission,
  deliveryDeploymentRollbackPermission,
  deliveryDoraOverridePermission,
];
/** For everybody who is signed in. */
const OF_MEMBERS = [deliveryLogReadPermission];

/** Who may do what is nobody's by default. @public */
export interface DecideDeliveryOptions {
  /** Refs of users or groups that may act past the rules for production. Default: nobody. */
  breakGlass?: string[];
  /** Refs of users or groups that read the audit of everything. Default: nobody; owners read that of their services. */
  auditors?: string[];
}

const allow: PolicyDecision = { result: AuthorizeResult.ALLOW };
const deny: PolicyDecision = { result: AuthorizeResult.DENY };

/**
 * Decides about the permissions of Delivery, to be composed into the portal's own policy: everybody reads, members read logs, owners act,
 * auditors read the audit, and only those who are named may break the glass.
 *
 * @returns undefined for a permission of somebody else
 * @public
 */
export function decideDelivery(
  request: PolicyQuery,
  user: PolicyQueryUser | undefined,
  options: DecideDeliveryOptions = {},
): PolicyDecision | undefined {
  const { permission } = request;
  const refs = user?.info.ownershipEntityRefs ?? [];
  const isOneOf = (named: string[] = []) =>
    named.some(ref => refs.includes(ref));
  const is = (known: { name: string }) => known.name === permission.name;

  if (isPermission(permission, deliveryRunReadPermission)) return allow;
  if (OF_MEMBERS.some(is)) return user ? allow : deny;
  if (isPermission(permission, deliveryBreakglassPermission)) {
    return isOneOf(options.breakGlass) ? allow : deny;
  }
  if (isPermission(permission, deliveryAuditReadAllPermission)) {
    return isOneOf(options.auditors) ? allow : deny;
  }
  if (isPermission(permission, deliveryAuditReadPermission)) {
    return isOneOf(options.auditors) ? allow : ownersOnly(refs);
  }
  if (OF_OWNERS.some(is)) return ownersOnly(refs);
  return undefined;
}

function ownersOnly(refs: string[]): PolicyDecision {
  if (refs.length === 0) return deny;
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: 'catalog-entity',
    conditions: {
      rule: 'IS_ENTITY_OWNER',
      resourceType: 'catalog-entity',
      params: { claims: refs },
    },
  };
}
