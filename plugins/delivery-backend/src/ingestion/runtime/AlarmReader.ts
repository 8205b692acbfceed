import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import { parallel } from '../parallel';
import { accountKeyOf, type Cluster } from './clusters';
import type { ClusterPauses } from './ClusterPauses';
import { toFailure, within } from './problems';

const EVERY = 5;
const TIMEOUT_MS = 20_000;

/** What it works with. */
export interface AlarmReaderOptions {
  store: Pick<
    EnvironmentStore,
    'alarmNames' | 'applyRuntime' | 'runtimeReadStates'
  >;
  pauses: ClusterPauses;
  logger: LoggerService;
  clock: () => number;
  onChanged?: (runtimeKeys: string[]) => void;
  clusterTimeoutMs?: number;
}

/** Reads the alarms that services of an account name, in every fifth tick. */
export class AlarmReader {
  readonly #options: AlarmReaderOptions;
  readonly #ticks = new Map<string, number>();

  constructor(options: AlarmReaderOptions) {
    this.#options = options;
  }

  async tick(clusters: Cluster[], signal: AbortSignal): Promise<void> {
    await this.now(
      clusters.filter((cluster, index) => {
        const key = accountKeyOf(cluster);
        const first = clusters.findIndex(item => accountKeyOf(item) === key);
        if (first !== index) return false;
        const tick = this.#ticks.get(key) ?? 0;
        this.#ticks.set(key, tick + 1);
        return tick % EVERY === 0;
      }),
      signal,
    );
  }

  /** Alarms of the accounts of these clusters. */
  async now(clusters: Cluster[], signal: AbortSignal): Promise<void> {
    const { pauses } = this.#options;
    const accounts = new Map(
      clusters.map(cluster => [accountKeyOf(cluster), cluster]),
    );
    await parallel([...accounts], signal, async ([key, cluster]) => {
      if (pauses.of(key) ?? pauses.of(`${key} alarms`)) return;
      await this.#read(key, cluster, signal);
    });
  }

  async #read(key: string, cluster: Cluster, signal: AbortSignal) {
    const { store, pauses, logger, clock, onChanged } = this.#options;
    const { accountId, region } = cluster.scope;
    const scope = { accountId, region };
    try {
      const names = await store.alarmNames(scope);
      if (names.length === 0) return;
      const at = clock();
      const fact = await within(
        this.#options.clusterTimeoutMs ?? TIMEOUT_MS,
        signal,
        each => cluster.provider.readAlarms(scope, names, each),
      );
      const changed = await store.applyRuntime([{ at, fact }]);
      pauses.succeeded(`${key} alarms`);
      if (changed.length > 0) onChanged?.(changed);
    } catch (error) {
      if (signal.aborted) return;
      const failure = toFailure(error, `The alarms of account ${accountId}`);
      pauses.failed(`${key} alarms`, failure);
      logger.warn(`Alarms could not be read: ${failure.message}`, {
        account: key,
      });
    }
  }
}
