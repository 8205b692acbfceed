import { setTimeout } from 'node:timers/promises';
import type { SchedulerService } from '@backstage/backend-plugin-api';
import type { DeliveryConfig } from './config';
import type { ChangeReader } from './ingestion/ChangeReader';
import type { ConformanceReader } from './ingestion/ConformanceReader';
import type { Reconciler } from './ingestion/Reconciler';
import type { RuntimeDiscovery } from './ingestion/RuntimeDiscovery';
import type { RuntimeReader } from './ingestion/RuntimeReader';
import type { StackReader } from './ingestion/StackReader';
import type { EntityIndex } from './services/EntityIndex';
import type { Operations } from './services/acts/Operations';
import type { ApprovalKeeper } from './services/approvals/ApprovalKeeper';
import type { DoraKeeper } from './services/dora/DoraKeeper';
import type { EnvironmentKeeper } from './services/EnvironmentKeeper';
import type { FindingKeeper } from './services/findings/FindingKeeper';

/** Id of the task that walks repositories; triggered early when a service gets one. */
export const RECONCILE_TASK = 'delivery-reconcile';
/** Id of the task that reads the catalog; triggered early when a runtime shows services that may be somebody's. */
export const INDEX_TASK = 'delivery-entity-index';
/** Id of the task that reads runtimes; triggered early when a service gets an environment. */
export const RUNTIME_TASK = 'delivery-runtime';
/** Id of the task that reads the drift of stacks; triggered early when an environment names a new one. */
export const STACKS_TASK = 'delivery-stacks';
/** Id of the task that finds out how acts ended and what waits. */
export const APPROVALS_TASK = 'delivery-approvals';

/** Id of the task that reads changes and incidents; triggered early when a service wants some. */
export const CHANGES_TASK = 'delivery-changes';

/** Id of the task that reads workflow files and settings; triggered early when a service gets a repository. */
export const CONFORMANCE_TASK = 'delivery-conformance';

const TICK_MS = 10_000;

/** What runs on schedule, each on one replica at a time. */
export async function scheduleTasks(options: {
  scheduler: SchedulerService;
  config: DeliveryConfig;
  index: Pick<EntityIndex, 'refresh'>;
  reconciler: Reconciler;
  keeper: Pick<EnvironmentKeeper, 'rolling'>;
  approvalKeeper: Pick<ApprovalKeeper, 'sweep'>;
  findingKeeper: Pick<FindingKeeper, 'sweep'>;
  operations: Pick<Operations, 'settle'>;
  changeReader: Pick<ChangeReader, 'tick'>;
  doraKeeper: Pick<DoraKeeper, 'sweep'>;
  conformanceReader: Pick<ConformanceReader, 'tick'>;
  /** Absent: no runtime is read. */
  runtime?: {
    reader: Pick<RuntimeReader, 'tick' | 'moves'>;
    discoveries: Pick<RuntimeDiscovery, 'tick'>[];
    stacks: Pick<StackReader, 'tick'>[];
  };
  signal: AbortSignal;
}): Promise<void> {
  const { scheduler, config, index, reconciler, signal, runtime } = options;
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
  await task(INDEX_TASK, config.schedule.catalog, each => index.refresh(each));
  await task(RECONCILE_TASK, config.schedule.reconcile, each =>
    reconciler.tick(each),
  );
  await task('delivery-retention', { hours: 24 }, () => reconciler.prune());
  await task('delivery-environments', { minutes: 1 }, () =>
    options.keeper.rolling(),
  );
  await task(APPROVALS_TASK, { minutes: 1 }, async each => {
    await options.operations.settle(each);
    await options.approvalKeeper.sweep(each);
  });
  await task('delivery-findings', { minutes: 10 }, each =>
    options.findingKeeper.sweep(each),
  );
  await task(CHANGES_TASK, { minutes: 1 }, each =>
    options.changeReader.tick(each),
  );
  await task('delivery-dora', { minutes: 1 }, each =>
    options.doraKeeper.sweep(each),
  );
  await task(CONFORMANCE_TASK, { minutes: 1 }, each =>
    options.conformanceReader.tick(each),
  );
  if (runtime) {
    const { movingMs = TICK_MS, discoveryMs = 60 * TICK_MS } = config.ecs ?? {};
    const frequency = { milliseconds: Math.min(TICK_MS, movingMs) };
    await task(RUNTIME_TASK, frequency, each =>
      readWhileMoving(runtime.reader, movingMs, each),
    );
    await task(
      'delivery-runtime-discovery',
      { milliseconds: discoveryMs },
      each => Promise.all(runtime.discoveries.map(item => item.tick(each))),
    );
    await task(STACKS_TASK, { minutes: 5 }, each =>
      Promise.all(runtime.stacks.map(item => item.tick(each))),
    );
  }
  if (config.ingestionMode === 'poll') {
    await task('delivery-poll', { seconds: 15 }, each => reconciler.poll(each));
  }
}

/**
 * The scheduler looks for work every few seconds only. Where somebody wants to see what moves more often than that, one task goes on for
 * as long as a tick may take.
 */
async function readWhileMoving(
  reader: Pick<RuntimeReader, 'tick' | 'moves'>,
  movingMs: number,
  signal: AbortSignal,
): Promise<void> {
  const again = Math.floor(TICK_MS / movingMs);
  await reader.tick(signal);
  for (let round = 1; round < again && reader.moves; round += 1) {
    await setTimeout(movingMs, undefined, { signal, ref: false });
    await reader.tick(signal);
  }
}
