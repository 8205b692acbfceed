import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  type ClusterScope,
  runtimeKeyOf,
} from 'backstage-plugin-delivery-common';
import type { EnvironmentSet } from 'backstage-plugin-delivery-common/domain';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import pLimit from 'p-limit';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { ClusterPauses } from './runtime/ClusterPauses';
import { clusterKeyOf } from './runtime/clusters';
import { toFailure, within } from './runtime/problems';

const PARALLEL = 4;
const CLUSTER_TIMEOUT_MS = 60_000;
/** A service that nobody has may get its tag later. */
const READ_AGAIN_MS = 15 * 60_000;

/** What discovery works with. */
export interface RuntimeDiscoveryOptions {
  store: Pick<
    EnvironmentStore,
    | 'applyRuntime'
    | 'boundRuntimes'
    | 'runtimeReadStates'
    | 'saveRuntimeReadStates'
  >;
  provider: RuntimeProvider;
  sets: EnvironmentSet[];
  logger: LoggerService;
  clock: () => number;
  /** Told when services were met that may carry a tag. */
  onDiscovered: () => void;
  clusterTimeoutMs?: number;
}

/**
 * Looks for services in the clusters of environments whose configuration names no service: which one is whose, its tag tells. Services
 * that are bound already are read anyway and cost nothing here.
 */
export class RuntimeDiscovery {
  readonly #options: RuntimeDiscoveryOptions;
  readonly #pauses: ClusterPauses;

  constructor(options: RuntimeDiscoveryOptions) {
    this.#options = options;
    this.#pauses = new ClusterPauses(options.clock);
  }

  /** ceil(n/100) calls a cluster, and ceil(n/10) for services that are not known yet. */
  async tick(signal: AbortSignal): Promise<void> {
    const { store, provider, clock, clusterTimeoutMs } = this.#options;
    const clusters = this.#clusters();
    if (clusters.size === 0) return;
    const skip = new Set(await store.boundRuntimes());
    for (const { runtimeKey, observedAt } of await store.runtimeReadStates()) {
      if (clock() - (observedAt ?? 0) < READ_AGAIN_MS) skip.add(runtimeKey);
    }
    const limit = pLimit(PARALLEL);
    let found = 0;
    await Promise.all(
      [...clusters].map(([key, scope]) =>
        limit(async () => {
          if (signal.aborted || this.#pauses.of(key)) return;
          try {
            found += await within(
              clusterTimeoutMs ?? CLUSTER_TIMEOUT_MS,
              signal,
              each => this.#read(scope, skip, each),
            );
            this.#pauses.succeeded(key);
          } catch (error) {
            if (!signal.aborted) this.#failed(key, provider, error);
          }
        }),
      ),
    );
    if (found > 0) this.#options.onDiscovered();
  }

  #clusters(): Map<string, ClusterScope> {
    const { provider, sets } = this.#options;
    const clusters = new Map<string, ClusterScope>();
    for (const { aws } of sets.flatMap(set => set.environments)) {
      // A cluster that is named after the entity cannot be listed for all.
      if (!aws || aws.service !== undefined || aws.cluster.includes('{')) {
        continue;
      }
      const { accountId, region, cluster } = aws;
      const scope = { accountId, region, cluster };
      clusters.set(clusterKeyOf(provider, scope), scope);
    }
    return clusters;
  }

  async #read(
    scope: ClusterScope,
    skip: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<number> {
    const { store, provider, clock } = this.#options;
    const keyOf = (service: string) =>
      runtimeKeyOf({ ...scope, provider: provider.id, service });
    const names = await provider.listServices(scope, signal);
    const unknown = names.filter(name => !skip.has(keyOf(name)));
    if (unknown.length === 0) return 0;
    const at = clock();
    const reads = await provider.readServices(scope, unknown, signal);
    const facts = reads.flatMap(read => ('fact' in read ? [read.fact] : []));
    if (facts.length === 0) return 0;
    await store.applyRuntime(facts.map(fact => ({ at, fact })));
    await store.saveRuntimeReadStates(
      facts.map(({ runtimeKey }) => ({
        ...{ runtimeKey, observedAt: at, moving: false },
      })),
    );
    return facts.length;
  }

  #failed(key: string, provider: RuntimeProvider, error: unknown) {
    const failure = toFailure(error, `The list of services of ${key}`);
    const permanent = failure.code === 'role_not_assumable';
    this.#pauses.failed(key, failure, permanent);
    this.#options.logger.warn(
      `Services could not be listed: ${failure.message}`,
      { provider: provider.id, cluster: key, code: failure.code },
    );
  }
}
