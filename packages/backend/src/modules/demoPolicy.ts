import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { decideDelivery } from 'backstage-plugin-delivery-node';

const GUEST = 'user:development/guest';

/** Who may do what no owner may by that alone. */
const NAMED = {
  breakGlass: ['group:default/platform', 'user:default/cleo'],
  auditors: ['group:default/audit'],
};

/**
 * Policy of the demo portal: everybody reads, a guest changes nothing and sees no logs (logs can hold what code prints), owners act on
 * their services.
 */
export class DemoPolicy implements PermissionPolicy {
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const guest = !user || user.info.userEntityRef === GUEST;
    const decision = decideDelivery(request, guest ? undefined : user, NAMED);
    if (decision) return decision;
    const reads = request.permission.attributes.action === 'read';
    return {
      result: guest && !reads ? AuthorizeResult.DENY : AuthorizeResult.ALLOW,
    };
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
