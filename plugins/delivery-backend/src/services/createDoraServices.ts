import type {
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { DeliveryConfig } from '../config';
import type { ChangeStore } from '../database/ChangeStore';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { DoraStore } from '../database/DoraStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { Access } from './Access';
import type { ActAccess } from './acts/ActAccess';
import type { AuditLog } from './auditing/AuditLog';
import type { CallerServices } from './CallerServices';
import type { ChangeFeed } from './ChangeFeed';
import { DoraFactsReader } from './dora/DoraFactsReader';
import { DoraKeeper } from './dora/DoraKeeper';
import { DoraOverrides } from './dora/DoraOverrides';
import { DoraReports } from './dora/DoraReports';
import { DoraRowLists } from './dora/DoraRowLists';
import { DoraScopes } from './dora/DoraScopes';
import { DoraViews } from './dora/DoraViews';
import type { Later } from './EntityQueue';

/** What the metrics are made of. */
export interface DoraDependencies {
  catalog: CatalogService;
  permissions: PermissionsService;
  logger: LoggerService;
  config: DeliveryConfig;
  store: DeliveryStore;
  environments: EnvironmentStore;
  changes: ChangeStore;
  dora: DoraStore;
  reports: DoraReports;
  access: Access;
  actAccess: ActAccess;
  audit: AuditLog;
  callerServices: CallerServices;
  feed: ChangeFeed;
  later: Later;
  now: () => number;
}

/** Makes what derives the metrics and tells of them, in the order the parts need each other. */
export function createDoraServices(deps: DoraDependencies) {
  const { config, dora } = deps;
  const { settings, incidentLabels } = config.dora;
  const facts = new DoraFactsReader({ ...deps, settings });
  const doraKeeper = new DoraKeeper({ ...deps, facts, settings });
  const scopes = new DoraScopes({ ...deps, dora });
  const rowLists = new DoraRowLists({ ...deps, settings });
  return {
    doraKeeper,
    doraOverrides: new DoraOverrides({
      ...{ ...deps, access: deps.actAccess },
      keeper: doraKeeper,
    }),
    doraViews: new DoraViews({
      ...{ ...deps, scopes, rowLists, settings, incidentLabels },
      keeper: doraKeeper,
      permissionsEnabled: config.permissionsEnabled,
    }),
  };
}
