import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  RuntimeHint,
  RuntimeProvider,
} from 'backstage-plugin-delivery-node';
import pLimit from 'p-limit';
import type {
  EnvironmentStore,
  RuntimeReadState,
} from '../database/EnvironmentStore';
import { AlarmReader } from './runtime/AlarmReader';
import { ClusterPauses } from './runtime/ClusterPauses';
import { ClusterReader } from './runtime/ClusterReader';
import { accountKeyOf, type Cluster, clustersOf } from './runtime/clusters';
import { dueServices } from './runtime/dueServices';
import { type Failure, toFailure, within } from './runtime/problems';
import { laterByTimer } from './laterByTimer';

/** Clusters that are read at the same time. */
const PARALLEL = 8;
const CLUSTER_TIMEOUT_MS = 20_000;
/** Tasks and alarms are read in every so manieth tick. */
const TASKS_EVERY = 5;
/** Events of one rollout come in bursts. */
const HINT_MS = 1_000;
/** What a pipeline deploys is looked at as if it moved, until it does or this is over. */
const EXPECTED_MS = 3 * 60_000;
/** With one of these only a person can help. */
const PERMANENT = ['role_not_assumable', 'not_allowed', 'cluster_not_found'];

/** What the reader works with. */
export interface RuntimeReaderOptions {
  store: EnvironmentStore;
  providers: RuntimeProvider[];
  logger: LoggerService;
  /** Epoch milliseconds. */
  clock: () => number;
  steadyMs: number;
  movingMs: number;
  /** Told the keys of services of which something is different, their readability included. */
  onChanged?: (runtimeKeys: string[]) => void;
  clusterTimeoutMs?: number;
  /** Runs something later; injected so that tests need not wait. */
  later?: typeof laterByTimer;
}

/**
 * Keeps the stored state of bound services equal to their runtime's. One that fails keeps its last good state and tells why, and never
 * keeps others waiting. The scheduler calls {@link RuntimeReader.tick} on one replica at a time, every ten seconds.
 */
export class RuntimeReader {
  readonly #options: RuntimeReaderOptions;
  readonly #clusters: ClusterReader;
  readonly #alarms: AlarmReader;
  readonly #pauses: ClusterPauses;
  readonly #ticks = new Map<string, number>();
  readonly #reading = new Set<string>();
  readonly #hinted = new Set<string>();
  /** Services of which a deployment is to come, and until when. */
  readonly #expected = new Map<string, number>();
  #moves = false;
  readonly #closing = new AbortController();
  #answering: { cancel(): void } | undefined;

  constructor(options: RuntimeReaderOptions) {
    this.#options = options;
    this.#clusters = new ClusterReader(options);
    this.#pauses = new ClusterPauses(options.clock);
    this.#alarms = new AlarmReader({ ...options, pauses: this.#pauses });
  }

  /** One round of everything that is due. */
  async tick(taskSignal: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([taskSignal, this.#closing.signal]);
    const { clusters, states } = await this.#load();
    this.#forgetExpected();
    this.#moves =
      this.#expected.size > 0 || [...states.values()].some(row => row.moving);
    await this.#readAll(clusters, signal, async cluster => {
      const tick = this.#ticks.get(cluster.key) ?? 0;
      this.#ticks.set(cluster.key, tick + 1);
      const due = this.#due(cluster, states);
      await this.#read(cluster, due, tick % TASKS_EVERY === 0, states, signal);
    });
    await this.#alarms.tick(clusters, signal);
  }

  /** A pipeline is deploying there: the rollout should be seen from its beginning. */
  expect(runtimeKeys: string[]): void {
    const until = this.#options.clock() + EXPECTED_MS;
    runtimeKeys.forEach(key => this.#expected.set(key, until));
    if (runtimeKeys.length > 0) this.#moves = true;
  }

  /** True when the last tick saw something that moves, or something is expected to. */
  get moves(): boolean {
    return this.#moves;
  }

  /** Something changed there, or looks like it: read now, a moment later and many at once. */
  hint(hints: RuntimeHint[]): void {
    if (hints.length === 0 || this.#closing.signal.aborted) return;
    for (const { accountId, region, cluster, service } of hints) {
      const parts = [accountId, region, cluster, service];
      const end = parts.findIndex(part => part === undefined);
      this.#hinted.add(parts.slice(0, end < 0 ? 4 : end).join('/'));
    }
    this.#answering ??= (this.#options.later ?? laterByTimer)(HINT_MS, () => {
      this.#answering = undefined;
      this.readHinted(this.#closing.signal).catch(error =>
        this.#options.logger.warn(`Hints could not be followed: ${error}`),
      );
    });
  }

  /** Reads what hints named, on this replica, between the ticks. */
  async readHinted(signal: AbortSignal): Promise<void> {
    const { clusters, states } = await this.#load();
    const named = clusters.flatMap(cluster => {
      const due = this.#hintedOf(cluster);
      return due.length > 0 ? [{ cluster, due }] : [];
    });
    // An alarm tells its region only.
    const regions = clusters.filter(({ scope }) =>
      this.#hinted.has(`${scope.accountId}/${scope.region}`),
    );
    this.#hinted.clear();
    // What is being read at this moment may have been read before the change.
    this.hint(
      named
        .filter(({ cluster }) => this.#reading.has(cluster.key))
        .flatMap(({ due }) => due.map(item => item.ref)),
    );
    const dueOf = new Map(named.map(item => [item.cluster, item.due]));
    await this.#readAll([...dueOf.keys()], signal, cluster =>
      this.#read(cluster, dueOf.get(cluster) ?? [], false, states, signal),
    );
    await this.#alarms.now(regions, signal);
  }

