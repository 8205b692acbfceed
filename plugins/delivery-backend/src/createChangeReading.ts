import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryConfig } from './config';
import type { ChangeStore } from './database/ChangeStore';
import type { DeliveryStore } from './database/DeliveryStore';
import type { BudgetGovernor } from './ingestion/BudgetGovernor';
import { ChangeReader } from './ingestion/ChangeReader';
import { laterByTimer } from './ingestion/laterByTimer';
import { CHANGES_TASK } from './scheduleTasks';
import type { DoraKeeper } from './services/dora/DoraKeeper';

/** Many services say at a start what they want; one read serves them. */
const SOON_MS = 3_000;

/** Makes what reads changes and incidents for the metrics, and joins it with what derives them. */
export function createChangeReading(options: {
  config: DeliveryConfig;
  store: DeliveryStore;
  changes: ChangeStore;
  providers: DeliveryProvider[];
  governor: BudgetGovernor;
  keeper: DoraKeeper;
  scheduler: SchedulerService;
  logger: LoggerService;
  now: () => number;
}): ChangeReader {
  const { config, keeper, scheduler, now } = options;
  const reader = new ChangeReader({
    ...options,
    labels: { incident: config.dora.incidentLabels },
    mode: config.ingestionMode,
    clock: now,
  });
  let soon: { cancel(): void } | undefined;
  keeper.onWanted((repository, service, wanted) => {
    reader.want(repository, service, wanted);
    soon ??= laterByTimer(SOON_MS, () => {
      soon = undefined;
      scheduler.triggerTask(CHANGES_TASK).catch(() => {});
    });
  });
  reader.onChanged(repoKey => {
    keeper.changesRead(repoKey);
  });
  return reader;
}
