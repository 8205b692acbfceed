import { type Entity } from '@backstage/catalog-model';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import {
  RUNS_PAGE,
  type Overview,
  type RunList,
  type RunsQuery,
} from 'backstage-plugin-delivery-common';
import type { RepositoryClaim } from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { RepositoryRow } from '../database/rows';
import type { ChangeFeed } from './ChangeFeed';
import type { EntityIndex } from './EntityIndex';
import type { EnvironmentService } from './EnvironmentService';
import type { Expectations } from './Expectations';
import type { IngestionView } from './IngestionView';
import type { MissingStrips } from './MissingStrips';
import type { ApprovalViews } from './approvals/ApprovalViews';
import type { ConformanceViews } from './conformance/ConformanceViews';
import type { DoraTilesReader } from './dora/DoraTilesReader';
import { OverviewCache } from './OverviewCache';
import type { PreparedJson } from './PreparedJson';
import { decodeCursor, encodeCursor } from './runCursor';
import { toPipeline, toRepository, toRunSummary } from './runView';

/** An overview is never older than this, also without news. */
const OVERVIEW_TTL_MS = 10_000;
const OVERVIEW_MAX_BYTES = 64 * 1024 * 1024;
/** How many branches the filter offers. */
const BRANCHES = 50;

/** What the service works with. */
export interface RunServiceOptions {
  store: DeliveryStore;
  index: EntityIndex;
  feed: ChangeFeed;
  ingestion: IngestionView;
  expectations: Expectations;
  strips: MissingStrips;
  environments: Pick<EnvironmentService, 'of'>;
  /** What waits for somebody; absent: nothing is asked. */
  approvals?: Pick<ApprovalViews, 'openOf'>;
  /** Absent: no metrics. */
  tiles?: Pick<DoraTilesReader, 'of'>;
  conformance?: Pick<ConformanceViews, 'score'>;
  providerOf: (host: string) => DeliveryProvider | undefined;
  now: () => number;
}

/** Lists of runs. Who may read them was decided before. */
export class RunService {
  readonly #options: RunServiceOptions;
  readonly #overviews: OverviewCache;
  readonly #viewers: ((entityRef: string) => void)[] = [];

  constructor(options: RunServiceOptions) {
    this.#options = options;
    this.#overviews = new OverviewCache({
      maxBytes: OVERVIEW_MAX_BYTES,
      ttlMs: OVERVIEW_TTL_MS,
      now: options.now,
    });
    options.feed.listen(({ entityRefs }) =>
      entityRefs.forEach(ref => this.#overviews.forget(ref)),
    );
  }

  /** The listener is told when somebody looks at a service (not for every warm answer). */
  onView(listener: (entityRef: string) => void): void {
    this.#viewers.push(listener);
  }

  /**
   * Everything the tab's first sight needs; the same for everybody who may read it.
   *
   * @throws `NotFoundError` with the reason when the entity has no repository of its own
   */
  async overview(entity: Entity): Promise<PreparedJson> {
    // Also a warm answer is given only while the entity's own text still earns the repository.
    const { entityRef } = this.#options.index.requireClaim(entity);
    return this.#overviews.get(entityRef, async () =>
      this.#makeOverview(await this.#options.index.bind(entity)),
    );
  }

  /**
   * Runs of a service, newest first.
   *
   * @throws `InputError` for a cursor that no list gave, `NotFoundError` as {@link RunService.overview}
   */
  async runs(entity: Entity, query: RunsQuery): Promise<RunList> {
    const claim = await this.#options.index.bind(entity);
    const repository = await this.#options.store.repositoryBySlug(
      claim.host,
      claim.slug,
    );
    return this.#list(claim, query, repository);
  }

  async #makeOverview(claim: RepositoryClaim): Promise<Overview> {
    const { store, feed, ingestion, providerOf, now } = this.#options;
    this.#viewers.forEach(listener => listener(claim.entityRef));
    const repository = await store.repositoryBySlug(claim.host, claim.slug);
    const [
      pipelines,
      branches,
      runs,
      state,
      environments,
      approvals,
      dora,
      conformance,
    ] = await Promise.all([
      repository ? store.pipelines(repository.repoKey) : [],
      store.branches(claim.entityRef, BRANCHES),
      this.#list(claim, {}, repository),
      ingestion.of(claim.host, claim.slug),
      this.#options.environments.of(claim.entityRef),
      this.#options.approvals?.openOf(claim.entityRef) ?? [],
      this.#options.tiles?.of(claim.entityRef),
      this.#options.conformance?.score(claim.entityRef),
    ]);
    return {
      entityRef: claim.entityRef,
      repository: repository && toRepository(repository),
      pipelines: pipelines.map(row => toPipeline(row, claim.workflows)),
      branches,
      runs,
      environments,
      approvals,
      dora,
      conformance,
      ingestion: state,
      signalKey: feed.keyOf(claim.entityRef),
      capabilities: { log: Boolean(providerOf(claim.host)?.openLog) },
      asOf: now(),
    };
  }

  async #list(
    claim: RepositoryClaim,
    query: RunsQuery,
    repository: RepositoryRow | undefined,
  ): Promise<RunList> {
    const { store, expectations, now } = this.#options;
    const { cursor, limit = RUNS_PAGE.default, scope, ...rest } = query;
    const { pipeline: pipelineKey, ...filter } = rest;
    const rows = await store.listRuns({
      entityRef: claim.entityRef,
      scope: scope ?? 'service',
      filter: { ...filter, pipelineKey },
      after: cursor === undefined ? undefined : decodeCursor(cursor),
      // One more than asked tells whether there is a next page.
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const items = await Promise.all(
      page.map(async row =>
        toRunSummary(
          row,
          await expectations.ofRun(row, repository?.defaultBranch),
        ),
      ),
    );
    if (repository) this.#options.strips.wanted(repository, page);
    const last = page.at(-1);
    return {
      items,
      nextCursor: rows.length > limit && last ? encodeCursor(last) : undefined,
      asOf: now(),
    };
  }
}
