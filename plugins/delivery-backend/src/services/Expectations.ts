import {
  expectedAt,
  mediansOf,
  runClass,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { JobRow, RunRow } from '../database/rows';
import { BoundedCache } from './BoundedCache';
import type { Expectation } from './runView';

/** Medians move slowly; a new success may count a little later. */
const TTL_MS = 60_000;

type Medians = ReturnType<typeof mediansOf>;

/** What a service's own history says of how long its runs and jobs take. */
export class Expectations {
  readonly #store: Pick<DeliveryStore, 'durationStats' | 'repository'>;
  readonly #now: () => number;
  readonly #medians: BoundedCache<Medians>;

  constructor(options: {
    store: Pick<DeliveryStore, 'durationStats' | 'repository'>;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#now = options.now;
    this.#medians = new BoundedCache({
      maxEntries: 5_000,
      ttlMs: TTL_MS,
      now: options.now,
    });
  }

  /** @param defaultBranch - of the run's repository, as far as it is known */
  async ofRun(run: RunRow, defaultBranch?: string): Promise<Expectation> {
    const { run: median } = await this.#of(run, defaultBranch);
    const { state, workMs = 0, workSince } = run;
    return {
      median,
      expectedAt: expectedAt({
        state,
        // As if it had worked without a pause: the median knows no gates.
        startedAt: workSince === undefined ? undefined : workSince - workMs,
        median,
        now: this.#now(),
      }),
    };
  }

  /** One expectation a job, in the given order. */
  async ofJobs(
    run: RunRow,
    jobs: JobRow[],
    defaultBranch?: string,
  ): Promise<Expectation[]> {
    const medians = await this.#of(run, defaultBranch);
    const now = this.#now();
    return jobs.map(({ name, state, startedAt }) => {
      const median = medians.jobs.get(name);
      return {
        median,
        expectedAt: expectedAt({ state, startedAt, median, now }),
      };
    });
  }

  #of(run: RunRow, defaultBranch: string | undefined): Promise<Medians> {
    const comparable = runClass(run, defaultBranch);
    return this.#medians.get(`${run.pipelineKey} ${comparable}`, async () =>
      mediansOf(await this.#store.durationStats(run.pipelineKey, comparable)),
    );
  }
}
