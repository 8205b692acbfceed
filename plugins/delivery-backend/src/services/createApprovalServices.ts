import type {
  AuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type {
  DeliveryProvider,
  IdentityResolver,
} from 'backstage-plugin-delivery-node';
import type { DeliveryConfig } from '../config';
import type { ApprovalStore } from '../database/ApprovalStore';
import type { AuditStore } from '../database/AuditStore';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { Access } from './Access';
import type { ActAccess } from './acts/ActAccess';
import { AccountDirectory } from './approvals/AccountDirectory';
import { ApprovalDetails } from './approvals/ApprovalDetails';
import { ApprovalKeeper } from './approvals/ApprovalKeeper';
import { ApprovalNotices } from './approvals/ApprovalNotices';
import { ApprovalSubjects } from './approvals/ApprovalSubjects';
import { ApprovalSummaries } from './approvals/ApprovalSummaries';
import { ApprovalViews } from './approvals/ApprovalViews';
import { Callers } from './approvals/Callers';
import { EvidenceReader } from './approvals/EvidenceReader';
import { GateCandidates } from './approvals/GateCandidates';
import { GateDecisions } from './approvals/GateDecisions';
import { VendorGateFacts } from './approvals/VendorGateFacts';
import type { AuditLog } from './auditing/AuditLog';
import type { ChangeFeed } from './ChangeFeed';
import type { Later } from './EntityQueue';
import { FindingKeeper } from './findings/FindingKeeper';
import { FindingViews } from './findings/FindingViews';
import type { RunAccess } from './RunAccess';
import type { RunGaps } from './RunGaps';
import { VisibleServices } from './VisibleServices';

/** What approvals and findings are made of. */
export interface ApprovalDependencies {
  auth: AuthService;
  catalog: CatalogService;
  logger: LoggerService;
  permissions: PermissionsService;
  /** Absent: the portal has no notifications. */
  notifications?: NotificationService;
  config: DeliveryConfig;
  store: DeliveryStore;
  environments: EnvironmentStore;
  approvals: ApprovalStore;
  auditStore: AuditStore;
  access: Access;
  runAccess: RunAccess;
  actAccess: ActAccess;
  audit: AuditLog;
  feed: ChangeFeed;
  gaps: RunGaps;
  identities: IdentityResolver;
  providerOf: (host: string) => DeliveryProvider | undefined;
  later: Later;
  now: () => number;
}

/** Makes what keeps and shows approvals and findings, in the order they need each other. */
export function createApprovalServices(deps: ApprovalDependencies) {
  const { store, feed, config } = deps;
  const directory = new AccountDirectory(deps);
  const subjects = new ApprovalSubjects(deps);
  const decisions = new GateDecisions(deps);
  const candidates = new GateCandidates({ ...deps, directory });
  const notices = new ApprovalNotices({ ...deps, directory });
  const evidence = new EvidenceReader(deps);
  const visible = new VisibleServices(deps);
  const summaries = new ApprovalSummaries({ store, subjects, directory });
  const gateFacts = new VendorGateFacts({
    ...deps,
    subjects,
    sets: config.environmentSets,
  });
  return {
    directory,
    evidence,
    gateFacts,
    approvalKeeper: new ApprovalKeeper({
      ...deps,
      ...{ candidates, decisions, directory, notices, subjects },
      announce: entityRefs => feed.environments(entityRefs),
    }),
    approvalViews: new ApprovalViews({
      ...deps,
      ...{ directory, summaries, visible },
      callers: new Callers(deps),
      details: new ApprovalDetails({
        ...deps,
        ...{ candidates, evidence, facts: gateFacts },
      }),
    }),
    findingKeeper: new FindingKeeper({
      ...deps,
      decisions,
      audit: deps.auditStore,
    }),
    findingViews: new FindingViews({ ...deps, directory, visible }),
  };
}
