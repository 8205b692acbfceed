import type {
  CommitRange,
  DeliveryProvider,
} from 'backstage-plugin-delivery-node';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { RepositoryRow } from '../database/rows';

/** Longest that one question to the vendor takes. */
const READ_MS = 20_000;

/** What lies between two commits, and who knew it. */
export interface KnownRange {
  range: CommitRange;
  source: 'store' | 'vendor';
}

/** What it works with. */
export interface ComparisonsOptions {
  store: Pick<
    EnvironmentStore,
    'pushedBetween' | 'comparison' | 'saveComparison'
  >;
  providerOf: (host: string) => DeliveryProvider | undefined;
}

/** What lies between two commits: from pushes that were told, else from the vendor, asked once and kept for ever. */
export class Comparisons {
  readonly #options: ComparisonsOptions;
  readonly #asking = new Map<string, Promise<CommitRange | undefined>>();

  constructor(options: ComparisonsOptions) {
    this.#options = options;
  }

  /** As far as it is known without asking anybody. */
  async stored(
    repoKey: string,
    base: string,
    head: string,
  ): Promise<KnownRange | undefined> {
    const { store } = this.#options;
    if (base === head) return fromPushes('identical', [], 0);
    const ahead = await store.pushedBetween(repoKey, base, head);
    if (ahead) return fromPushes('ahead', ahead, 0);
    const behind = await store.pushedBetween(repoKey, head, base);
    if (behind) return fromPushes('behind', [], behind.length);
    const range = await store.comparison(repoKey, base, head);
    return range && { range, source: 'vendor' };
  }

  /**
   * Also asks the vendor: one call, whoever wants it meanwhile.
   *
   * @returns undefined when the vendor cannot compare
   * @throws what the provider throws; `NotFoundError`: one of the commits is gone
   */
  async between(
    repository: RepositoryRow,
    base: string,
    head: string,
  ): Promise<KnownRange | undefined> {
    const { repoKey } = repository;
    const known = await this.stored(repoKey, base, head);
    if (known) return known;
    const key = `${repoKey} ${base} ${head}`;
    const asked =
      this.#asking.get(key) ??
      this.#ask(repository, base, head).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    const range = await asked;
    return range && { range, source: 'vendor' };
  }

  async #ask(
    { host, slug, repoKey }: RepositoryRow,
    base: string,
    head: string,
  ): Promise<CommitRange | undefined> {
    const { store, providerOf } = this.#options;
    const range = await providerOf(host)?.compareCommits?.(
      { host, slug, repoKey },
      { base, head },
      AbortSignal.timeout(READ_MS),
    );
    if (range) await store.saveComparison(repoKey, base, head, range);
    return range;
  }
}

function fromPushes(
  status: CommitRange['status'],
  commits: { sha: string; title?: string; author?: string; at?: number }[],
  behindBy: number,
): KnownRange {
  return {
    source: 'store',
    range: {
      status,
      commits: commits.map(({ sha, title, author, at }) => ({
        ...{ sha, author, at },
        title: title ?? sha.slice(0, 7),
      })),
      aheadBy: commits.length,
      behindBy,
    },
  };
}

/** How many commits `head` is ahead, and when the oldest of them was made, as far as all of them are listed. */
export function countOf({ range }: KnownRange): {
  commits: number;
  oldestAt?: number;
} {
  const { commits, aheadBy } = range;
  const whole = commits.length >= aheadBy;
  return { commits: aheadBy, oldestAt: whole ? commits.at(-1)?.at : undefined };
}
