import type {
  AuditorService,
  AuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Finding } from 'backstage-plugin-delivery-common';
import {
  configuredEnvironmentOf,
  DEFAULT_POLICY,
} from 'backstage-plugin-delivery-common/domain';
import type {
  DeliveryProvider,
  IdentityResolver,
  RuntimeProvider,
} from 'backstage-plugin-delivery-node';
import type { DeliveryConfig } from '../config';
import type { ApprovalStore, OperationRow } from '../database/ApprovalStore';
import type { AuditStore } from '../database/AuditStore';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { RepositoryRow } from '../database/rows';
import type { Access } from './Access';
import { ActAccess } from './acts/ActAccess';
import { CatalogIdentities } from './acts/CatalogIdentities';
import { createActRunner } from './acts/createActRunner';
import { Decisions } from './acts/Decisions';
import { DispatchOptionsReader } from './acts/DispatchOptionsReader';
import { Operations } from './acts/Operations';
import { PersonIdentity } from './acts/PersonIdentity';
import type { Decided } from './acts/recordDecision';
import { RunActs } from './acts/RunActs';
import type { Pause } from './acts/vendorRefs';
import { tellOwners } from './approvals/tellOwners';
import { AuditViews } from './auditing/AuditViews';
import { createAuditLog } from './auditing/createAuditLog';
import type { ChangeFeed } from './ChangeFeed';
import { createApprovalServices } from './createApprovalServices';
import type { EntityIndex } from './EntityIndex';
import type { Later } from './EntityQueue';
import { RollbackService } from './rollback/RollbackService';
import { settleRollback } from './rollback/settleRollback';
import type { RunAccess } from './RunAccess';
import type { RunGaps } from './RunGaps';
import type { WorkflowFiles } from './WorkflowFiles';

/** What acting in people's names is made of. */
export interface ActDependencies {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  logger: LoggerService;
  permissions: PermissionsService;
  notifications?: NotificationService;
  config: DeliveryConfig;
  store: DeliveryStore;
  environments: EnvironmentStore;
  approvals: ApprovalStore;
  auditStore: AuditStore;
  access: Access;
  runAccess: RunAccess;
  feed: ChangeFeed;
  files: WorkflowFiles;
  gaps: RunGaps;
  index: EntityIndex;
  providerOf: (host: string) => DeliveryProvider | undefined;
  runtimeProviders: RuntimeProvider[];
  /** Absent: accounts are looked for in the catalog. */
  identityResolver?: IdentityResolver;
  later: Later;
  pause: Pause;
  now: () => number;
}

/** Told of things that the portal should read soon. */
export interface ActListeners {
  /** Something was done about a repository, or one of its runs. */
  onActed(
    listener: (acted: { repository: RepositoryRow; runKey?: string }) => void,
  ): void;
  /** A service of a runtime was told to do something. */
  onRuntimeActed(listener: (runtimeKey: string) => void): void;
}

/** Makes what acts in people's names, in the order the parts need each other. */
export function createActServices(deps: ActDependencies) {
  const { approvals, auditStore, config, feed, logger } = deps;
  const acted: Parameters<ActListeners['onActed']>[0][] = [];
  const runtimeActed: Parameters<ActListeners['onRuntimeActed']>[0][] = [];
  const key = config.auditKey;
  const audit = createAuditLog({ ...deps, store: auditStore, key });
  const actAccess = new ActAccess({
    ...{ ...deps, audit },
    permissionsEnabled: config.permissionsEnabled,
  });
  const identities =
    deps.identityResolver ??
    new CatalogIdentities({ ...deps, identity: config.identity });
  const ofApprovals = createApprovalServices({
    ...deps,
    ...{ actAccess, audit, identities },
  });
  const { approvalKeeper, evidence, gateFacts } = ofApprovals;
  const onChanged = ({ entityRef }: OperationRow) =>
    feed.environments([entityRef]);
  const onDecided = (decided: Decided) => {
    approvalKeeper
      .decided(decided)
      .catch(error =>
        logger.warn('A decision could not be told', { reason: String(error) }),
      );
  };
  const onBreakGlass = (finding: Finding) => tellOwners(deps, finding);
  const runner = createActRunner({
    ...{ ...deps, audit, onChanged },
    store: approvals,
  });
  const common = {
    ...{ ...deps, runner, onBreakGlass },
    access: actAccess,
    identity: new PersonIdentity({ ...deps, resolver: identities }),
  };
  const rollbackOptions = {
    ...common,
    environmentSets: config.environmentSets,
    onStarted: (event: { repository: RepositoryRow; runKey?: string }) =>
      acted.forEach(listener => listener(event)),
    onActed: (runtimeKey: string) =>
      runtimeActed.forEach(listener => listener(runtimeKey)),
  };
  const settle = (row: OperationRow, signal: AbortSignal) =>
    settleRollback(rollbackOptions, row, signal);
  const listeners: ActListeners = {
    onActed: listener => acted.push(listener),
    onRuntimeActed: listener => runtimeActed.push(listener),
  };
  return {
    ...ofApprovals,
    ...listeners,
    actAccess,
    audit,
    actRunner: runner,
    auditViews: new AuditViews({ ...deps, store: auditStore, audit, key }),
    decisions: new Decisions({
      ...common,
      onDecided,
      facts: gateFacts,
      evidence: facts => evidence.of(facts),
      seenView: viewHash => gateFacts.seenView(viewHash),
    }),
    dispatchOptions: new DispatchOptionsReader(deps),
    operations: new Operations({
      ...{ ...deps, audit, onChanged, onDecided },
      settlers: { rollback: settle, emergency_rollback: settle },
    }),
    rollback: new RollbackService(rollbackOptions),
    runActs: new RunActs({
      ...common,
      policyOf: (entity: Entity, environment: string | undefined) =>
        (environment !== undefined &&
          configuredEnvironmentOf(entity, config.environmentSets, environment)
            ?.policy) ||
        DEFAULT_POLICY,
      onActed: event => acted.forEach(listener => listener(event)),
    }),
  };
}
