import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import type {
  EnvironmentRow,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import type { RepositoryRow } from '../database/rows';
import { BoundedCache } from './BoundedCache';
import type { Comparisons } from './Comparisons';
import type { EnvironmentFactsReader } from './EnvironmentFactsReader';
import { type EnvironmentKeeper, pairsOf } from './EnvironmentKeeper';

/** Below this part of its budget the vendor is not asked for what a page can do without. */
const BUDGET_PART = 0.5;
/** What was asked is not asked again before this, also when it failed. */
const AGAIN_MS = 10 * 60_000;
const READ_MS = 20_000;
/** Deployments of an environment among which the current one is looked for. */
const DEPLOYMENTS = 20;

/** What it works with. */
export interface WantedOnViewOptions {
  store: Pick<DeliveryStore, 'runsByKey'>;
  environments: EnvironmentStore;
  facts: Pick<EnvironmentFactsReader, 'repositoryOf'>;
  comparisons: Comparisons;
  keeper: Pick<EnvironmentKeeper, 'now'>;
  providerOf: (host: string) => DeliveryProvider | undefined;
  logger: LoggerService;
  now: () => number;
}

/**
 * Fetches, in the background, what only people who look at a service need of its vendor: how many commits lie between environments,
 * and who approved what runs. Each is asked once and kept.
 */
export class WantedOnView {
  readonly #options: WantedOnViewOptions;
  readonly #asked: BoundedCache<boolean>;
  readonly #working = new Map<string, Promise<void>>();

  constructor(options: WantedOnViewOptions) {
    this.#options = options;
    this.#asked = new BoundedCache({
      ...{ maxEntries: 10_000, ttlMs: AGAIN_MS },
      now: options.now,
    });
  }

  /** Returns at once; the page hears of news by its channel. */
  wanted(entityRef: string): void {
    if (this.#working.has(entityRef)) return;
    const work = this.#work(entityRef)
      .catch(error =>
        this.#options.logger.info('Something of a page could not be read', {
          ...{ entityRef, reason: String(error) },
        }),
      )
      .finally(() => this.#working.delete(entityRef));
    this.#working.set(entityRef, work);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#working.values());
  }

  async #work(entityRef: string): Promise<void> {
    const { environments, facts, keeper } = this.#options;
    const rows = await environments.environments(entityRef);
    if (rows.length === 0) return;
    const repository = await facts.repositoryOf(entityRef);
    if (!repository) return;
    const compared = await this.#compare(rows, repository);
    const approved = await this.#approvals(entityRef, rows, repository);
    if (compared || approved) keeper.now([entityRef]);
  }

  async #compare(
    rows: EnvironmentRow[],
    repository: RepositoryRow,
  ): Promise<boolean> {
    const { comparisons } = this.#options;
    const sorted = [...rows].sort((a, b) => a.position - b.position);
    const { repoKey } = repository;
    let found = false;
    for (const { base, head } of pairsOf(sorted.map(row => row.environment))) {
      if (await comparisons.stored(repoKey, base, head)) continue;
      const asked = await this.#once(
        `compare ${repoKey} ${base} ${head}`,
        repository,
        async () =>
          (await comparisons.between(repository, base, head)) !== undefined,
      );
      found ||= asked;
    }
    return found;
  }

  async #approvals(
    entityRef: string,
    rows: EnvironmentRow[],
    repository: RepositoryRow,
  ): Promise<boolean> {
    const { environments: store, store: runs, providerOf } = this.#options;
    const { host, slug, repoKey } = repository;
    const provider = providerOf(host);
    if (!provider?.listApprovals) return false;
    const gated = await this.#gatedRuns(entityRef, rows);
    let found = false;
    for (const { runKey, attempt } of await runs.runsByKey(gated)) {
      if (await store.approvals(runKey, attempt)) continue;
      const asked = await this.#once(
        `approvals ${runKey} ${attempt}`,
        repository,
        async () => {
          const approvals = await provider.listApprovals?.(
            { host, slug, repoKey, runKey },
            AbortSignal.timeout(READ_MS),
          );
          await store.saveApprovals(runKey, attempt, approvals ?? []);
          return Boolean(approvals?.length);
        },
      );
      found ||= asked;
    }
    return found;
  }

  /** Runs of the current deployments that waited for somebody and do not any more. */
  async #gatedRuns(
    entityRef: string,
    rows: EnvironmentRow[],
  ): Promise<string[]> {
    const { environments: store } = this.#options;
    const bindings = await store.environmentsOf(entityRef);
    const runKeys = new Set<string>();
    for (const { environment } of rows) {
      const { match = [] } =
        bindings.find(item => item.environment === environment.name) ?? {};
      const wanted = [environment.deployment, environment.newest].flatMap(
        item => (item?.runId && item.status !== 'waiting' ? item.runId : []),
      );
      if (wanted.length === 0 || match.length === 0) continue;
      const told = await store.pipelineDeployments(
        ...([entityRef, match, DEPLOYMENTS] as const),
      );
      for (const { run, statuses } of told) {
        const waited = statuses.some(({ state }) => state === 'waiting');
        if (run && waited && wanted.includes(run.runKey)) {
          runKeys.add(run.runKey);
        }
      }
    }
    return [...runKeys];
  }

  /** False when it was asked lately, may not be asked now, or failed. */
  async #once(
    key: string,
    { host, slug }: RepositoryRow,
    ask: () => Promise<boolean>,
  ): Promise<boolean> {
    const budget = this.#options.providerOf(host)?.budget?.({ host, slug });
    if (budget && budget.remaining <= budget.limit * BUDGET_PART) return false;
    let fresh = false;
    const found = await this.#asked.get(key, async () => {
      fresh = true;
      try {
        return await ask();
      } catch (error) {
        this.#options.logger.info('The vendor could not be asked', {
          ...{ what: key, reason: String(error) },
        });
        return false;
      }
    });
    return fresh && found;
  }
}
