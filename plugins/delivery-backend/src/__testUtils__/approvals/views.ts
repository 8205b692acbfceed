import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { MayAct } from 'backstage-plugin-delivery-common';
import {
  DEFAULT_POLICY,
  DEFAULT_SET,
} from 'backstage-plugin-delivery-common/domain';
import { Access } from '../../services/Access';
import { VisibleServices } from '../../services/VisibleServices';
import { ApprovalDetails } from '../../services/approvals/ApprovalDetails';
import { approvalIdOf } from '../../services/approvals/approvalIdOf';
import { ApprovalSummaries } from '../../services/approvals/ApprovalSummaries';
import { ApprovalViews } from '../../services/approvals/ApprovalViews';
import { Callers } from '../../services/approvals/Callers';
import { EvidenceReader } from '../../services/approvals/EvidenceReader';
import { VendorGateFacts } from '../../services/approvals/VendorGateFacts';
import { type Approvals, MINUTE, RUN } from './makeApprovals';

export const ID = approvalIdOf(RUN, 1, 'production');
export const as = (name: string) =>
  mockCredentials.user(`user:default/${name}`);
export const cleo = as('cleo');
const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
/** Everything but what `group:default/team` owns: nothing of these. */
export const OWNERS: PolicyDecision = {
  result: AuthorizeResult.CONDITIONAL,
  ...{ pluginId: 'catalog', resourceType: 'catalog-entity' },
  conditions: {
    ...{ rule: 'IS_ENTITY_OWNER', resourceType: 'catalog-entity' },
    params: { claims: ['group:default/others'] },
  },
};

/** What people see of these approvals, by default with every permission. */
export function views(
  world: Approvals,
  more: { decision?: PolicyDecision; may?: MayAct } = {},
) {
  const { decision = ALLOW, may = { allowed: true } } = more;
  const { approvals, catalog, environments, now, store } = world;
  const permissions = mockServices.permissions.mock({
    authorizeConditional: async requests => requests.map(() => decision),
  });
  const set = {
    ...DEFAULT_SET,
    environments: DEFAULT_SET.environments.map(item => ({
      ...item,
      policy: {
        ...DEFAULT_POLICY,
        soak: { environment: 'staging', ms: 10 * MINUTE },
        requiredChecks: ['unit'],
      },
    })),
  };
  const facts = new VendorGateFacts({ ...world, sets: [set] });
  const access = new Access({ catalog, permissions, now });
  const result = new ApprovalViews({
    ...{ approvals, access, directory: world.directory, now },
    visible: new VisibleServices({ catalog, permissions }),
    runAccess: {
      require: async (credentials, runKey, permission) => {
        const refs = await store.entitiesOfRun(runKey);
        const { allowed } = await access.sort(credentials, refs, permission);
        if (allowed.length === 0) throw new NotFoundError('no such run');
        return { services: refs } as never;
      },
    },
    actAccess: { may: async () => ({ decide: may } as never) },
    callers: new Callers(world),
    summaries: new ApprovalSummaries(world),
    details: new ApprovalDetails({
      ...world,
      ...{ facts, environments },
      evidence: new EvidenceReader(world),
      feed: { keyOf: ref => `key of ${ref}` },
    }),
  });
  return { views: result, facts, permissions };
}
