import type {
  AuditorService,
  AuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type {
  DeliveryProvider,
  IdentityResolver,
  RuntimeProvider,
} from 'backstage-plugin-delivery-node';
import type { DeliveryConfig } from '../config';
import type { ApprovalStore } from '../database/ApprovalStore';
import type { AuditStore } from '../database/AuditStore';
import type { ChangeStore } from '../database/ChangeStore';
import type { ConformanceStore } from '../database/ConformanceStore';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { DoraStore } from '../database/DoraStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { Access } from './Access';
import type { Pause } from './acts/vendorRefs';
import { Artifacts } from './Artifacts';
import { ChangeFeed } from './ChangeFeed';
import { createActServices } from './createActServices';
import { createConformanceServices } from './createConformanceServices';
import { createDoraServices } from './createDoraServices';
import { createEnvironmentServices } from './createEnvironmentServices';
import { DoraReports } from './dora/DoraReports';
import { DoraTilesReader } from './dora/DoraTilesReader';
import { LastIncidents } from './dora/LastIncidents';
import { EntityIndex } from './EntityIndex';
import type { Later } from './EntityQueue';
import { EnvironmentIndex } from './EnvironmentIndex';
import { Expectations } from './Expectations';
import { IngestionView } from './IngestionView';
import { LogService } from './LogService';
import { RunAccess } from './RunAccess';
import { RunDetailService } from './RunDetailService';
import { MissingStrips } from './MissingStrips';
import { RunGaps } from './RunGaps';
import { RunGraphs } from './RunGraphs';
import { RunService } from './RunService';
import { StageKeeper } from './StageKeeper';
import { WorkflowFiles } from './WorkflowFiles';

/** The platform's services and the plugin's own parts that the services are made of. */
export interface ServiceDependencies {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  logger: LoggerService;
  permissions: PermissionsService;
  signals: SignalsService;
  notifications?: NotificationService;
  config: DeliveryConfig;
  store: DeliveryStore;
  environments: EnvironmentStore;
  approvals: ApprovalStore;
  auditStore: AuditStore;
  changes: ChangeStore;
  dora: DoraStore;
  conformance: ConformanceStore;
  providers: DeliveryProvider[];
  runtimeProviders: RuntimeProvider[];
  identityResolver?: IdentityResolver;
  channelSecret: string;
  now: () => number;
  later: Later;
  pause: Pause;
}

const MINUTE_MS = 60_000;
/** Without a confirmation for so long a page says that its news is delayed: two and a half rounds of the slowest repository. */
const DELAYED_AFTER_MS = {
  webhook: 15 * 60 * MINUTE_MS,
  events: 15 * 60 * MINUTE_MS,
  // Large portals poll idle repositories rarely, to stay within the vendor's budget.
  poll: 60 * MINUTE_MS,
};

/** Makes all services once, in the order they need each other. */
export function createServices(deps: ServiceDependencies) {
  const { catalog, config, logger, now, providers, store } = deps;
  const providerOf = (host: string) =>
    providers.find(provider => provider.hosts.includes(host));
  const feed = new ChangeFeed(deps);
  const environmentIndex = new EnvironmentIndex({
    store: deps.environments,
    sets: config.environmentSets,
    entityTag: config.ecs?.entityTag,
    logger,
  });
  const index = new EntityIndex({
    ...deps,
    environments: environmentIndex,
    hosts: [...new Set(providers.flatMap(provider => provider.hosts))],
    grants: config.grants,
  });
  index.onBound(entityRefs => feed.bound(entityRefs));
  const access = new Access({ catalog, permissions: deps.permissions, now });
  const ingestion = new IngestionView({
    store,
    mode: config.ingestionMode,
    delayedAfterMs: DELAYED_AFTER_MS[config.ingestionMode],
    now,
  });
  const expectations = new Expectations({ store, now });
  const files = new WorkflowFiles({ store, logger, providerOf, now });
  const graphs = new RunGraphs({ files });
  const common = { store, feed, logger, providerOf, now };
  const gaps = new RunGaps(common);
  const stages = new StageKeeper({ ...common, graphs });
  const views = { ...common, ingestion, expectations };
  const incidents = new LastIncidents(deps);
  const ofEnvironments = createEnvironmentServices({
    ...deps,
    ...{ feed, index, environmentIndex, incidents, providerOf },
  });
  const runAccess = new RunAccess({ store, access, index });
  const ofActs = createActServices({
    ...deps,
    ...{ access, feed, files, gaps, index, providerOf, runAccess },
  });
  const approvals = ofActs.approvalViews;
  const reports = new DoraReports({ ...deps, ...config.dora });
  const tiles = new DoraTilesReader({
    ...{ ...deps, reports },
    settings: config.dora.settings,
  });
  const ofDora = createDoraServices({
    ...deps,
    ...{ ...ofActs, access, feed, reports },
    callerServices: ofEnvironments.callerServices,
  });
  const ofConformance = createConformanceServices({
    ...deps,
    callerServices: ofEnvironments.callerServices,
    workflows: config.workflows,
  });
  ofConformance.conformanceKeeper.onDerived(refs => feed.metrics(refs));
  ofDora.doraKeeper.onDerived(entityRefs => {
    incidents.changed(entityRefs);
    tiles.changed(entityRefs);
    feed.metrics(entityRefs);
  });
  return {
    ...ofEnvironments,
    ...ofActs,
    ...ofDora,
    ...ofConformance,
    environmentIndex,
    access,
    feed,
    index,
    stages,
    runAccess,
    runs: new RunService({
      ...{ ...views, approvals, index, tiles },
      conformance: ofConformance.conformanceViews,
      environments: ofEnvironments.environmentService,
      strips: new MissingStrips({ ...common, gaps }),
    }),
    details: new RunDetailService({
      ...{ ...views, approvals },
      graphs,
      gaps,
      stages,
      artifacts: new Artifacts(common),
    }),
    logs: new LogService({
      ...common,
      auditor: deps.auditor,
      maxBytes: config.logMaxBytes,
    }),
  };
}
