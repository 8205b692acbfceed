import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  ConformanceReport,
  ConformanceScore,
  ConformanceTable,
} from 'backstage-plugin-delivery-common';
import type { RepositoryClaim } from 'backstage-plugin-delivery-common/domain';
import type { ConformanceStore } from '../../database/ConformanceStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import { BoundedCache } from '../BoundedCache';
import type { CallerServices } from '../CallerServices';

const TTL_MS = 60_000;
const NONE = { passed: 0, failed: 0, unknown: 0 };

/** What it works with. */
export interface ConformanceViewsOptions {
  store: Pick<DeliveryStore, 'repositoryBySlug'>;
  conformance: Pick<ConformanceStore, 'results' | 'reading'>;
  callerServices: Pick<CallerServices, 'of'>;
  now: () => number;
}

/** What the pages show of the rules. Never asks a vendor. */
export class ConformanceViews {
  readonly #options: ConformanceViewsOptions;
  readonly #scores: BoundedCache<ConformanceScore | undefined>;

  constructor(options: ConformanceViewsOptions) {
    this.#options = options;
    this.#scores = new BoundedCache({
      ...{ maxEntries: 5_000, ttlMs: TTL_MS, now: options.now },
    });
  }

  async report(claim: RepositoryClaim): Promise<ConformanceReport> {
    const { store, conformance } = this.#options;
    const { entityRef, host, slug } = claim;
    const [result] = await conformance.results([entityRef]);
    const repository = await store.repositoryBySlug(host, slug);
    const reading =
      repository && (await conformance.reading(repository.repoKey));
    const problem = reading?.problem && { problem: reading.problem };
    if (!result) return { checks: [], counts: NONE, asOf: null, ...problem };
    return { ...result.report, asOf: result.asOf, ...problem };
  }

  /** For the header of the tab; undefined: not read yet. */
  score(entityRef: string): Promise<ConformanceScore | undefined> {
    return this.#scores.get(entityRef, async () => {
      const [result] = await this.#options.conformance.results([entityRef]);
      return result && { ...result.report.counts, asOf: result.asOf };
    });
  }

  /** These services have another result. */
  changed(entityRefs: string[]): void {
    entityRefs.forEach(entityRef => this.#scores.delete(entityRef));
  }

  /** Every service the caller may read, by title. */
  async table(credentials: BackstageCredentials): Promise<ConformanceTable> {
    const { conformance, callerServices, now } = this.#options;
    const services = await callerServices.of(credentials);
    const stored = new Map(
      (await conformance.results()).map(item => [item.entityRef, item]),
    );
    const items = services.map(service => {
      const { entityRef, title, owner, system } = service;
      const found = stored.get(entityRef);
      return {
        ...{ entityRef, title, owner, system },
        results: found
          ? Object.fromEntries(
              found.report.checks.map(({ rule, result }) => [rule, result]),
            )
          : null,
        counts: found?.report.counts ?? null,
        asOf: found?.asOf ?? null,
      };
    });
    items.sort((a, b) => a.title.localeCompare(b.title, 'en'));
    return { items, asOf: now() };
  }
}
