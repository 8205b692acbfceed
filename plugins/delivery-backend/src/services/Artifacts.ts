import type { RunDetail } from 'backstage-plugin-delivery-common';
import type {
  ArtifactInfo,
  DeliveryProvider,
} from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { RepositoryRow, RunRow } from '../database/rows';
import { BoundedCache } from './BoundedCache';
import { patiently, toProblem } from './vendorRead';

/** A run that moves gets more artifacts; asking more often than this would be polling. */
const OPEN_TTL_MS = 30_000;
/** Longest that a page waits. */
const WAIT_MS = 1_000;
/** Longest that the read itself takes. */
const READ_MS = 20_000;

/** What a run left behind, read from the vendor when somebody looks, and once for all when the run is completed. */
export class Artifacts {
  readonly #store: Pick<DeliveryStore, 'artifacts' | 'saveArtifacts'>;
  readonly #providerOf: (host: string) => DeliveryProvider | undefined;
  readonly #recent: BoundedCache<ArtifactInfo[]>;

  constructor(options: {
    store: Pick<DeliveryStore, 'artifacts' | 'saveArtifacts'>;
    providerOf: (host: string) => DeliveryProvider | undefined;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#providerOf = options.providerOf;
    this.#recent = new BoundedCache({
      maxEntries: 1_000,
      ttlMs: OPEN_TTL_MS,
      now: options.now,
    });
  }

  /** Never throws: what could not be read is said in `problem`. */
  async of(
    run: RunRow,
    repository: RepositoryRow,
  ): Promise<RunDetail['artifacts']> {
    const list = this.#providerOf(repository.host)?.listArtifacts;
    if (!list) return { items: [] };
    // The stored list is the one of the first attempt; a further attempt replaces what the vendor has.
    const final = run.status === 'completed' && run.attempt === 1;
    const stored = final ? await this.#store.artifacts(run.runKey) : undefined;
    if (stored) return { items: stored };
    try {
      const read = this.#recent.get(
        `${run.runKey} ${run.attempt} ${run.status}`,
        () => this.#read(run, repository, final),
      );
      return { items: await patiently(read, WAIT_MS) };
    } catch (error) {
      return { items: [], problem: toProblem(error, 'The list of artifacts') };
    }
  }

  async #read(
    run: RunRow,
    repository: RepositoryRow,
    final: boolean,
  ): Promise<ArtifactInfo[]> {
    const { host, slug } = repository;
    const { runKey, repoKey } = run;
    const items =
      (await this.#providerOf(host)?.listArtifacts?.(
        { host, slug, repoKey, runKey },
        AbortSignal.timeout(READ_MS),
      )) ?? [];
    if (final) await this.#store.saveArtifacts(runKey, items);
    return items;
  }
}
