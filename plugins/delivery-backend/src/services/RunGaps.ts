import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { JobRow, RepositoryRow, RunRow } from '../database/rows';
import { BoundedCache } from './BoundedCache';
import type { ChangeFeed } from './ChangeFeed';
import { patiently } from './vendorRead';

/** A run that had no jobs when it was asked for is not asked for again before this. */
const ASKED_TTL_MS = 30_000;
/** A run that is over gets no more jobs (one that could not start has none at all). */
const ASKED_COMPLETED_TTL_MS = 60 * 60_000;
/** Longest that a page waits; the graph is read after it, and both together stay below two seconds. */
const WAIT_MS = 800;
/** Longest that the read itself takes. */
const READ_MS = 20_000;

/** Fetches the jobs of runs that are known only from lists, when somebody looks at them. */
export class RunGaps {
  readonly #options: {
    store: Pick<DeliveryStore, 'jobs' | 'apply'>;
    feed: Pick<ChangeFeed, 'applied'>;
    logger: LoggerService;
    providerOf: (host: string) => DeliveryProvider | undefined;
    now: () => number;
  };
  readonly #asked: BoundedCache<void>;
  readonly #askedCompleted: BoundedCache<void>;

  constructor(options: {
    store: Pick<DeliveryStore, 'jobs' | 'apply'>;
    feed: Pick<ChangeFeed, 'applied'>;
    logger: LoggerService;
    providerOf: (host: string) => DeliveryProvider | undefined;
    now: () => number;
  }) {
    this.#options = options;
    const limits = { maxEntries: 5_000, now: options.now };
    this.#asked = new BoundedCache({ ...limits, ttlMs: ASKED_TTL_MS });
    this.#askedCompleted = new BoundedCache({
      ...limits,
      ttlMs: ASKED_COMPLETED_TTL_MS,
    });
  }

  /** Jobs of one attempt; without any, the vendor is asked, but not longer than a page can wait. Never throws because of it. */
  async jobs(
    run: RunRow,
    repository: RepositoryRow,
    attempt: number,
  ): Promise<JobRow[]> {
    const { store } = this.#options;
    const stored = await store.jobs([run.runKey], attempt);
    if (stored.length > 0) return stored;
    try {
      await patiently(this.fill(run, repository, attempt), WAIT_MS);
    } catch {
      // Why is in the log; the page shows the run without jobs.
      return [];
    }
    return store.jobs([run.runKey], attempt);
  }

  /**
   * Asks the vendor for an attempt with its jobs, once for all who want it within a while.
   *
   * @throws what the provider throws
   */
  fill(run: RunRow, repository: RepositoryRow, attempt: number): Promise<void> {
    const isOver = attempt < run.attempt || run.status === 'completed';
    const asked = isOver ? this.#askedCompleted : this.#asked;
    return asked.get(`${run.runKey} ${attempt}`, async () => {
      const { store, feed, logger, providerOf } = this.#options;
      const { host, slug } = repository;
      const { runKey, repoKey } = run;
      const provider = providerOf(host);
      const ref = { host, slug, repoKey, runKey };
      const signal = AbortSignal.timeout(READ_MS);
      try {
        const changes =
          attempt === run.attempt
            ? await provider?.readRun?.(ref, signal)
            : await provider?.readAttempt?.(ref, attempt, signal);
        if (changes?.length) await feed.applied(await store.apply(changes));
      } catch (error) {
        logger.info('The jobs of a run could not be read', {
          run: runKey,
          reason: String(error),
        });
        throw error;
      }
    });
  }
}
