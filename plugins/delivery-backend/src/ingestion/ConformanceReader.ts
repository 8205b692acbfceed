import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { ConformanceStore } from '../database/ConformanceStore';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { BudgetGovernor } from './BudgetGovernor';

const DAY_MS = 24 * 60 * 60_000;
const RETRY_MS = 30 * 60_000;
/** A round a minute: two thousand repositories are read within an hour and a half, then once a day. */
const A_ROUND = 25;
const LONGEST_PROBLEM = 300;

/** What it works with. */
export interface ConformanceReaderOptions {
  store: Pick<DeliveryStore, 'repository'>;
  conformance: Pick<ConformanceStore, 'due' | 'saveReading' | 'failReading'>;
  providers: readonly DeliveryProvider[];
  governor: Pick<BudgetGovernor, 'allows' | 'pause'>;
  logger: LoggerService;
  clock: () => number;
  /** Told each repository that was read, or could not be. */
  onRead: (repoKey: string) => Promise<void>;
}

/** Reads workflow files and settings of repositories once a day, and after pushes that change them. */
export class ConformanceReader {
  readonly #options: ConformanceReaderOptions;

  constructor(options: ConformanceReaderOptions) {
    this.#options = options;
  }

  async tick(signal: AbortSignal): Promise<void> {
    const { conformance, clock } = this.#options;
    const now = clock();
    const due = await conformance.due({
      before: now - DAY_MS,
      failedBefore: now - RETRY_MS,
      limit: A_ROUND,
    });
    for (const repoKey of due) {
      if (signal.aborted) return;
      await this.#read(repoKey, signal);
    }
  }

  async #read(repoKey: string, signal: AbortSignal): Promise<void> {
    const { store, conformance, providers, governor, logger } = this.#options;
    const repository = await store.repository(repoKey);
    const provider = providers.find(({ hosts }) =>
      hosts.includes(repository?.host ?? ''),
    );
    if (!repository || !provider?.readConformance) return;
    const { host, slug } = repository;
    const scope = { host, slug, repoKey };
    if (!governor.allows('sweep', provider, scope, false)) return;
    try {
      const reading = await provider.readConformance(scope, signal);
      await conformance.saveReading(repoKey, reading, this.#options.clock());
    } catch (error) {
      if (signal.aborted) return;
      const problem = sentenceOf(error);
      logger.warn(`The pipeline of ${slug} could not be read: ${problem}`);
      await conformance.failReading(repoKey, problem, this.#options.clock());
    }
    await this.#options.onRead(repoKey);
  }
}

/** Errors of providers are sentences of their own; anything else may hold what the vendor wrote. */
function sentenceOf(error: unknown): string {
  return error instanceof Error && 'code' in error
    ? error.message.slice(0, LONGEST_PROBLEM)
    : 'What the vendor answered could not be read.';
}
