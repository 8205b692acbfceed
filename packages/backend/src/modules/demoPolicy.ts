import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isPermission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { deliveryLogReadPermission } from 'backstage-plugin-delivery-common';

const GUEST = 'user:development/guest';

/**
 * Policy of the demo portal: everybody reads, a guest changes nothing and sees no logs (logs can hold what code prints).
 */
export class DemoPolicy implements PermissionPolicy {
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const guest = !user || user.info.userEntityRef === GUEST;
    const reads = request.permission.attributes.action === 'read';
    if (guest && !reads) return { result: AuthorizeResult.DENY };
    if (guest && isPermission(request.permission, deliveryLogReadPermission)) {
      return { result: AuthorizeResult.DENY };
    }
    return { result: AuthorizeResult.ALLOW };
  }
}

export default createBackendModule({
  pluginId: 'permission',
  moduleId: 'demo-policy',
  register(reg) {
    reg.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(new DemoPolicy());
      },
    });
  },
});
