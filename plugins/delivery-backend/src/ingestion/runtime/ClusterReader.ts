import type {
  RuntimeChange,
  RuntimeServiceFact,
} from 'backstage-plugin-delivery-common';
import type { ServiceRead } from 'backstage-plugin-delivery-node';
import type {
  EnvironmentStore,
  RuntimeReadState,
} from '../../database/EnvironmentStore';
import type { Cluster } from './clusters';
import { DetailReader, HISTORY_MS } from './DetailReader';
import { type Failure, toFailure } from './problems';

/** What one cluster gave: to be stored in one go. */
export interface ClusterRead {
  changes: RuntimeChange[];
  rows: RuntimeReadState[];
  /** Something was refused because of too many calls: leave the cluster alone for a while. */
  throttled?: Failure;
}

/** Reads one cluster: state of the services that are due, deeper where something changed, tasks when asked to. */
export class ClusterReader {
  readonly #details: DetailReader;
  readonly #clock: () => number;
  /** Why the tasks of a cluster are not known. Until they are read again. */
  readonly #taskFailures = new Map<string, Failure>();

  constructor(options: { store: EnvironmentStore; clock: () => number }) {
    this.#clock = options.clock;
    this.#details = new DetailReader(options);
  }

  /**
   * @param due - services to read; may be empty
   * @throws what reading the services throws: then nothing of the cluster is known
   */
  async read(
    cluster: Cluster,
    due: Cluster['services'],
    options: {
      tasks: boolean;
      states: ReadonlyMap<string, RuntimeReadState>;
      signal: AbortSignal;
    },
  ): Promise<ClusterRead> {
    const { states, signal } = options;
    const { provider, scope } = cluster;
    const at = this.#clock();
    const names = due.map(item => item.ref.service);
    const reads =
      names.length > 0 ? await provider.readServices(scope, names, signal) : [];
    const facts = reads.flatMap(read => ('fact' in read ? [read.fact] : []));
    const detailsAt = this.#clock();
    const details = await this.#details.read(cluster, facts, states, signal);
    const tasks = options.tasks ? await this.#tasks(cluster, signal) : [];
    const row = rowsBy({ at, details, reads, states });
    const rows = due.map(item => row(item.runtimeKey, item.ref.service));
    const taskFailure = this.#taskFailures.get(cluster.key);
    if (taskFailure) {
      rows.forEach(item => (item.problem ??= { ...taskFailure, at }));
    }
    const read = new Set(due.map(item => item.runtimeKey));
    const others = details.histories
      .filter(key => !read.has(key))
      .flatMap(key => states.get(key) ?? []);
    return {
      changes: [
        ...facts.map(fact => ({ at, fact })),
        ...details.facts.map(fact => ({ at: detailsAt, fact })),
        ...tasks,
      ],
      rows: [
        ...rows,
        ...others.map(state => ({ ...state, historySince: at - HISTORY_MS })),
      ],
      throttled: [
        ...details.failures.values(),
        ...(taskFailure ? [taskFailure] : []),
      ].find(failure => failure.code === 'throttled'),
    };
  }

  async #tasks(
    cluster: Cluster,
    signal: AbortSignal,
  ): Promise<RuntimeChange[]> {
    const at = this.#clock();
    try {
      const facts = await cluster.provider.readTasks(cluster.scope, signal);
      this.#taskFailures.delete(cluster.key);
      const told = new Set(facts.map(fact => fact.runtimeKey));
      // A service without any task is not in the answer, and its last tasks must not look as if they ran.
      const none = cluster.services
        .filter(item => !told.has(item.runtimeKey))
        .map(({ runtimeKey }) => ({
          ...{ kind: 'runtimeTasks' as const, runtimeKey, tasks: [] },
        }));
      return [...facts, ...none].map(fact => ({ at, fact }));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const what = `The tasks of the cluster ${cluster.scope.cluster}`;
      this.#taskFailures.set(cluster.key, toFailure(error, what));
      return [];
    }
  }
}

/** Makes the row that is kept of one service's read. */
function rowsBy(of: {
  at: number;
  details: Awaited<ReturnType<DetailReader['read']>>;
  reads: ServiceRead[];
  states: ReadonlyMap<string, RuntimeReadState>;
}): (runtimeKey: string, service: string) => RuntimeReadState {
  const { at, details, states } = of;
  const reads = new Map(of.reads.map(read => [read.service, read]));
  return (runtimeKey, service) => {
    const known = states.get(runtimeKey);
    const read = reads.get(service) ?? {
      service,
      problem: {
        code: 'read_failed',
        message: `The runtime said nothing of the service ${service}; it is asked again later.`,
      },
    };
    const historySince = details.histories.includes(runtimeKey)
      ? at - HISTORY_MS
      : known?.historySince;
    if (!('fact' in read)) {
      return {
        ...{ runtimeKey, historySince, moving: known?.moving ?? false },
        ...{ observedAt: known?.observedAt },
        problem: { ...read.problem, at },
      };
    }
    const failure = details.failures.get(runtimeKey);
    return {
      ...{ runtimeKey, historySince, observedAt: at },
      moving: details.moving.has(runtimeKey) && !isGone(read.fact),
      problem: failure && { ...failure, at },
    };
  };
}

function isGone({ status }: RuntimeServiceFact): boolean {
  return status === 'inactive' || status === 'missing';
}
