import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { Config } from '@backstage/config';
import type { EventsService } from '@backstage/plugin-events-node';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryConfig } from './config';
import type { EnvironmentStore } from './database/EnvironmentStore';
import { RuntimeCalls } from './ingestion/runtime/RuntimeCalls';
import { RuntimeDiscovery } from './ingestion/RuntimeDiscovery';
import { runtimeHintsFromEvents } from './ingestion/runtimeHintsFromEvents';
import { RuntimeReader } from './ingestion/RuntimeReader';
import { StackReader } from './ingestion/StackReader';
import { loadEcsProvider } from './loadEcsProvider';
import { laterByTimer } from './ingestion/laterByTimer';
import { INDEX_TASK, STACKS_TASK } from './scheduleTasks';

/** Where nothing is configured but a module adds a runtime. */
const DEFAULTS = { steadyMs: 60_000, movingMs: 10_000 };

const STACKS_SOON_MS = 3_000;

/** What reads runtimes, and what it tells. */
export interface Runtime {
  reader: RuntimeReader;
  discoveries: RuntimeDiscovery[];
  stacks: StackReader[];
  /** Told the keys of services of which something is different. */
  onChanged(listener: (runtimeKeys: string[]) => void): void;
  /** Told the services whose infrastructure reads differently. */
  onStacksChanged(listener: (entityRefs: string[]) => void): void;
}

/** Makes what reads runtimes; undefined when none is configured and no module added one: then nothing of it is even loaded. */
export async function createRuntime(options: {
  config: DeliveryConfig;
  rootConfig: Config;
  runtimeProviders: RuntimeProvider[];
  addRuntimeProvider: (provider: RuntimeProvider) => void;
  environments: EnvironmentStore;
  events: EventsService;
  scheduler: SchedulerService;
  metrics: MetricsService;
  logger: LoggerService;
  now: () => number;
}): Promise<Runtime | undefined> {
  const { config, runtimeProviders, environments, logger, now } = options;
  if (config.ecs) {
    const { createEcsProvider, ecsCredentials } = await loadEcsProvider();
    options.addRuntimeProvider(
      createEcsProvider({
        ...{ credentials: ecsCredentials(options.rootConfig), logger },
        ...{ clock: now, onCall: countedBy(options.metrics).add },
        actRoleName: config.ecs.actRoleName,
      }),
    );
  }
  if (runtimeProviders.length === 0) return undefined;
  const listeners: ((runtimeKeys: string[]) => void)[] = [];
  const stackListeners: ((entityRefs: string[]) => void)[] = [];
  const common = { store: environments, logger, clock: now };
  let soon: { cancel(): void } | undefined;
  // Many services name theirs within a moment of the start.
  const readStacksSoon = () => {
    soon ??= laterByTimer(STACKS_SOON_MS, () => {
      soon = undefined;
      options.scheduler.triggerTask(STACKS_TASK).catch(() => {});
    });
  };
  const reader = new RuntimeReader({
    ...common,
    ...(config.ecs ?? DEFAULTS),
    providers: runtimeProviders,
    onChanged: keys => listeners.forEach(listener => listener(keys)),
  });
  await runtimeHintsFromEvents({
    ...{ events: options.events, providers: runtimeProviders },
    ...{ reader, logger, now },
  });
  return {
    reader,
    onChanged: listener => listeners.push(listener),
    onStacksChanged: listener => stackListeners.push(listener),
    stacks: runtimeProviders
      .filter(provider => provider.readStackDrift)
      .map(
        provider =>
          new StackReader({
            ...{ ...common, provider },
            onNew: readStacksSoon,
            onChanged: refs => stackListeners.forEach(tell => tell(refs)),
          }),
      ),
    discoveries: runtimeProviders
      .filter(provider => provider.id === 'ecs')
      .map(
        provider =>
          new RuntimeDiscovery({
            ...{ ...common, provider, sets: config.environmentSets },
            onDiscovered: () => {
              options.scheduler.triggerTask(INDEX_TASK).catch(() => {});
            },
          }),
      ),
  };
}

function countedBy(metrics: MetricsService): RuntimeCalls {
  const counter = metrics.createCounter('delivery.runtime.calls', {
    description: 'Calls to runtimes such as Amazon ECS',
    unit: '{call}',
  });
  return new RuntimeCalls(({ operation, accountId, region }) =>
    counter.add(1, { operation, account: accountId, region }),
  );
}
