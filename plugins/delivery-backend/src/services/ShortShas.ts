import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { RepositoryRow } from '../database/rows';
import { BoundedCache } from './BoundedCache';

/** Longest that one question to the vendor takes. */
const READ_MS = 20_000;
/** One that could not be asked is asked again. */
const AGAIN_MS = 10 * 60_000;
/** Hostile tags must not become questions without end. */
const MOST = 20;

/** What it works with. */
export interface ShortShasOptions {
  store: Pick<EnvironmentStore, 'saveShortSha'>;
  providerOf: (host: string) => DeliveryProvider | undefined;
  logger: LoggerService;
  now: () => number;
}

/** Finds the commit that a short SHA stands for: asked once a repository; that there is none, or several, is kept too. */
export class ShortShas {
  readonly #options: ShortShasOptions;
  readonly #asked: BoundedCache<boolean>;

  constructor(options: ShortShasOptions) {
    this.#options = options;
    this.#asked = new BoundedCache({
      ...{ maxEntries: 5_000, ttlMs: AGAIN_MS },
      now: options.now,
    });
  }

  /** Never throws. @returns true when something is known now that was not before */
  async find(repository: RepositoryRow, shorts: string[]): Promise<boolean> {
    const found = await Promise.all(
      shorts.slice(0, MOST).map(async short => {
        const key = `${repository.repoKey} ${short}`;
        let fresh = false;
        const known = await this.#asked.get(key, () => {
          fresh = true;
          return this.#ask(repository, short);
        });
        return fresh && known;
      }),
    );
    return found.includes(true);
  }

  async #ask(
    { host, slug, repoKey }: RepositoryRow,
    short: string,
  ): Promise<boolean> {
    const { store, providerOf, logger } = this.#options;
    const provider = providerOf(host);
    if (!provider?.resolveCommit) return false;
    try {
      const sha = await provider.resolveCommit(
        { host, slug, repoKey },
        short,
        AbortSignal.timeout(READ_MS),
      );
      await store.saveShortSha(repoKey, short, sha ?? null);
      return true;
    } catch (error) {
      logger.info('A short SHA could not be resolved', {
        ...{ repository: slug, short, reason: String(error) },
      });
      return false;
    }
  }
}
