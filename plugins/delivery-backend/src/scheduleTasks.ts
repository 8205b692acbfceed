import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { DeliveryConfig } from './config';
import type { Reconciler } from './ingestion/Reconciler';
import type { EntityIndex } from './services/EntityIndex';

/** Id of the task that walks repositories; triggered early when a service gets one. */
export const RECONCILE_TASK = 'delivery-reconcile';

/** What runs on schedule, each on one replica at a time. */
export async function scheduleTasks(options: {
  scheduler: SchedulerService;
  config: DeliveryConfig;
  index: EntityIndex;
  reconciler: Reconciler;
  signal: AbortSignal;
}): Promise<void> {
  const { scheduler, config, index, reconciler, signal } = options;
  const task = (
    id: string,
    frequency: Parameters<SchedulerService['scheduleTask']>[0]['frequency'],
    fn: (signal: AbortSignal) => Promise<unknown>,
  ) =>
    scheduler.scheduleTask({
      id,
      frequency,
      timeout: { minutes: 10 },
      scope: 'global',
      fn: async taskSignal => {
        if (!signal.aborted) await fn(AbortSignal.any([taskSignal, signal]));
      },
    });
  await task('delivery-entity-index', config.schedule.catalog, each =>
    index.refresh(each),
  );
  await task(RECONCILE_TASK, config.schedule.reconcile, each =>
    reconciler.tick(each),
  );
  await task('delivery-retention', { hours: 24 }, () => reconciler.prune());
  if (config.ingestionMode === 'poll') {
    await task('delivery-poll', { seconds: 15 }, each => reconciler.poll(each));
  }
}
