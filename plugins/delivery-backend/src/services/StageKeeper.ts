import type { LoggerService } from '@backstage/backend-plugin-api';
import type { JobGraph } from 'backstage-plugin-delivery-common';
import { stagesOf, workOf } from 'backstage-plugin-delivery-common/domain';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { JobRow, RepositoryRow, RunRow } from '../database/rows';
import type { ChangeFeed } from './ChangeFeed';
import type { RunGraphs } from './RunGraphs';

/** Only runs this young are worth asking the vendor for: older ones are drawn when somebody looks. */
const LIVE_MS = 60 * 60_000;
/** Below this part of its budget the vendor is not asked for strips. */
const BUDGET_PART = 0.3;
/** Runs whose rows are read together. */
const TOGETHER = 50;
/** Longest that a question about one run keeps the strips of others waiting. */
const READ_MS = 5_000;

/** What the keeper works with. */
export interface StageKeeperOptions {
  store: Pick<
    DeliveryStore,
    'runsByKey' | 'repository' | 'jobs' | 'saveStages'
  >;
  feed: Pick<ChangeFeed, 'applied' | 'listen'>;
  graphs: RunGraphs;
  providerOf: (host: string) => DeliveryProvider | undefined;
  logger: LoggerService;
  now: () => number;
}

/** Keeps the stage strip of runs up to date, after their facts changed and off the path of anybody who waits. */
export class StageKeeper {
  readonly #options: StageKeeperOptions;
  readonly #queue = new Set<string>();
  #working: Promise<void> | undefined;
  #running = false;
  #closed = false;

  constructor(options: StageKeeperOptions) {
    this.#options = options;
    options.feed.listen(({ runKeys }) => this.add(runKeys));
  }

  /** A run that is queued already is drawn once, however much happens to it. */
  add(runKeys: string[]): void {
    if (this.#closed) return;
    runKeys.forEach(key => this.#queue.add(key));
    if (!this.#running) this.#working = this.#work();
  }

  /** Resolves when nothing is queued. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** Ends after the run under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.clear();
    await this.#working;
  }

  async #work() {
    this.#running = true;
    while (this.#queue.size > 0) {
      const keys = [...this.#queue].slice(0, TOGETHER);
      keys.forEach(key => this.#queue.delete(key));
      try {
        await this.#keepAll(keys);
      } catch (error) {
        this.#warn(error, keys.join(' '));
      }
    }
    this.#running = false;
  }

  #warn(error: unknown, run: string) {
    this.#options.logger.warn('The stages of a run could not be drawn', {
      run,
      reason: String(error),
    });
  }

  async #keepAll(keys: string[]) {
    const { store } = this.#options;
    const runs = await store.runsByKey(keys);
    const jobs = await store.jobs(runs.map(run => run.runKey));
    const repositories = new Map(
      await Promise.all(
        [...new Set(runs.map(run => run.repoKey))].map(
          async key => [key, await store.repository(key)] as const,
        ),
      ),
    );
    for (const run of runs) {
      if (this.#closed) return;
      const repository = repositories.get(run.repoKey);
      const own = jobs.filter(
        job => job.runKey === run.runKey && job.attempt === run.attempt,
      );
      try {
        if (repository) await this.#keep(run, repository, own);
      } catch (error) {
        this.#warn(error, run.runKey);
      }
    }
  }

  async #keep(run: RunRow, repository: RepositoryRow, jobs: JobRow[]) {
    const { store, graphs, feed } = this.#options;
    // Nothing is known of its jobs, which is not the same as "nothing ran".
    if (jobs.length === 0 && run.status === 'completed') return;
    const ask = this.#mayAsk(run, repository);
    const graph = await graphs.inBackground(run, repository, jobs, ask);
    const saved = await store.saveStages(
      run.runKey,
      stagesOf(graph, jobs, { runCompleted: run.status === 'completed' }),
      await this.#waitingFor(run, repository, jobs, graph, ask),
      workOf(jobs),
    );
    if (saved) await feed.applied({ repoKeys: [run.repoKey], runKeys: [] });
  }

  #mayAsk(run: RunRow, { host, slug }: RepositoryRow): boolean {
    const { providerOf, now } = this.#options;
    const young = now() - run.createdAt < LIVE_MS;
    if (!young && run.status === 'completed') return false;
    const budget = providerOf(host)?.budget?.({ host, slug });
    return !budget || budget.remaining > budget.limit * BUDGET_PART;
  }

  /** Names of environments whose gate is closed; the vendor is asked only when the workflow file does not say them. */
  async #waitingFor(
    run: RunRow,
    { host, slug }: RepositoryRow,
    jobs: JobRow[],
    graph: JobGraph | undefined,
    ask: boolean,
  ): Promise<string[]> {
    const waiting = jobs.filter(job => job.state.status === 'waiting');
    if (waiting.length === 0 || run.status === 'completed') return [];
    const names = waiting.map(
      job =>
        job.environment ??
        graph?.nodes.find(node => node.jobs.includes(job.jobKey))?.environment,
    );
    const known = names.filter(name => name !== undefined);
    const pending = this.#options.providerOf(host)?.pendingEnvironments;
    if (known.length === names.length || !ask || !pending) {
      return [...new Set(known)];
    }
    const { runKey, repoKey } = run;
    return pending(
      { host, slug, repoKey, runKey },
      AbortSignal.timeout(READ_MS),
    ).catch(() => [...new Set(known)]);
  }
}
