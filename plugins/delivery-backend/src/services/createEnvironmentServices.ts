import type {
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  DeliveryProvider,
  RuntimeProvider,
} from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { CallerServices } from './CallerServices';
import type { ChangeFeed } from './ChangeFeed';
import { CompareService } from './CompareService';
import { Comparisons } from './Comparisons';
import type { EntityIndex } from './EntityIndex';
import type { Later } from './EntityQueue';
import { EnvironmentFactsReader } from './EnvironmentFactsReader';
import type { EnvironmentIndex } from './EnvironmentIndex';
import { EnvironmentKeeper } from './EnvironmentKeeper';
import {
  EnvironmentService,
  type EnvironmentServiceOptions,
} from './EnvironmentService';
import { HealthReads } from './HealthReads';
import { HistoryService } from './HistoryService';
import { MatrixRows } from './MatrixRows';
import { MatrixService } from './MatrixService';
import { ReadTimes } from './ReadTimes';
import { ShortShas } from './ShortShas';
import { VisibleServices } from './VisibleServices';
import { WantedOnView } from './WantedOnView';

/** What the services of environments are made of. */
export interface EnvironmentDependencies {
  catalog: CatalogService;
  permissions: PermissionsService;
  logger: LoggerService;
  store: DeliveryStore;
  environments: EnvironmentStore;
  feed: ChangeFeed;
  index: EntityIndex;
  environmentIndex: EnvironmentIndex;
  runtimeProviders: RuntimeProvider[];
  providerOf: (host: string) => DeliveryProvider | undefined;
  /** Absent: nobody reads incidents. */
  incidents?: EnvironmentServiceOptions['incidents'];
  later: Later;
  now: () => number;
}

/** Makes the services that tell of environments, in the order they need each other. */
export function createEnvironmentServices(deps: EnvironmentDependencies) {
  const facts = new EnvironmentFactsReader(deps);
  const comparisons = new Comparisons({ ...deps, store: deps.environments });
  const keeper = new EnvironmentKeeper({
    ...deps,
    ...{ facts, comparisons },
    shortShas: new ShortShas({ ...deps, store: deps.environments }),
  });
  deps.environmentIndex.onBound(entityRefs => keeper.changed(entityRefs));
  const wantedOnView = new WantedOnView({
    ...deps,
    ...{ facts, comparisons, keeper },
  });
  const environmentService = new EnvironmentService({
    ...deps,
    readTimes: new ReadTimes(deps),
    health: new HealthReads(deps),
    hasRuntime: deps.runtimeProviders.length > 0,
  });
  environmentService.onView(entityRef => wantedOnView.wanted(entityRef));
  const callerServices = new CallerServices({
    visible: new VisibleServices(deps),
    now: deps.now,
  });
  return {
    callerServices,
    keeper,
    environmentFacts: facts,
    environmentService,
    history: new HistoryService(deps),
    compare: new CompareService({ ...deps, comparisons }),
    matrix: new MatrixService({
      visible: callerServices,
      rows: new MatrixRows(deps),
      now: deps.now,
    }),
  };
}
