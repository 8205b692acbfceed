import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type { Change } from 'backstage-plugin-delivery-common';
import type {
  DeliveryProvider,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import type { ApplyResult, DeliveryStore } from '../database/DeliveryStore';
import type { SyncStateRow } from '../database/rows';
import type { BudgetGovernor } from './BudgetGovernor';
import { repositoryScope } from './scopes';

const DAY_MS = 24 * 60 * 60_000;
/** How far back the first sight goes, and how many runs it takes at most. */
const BACKFILL = { ms: 90 * DAY_MS, runs: 100 };
/** A sweep goes this far behind the last one: lists are sorted by creation, and runs take their time. */
const OVERLAP_MS = 6 * 60 * 60_000;
const SWEEP_RUNS = 1_000;

export interface ReadingOptions {
  store: DeliveryStore;
  logger: LoggerService;
  /** Epoch milliseconds. */
  clock: () => number;
  onApplied?: (result: ApplyResult) => void;
}

/** Reads the runs of one repository, and keeps where that stands. */
export class RepositoryReader {
  constructor(
    private readonly options: ReadingOptions & { governor: BudgetGovernor },
  ) {}

  /** One batch of the first read; call again until its state is `done`. */
  async backfill(
    provider: DeliveryProvider,
    scope: RepositoryScope,
    signal: AbortSignal,
  ): Promise<void> {
    const now = this.options.clock();
    await this.guarded(scope, signal, async state => {
      const batch = await provider.listChanges({
        scope,
        mode: 'backfill',
        since: now - BACKFILL.ms,
        cursor: state.cursor,
        limit: BACKFILL.runs,
        signal,
      });
      await this.apply(scope, batch.changes, now);
      const created = batch.changes.flatMap(({ fact }) =>
        fact.kind === 'run' ? fact.createdAt : [],
      );
      return {
        ...state,
        backfill: batch.cursor ? 'running' : 'done',
        cursor: batch.cursor,
        runs: state.runs + created.length,
        dataSince: Math.min(state.dataSince ?? now, ...created),
        confirmedAt: state.confirmedAt ?? now,
      };
    });
  }

  /** Compares the newest runs with the vendor; gives the runs that were other than stored. */
  async sweep(
    provider: DeliveryProvider,
    scope: RepositoryScope,
    signal: AbortSignal,
  ): Promise<string[]> {
    const now = this.options.clock();
    const changed: string[] = [];
    await this.guarded(scope, signal, async state => {
      let cursor: string | undefined;
      let { etag } = state;
      do {
        const batch = await provider.listChanges({
          scope,
          mode: 'sweep',
          since: (state.confirmedAt ?? now) - OVERLAP_MS,
          cursor,
          limit: SWEEP_RUNS,
          etag: cursor ? undefined : state.etag,
          signal,
        });
        const result = await this.apply(scope, batch.changes, now);
        changed.push(...result.runKeys);
        if (!cursor) etag = batch.etag;
        cursor = batch.cursor;
      } while (cursor);
      return { ...state, etag, confirmedAt: now };
    });
    return changed;
  }

  private async apply(
    scope: RepositoryScope,
    changes: Change[],
    at: number,
  ): Promise<ApplyResult> {
    const { store, onApplied } = this.options;
    const told = changes.some(({ fact }) => fact.kind === 'repository');
    const revived = told ? [] : await this.existence(scope, false, at);
    const result = await store.apply([...revived, ...changes]);
    onApplied?.(result);
    return result;
  }

  /** The fact that a known repository is there, or is not there; none when that is known already. */
  private async existence(
    scope: RepositoryScope,
    deleted: boolean,
    at: number,
  ): Promise<Change[]> {
    const { host, slug } = scope;
    const known = await this.options.store.repositoryBySlug(host, slug);
    if (!known || known.deleted === deleted) return [];
    const { repoKey, url, defaultBranch } = known;
    return [
      {
        observed: { source: 'api', at },
        fact: {
          kind: 'repository',
          ...{ repoKey, url, defaultBranch, deleted, slug: known.slug },
        },
      },
    ];
  }

  /** Whatever happens, the state of the repository says it; the facts stay as they were. */
  private async guarded(
    scope: RepositoryScope,
    signal: AbortSignal,
    read: (state: SyncStateRow) => Promise<SyncStateRow>,
  ): Promise<void> {
    const { store, clock, logger, governor, onApplied } = this.options;
    const key = repositoryScope(scope.host, scope.slug);
    const state = (await store.syncState(key)) ?? {
      scope: key,
      backfill: 'pending',
      runs: 0,
    };
    try {
      const next = await read(state);
      await store.saveSyncState({ ...next, problem: undefined });
    } catch (error) {
      if (signal.aborted) return;
      const message = isError(error) ? error.message : String(error);
      logger.warn(`Reading ${scope.host}/${scope.slug} failed: ${message}`);
      const { code, retryAt } = error as { code?: string; retryAt?: number };
      if (retryAt !== undefined) governor.pause(scope.host, retryAt);
      if (isError(error) && error.name === 'NotFoundError') {
        const gone = await this.existence(scope, true, clock());
        if (gone.length > 0) {
          const applied = await store.apply(gone);
          onApplied?.(applied);
        }
      }
      await store.saveSyncState({
        ...state,
        problem: { code: code ?? 'read_failed', message, at: clock() },
      });
    }
  }
}
