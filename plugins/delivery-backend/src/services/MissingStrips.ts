import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { RepositoryRow, RunRow } from '../database/rows';
import type { RunGaps } from './RunGaps';

/** Below this part of its budget the vendor is not asked for strips of runs that are over. */
const BUDGET_PART = 0.5;
/** At most so many runs wait; whoever looks again asks again. */
const MAX_QUEUE = 500;

/** Fetches, one after the other, jobs of runs that a page shows without a stage strip: history that came from lists only. */
export class MissingStrips {
  readonly #gaps: RunGaps;
  readonly #providerOf: (host: string) => DeliveryProvider | undefined;
  readonly #queue = new Map<
    string,
    { run: RunRow; repository: RepositoryRow }
  >();
  #working: Promise<void> | undefined;
  #running = false;

  constructor(options: {
    gaps: RunGaps;
    providerOf: (host: string) => DeliveryProvider | undefined;
  }) {
    this.#gaps = options.gaps;
    this.#providerOf = options.providerOf;
  }

  /** Returns at once; the page hears of strips by its channel. */
  wanted(repository: RepositoryRow, runs: RunRow[]): void {
    for (const run of runs) {
      if (this.#queue.size >= MAX_QUEUE) break;
      if (run.stages.length === 0) {
        this.#queue.set(run.runKey, { run, repository });
      }
    }
    if (!this.#running) this.#working = this.#work();
  }

  /** Resolves when nothing is queued. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work() {
    this.#running = true;
    for (const [key, { run, repository }] of this.#queue) {
      this.#queue.delete(key);
      if (this.#mayAsk(repository)) {
        // Why it failed is in the log of the reader; the strip stays empty until somebody looks again.
        await this.#gaps.fill(run, repository, run.attempt).catch(() => {});
      }
    }
    this.#running = false;
  }

  #mayAsk({ host, slug }: RepositoryRow): boolean {
    const budget = this.#providerOf(host)?.budget?.({ host, slug });
    return !budget || budget.remaining > budget.limit * BUDGET_PART;
  }
}