  close(): void {
    this.#answering?.cancel();
    this.#closing.abort();
  }

  async #load() {
    const { store, providers } = this.#options;
    const clusters = clustersOf(await store.boundRuntimes(), providers);
    const rows = await store.runtimeReadStates();
    const states = new Map(rows.map(row => [row.runtimeKey, row]));
    return { clusters, states };
  }

  #due(
    cluster: Cluster,
    states: ReadonlyMap<string, RuntimeReadState>,
  ): Cluster['services'] {
    const { steadyMs, movingMs, clock } = this.#options;
    return dueServices(cluster, states, {
      ...{ steadyMs, movingMs, now: clock() },
      isExpected: key => this.#expected.has(key),
    });
  }

  #forgetExpected() {
    const now = this.#options.clock();
    for (const [key, until] of this.#expected) {
      if (until <= now) this.#expected.delete(key);
    }
  }

  #hintedOf(cluster: Cluster): Cluster['services'] {
    return cluster.services.filter(({ ref }) => {
      const parts = [ref.accountId, ref.region, ref.cluster, ref.service];
      return parts.some((_, index) =>
        this.#hinted.has(parts.slice(0, index + 1).join('/')),
      );
    });
  }

  /** Those that failed before come last: nobody waits for them. */
  async #readAll(
    clusters: Cluster[],
    signal: AbortSignal,
    work: (cluster: Cluster) => Promise<void>,
  ): Promise<void> {
    const limit = pLimit(PARALLEL);
    const failures = (cluster: Cluster) =>
      this.#pauses.failures(cluster.key) +
      this.#pauses.failures(accountKeyOf(cluster));
    const sorted = [...clusters].sort((a, b) => failures(a) - failures(b));
    await Promise.all(
      sorted.map(cluster =>
        limit(async () => {
          if (signal.aborted || this.#reading.has(cluster.key)) return;
          if (this.#isPaused(cluster)) return;
          this.#reading.add(cluster.key);
          try {
            await work(cluster);
          } finally {
            this.#reading.delete(cluster.key);
          }
        }),
      ),
    );
  }

  #isPaused(cluster: Cluster): boolean {
    return Boolean(
      this.#pauses.of(cluster.key) ?? this.#pauses.of(accountKeyOf(cluster)),
    );
  }

  async #read(
    cluster: Cluster,
    due: Cluster['services'],
    tasks: boolean,
    states: ReadonlyMap<string, RuntimeReadState>,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, clusterTimeoutMs = CLUSTER_TIMEOUT_MS } = this.#options;
    try {
      const read = await within(clusterTimeoutMs, signal, each =>
        this.#clusters.read(cluster, due, { tasks, states, signal: each }),
      );
      const changed =
        read.changes.length > 0 ? await store.applyRuntime(read.changes) : [];
      await this.#save(read.rows, states, changed);
      this.#pauses.succeeded(accountKeyOf(cluster));
      if (read.throttled) this.#pauses.failed(cluster.key, read.throttled);
      else this.#pauses.succeeded(cluster.key);
    } catch (error) {
      if (signal.aborted) return;
      await this.#failed(cluster, states, error);
    }
  }

  /** The last good state stays; why there is no newer one is told with every service of the cluster. */
  async #failed(
    cluster: Cluster,
    states: ReadonlyMap<string, RuntimeReadState>,
    error: unknown,
  ): Promise<void> {
    const { clock, logger } = this.#options;
    const failure = toFailure(error, `The cluster ${cluster.scope.cluster}`);
    logger.warn(`A cluster could not be read: ${failure.message}`, {
      ...{ cluster: cluster.key, code: failure.code },
    });
    const permanent = PERMANENT.includes(failure.code);
    if (failure.code === 'role_not_assumable') {
      this.#pauses.failed(accountKeyOf(cluster), failure, true);
    } else this.#pauses.failed(cluster.key, failure, permanent);
    const rows = cluster.services.map(({ runtimeKey }): RuntimeReadState => {
      const known = states.get(runtimeKey) ?? { runtimeKey, moving: false };
      return { ...known, problem: { ...failure, at: clock() } };
    });
    await this.#save(rows, states, []).catch(reason =>
      logger.warn(`A problem could not be stored: ${reason}`),
    );
  }

  async #save(
    rows: RuntimeReadState[],
    states: ReadonlyMap<string, RuntimeReadState>,
    changed: string[],
  ): Promise<void> {
    if (rows.length > 0) await this.#options.store.saveRuntimeReadStates(rows);
    const told = rows.filter(({ runtimeKey, problem }) =>
      differs(problem, states.get(runtimeKey)?.problem),
    );
    const keys = new Set([...changed, ...told.map(row => row.runtimeKey)]);
    if (keys.size > 0) this.#options.onChanged?.([...keys]);
  }
}

function differs(a: Failure | undefined, b: Failure | undefined): boolean {
  return a?.code !== b?.code || a?.message !== b?.message;
}
