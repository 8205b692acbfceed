import { isError } from '@backstage/errors';
import type {
  DeliveryProvider,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import type { DeploymentGap } from '../database/DeliveryStore';
import type { SyncStateRow } from '../database/rows';
import type { BudgetGovernor } from './BudgetGovernor';
import { parallel } from './parallel';
import type { ReadingOptions } from './RepositoryReader';
import { deploymentsScope, repositoryScope } from './scopes';

const HOUR_MS = 60 * 60_000;
/** How far back the first sight goes. */
const BACK_MS = 90 * 24 * HOUR_MS;
/** Deployments of one repository in one tick; each costs a call. */
const PER_BATCH = 25;
/** Repositories in one tick: other reads are more urgent, and the tick has an end. */
const PER_TICK = 20;
/** Sweeps of one tick; most of them find nothing and make no call. */
const SWEPT_PER_TICK = 200;
/** Deployments of one answer of a sweep, and answers of one sweep: after an outage there is more than one page to read. */
const SWEEP = { batch: 100, batches: 5 };
/** So long after the end of a run its last events may still come, or be asked for again. */
const SETTLE_MS = 5 * 60_000;
/** A vendor that refuses does so until somebody changes its settings. */
const ASK_AGAIN_MS = { refused: 6 * HOUR_MS, failed: HOUR_MS / 4 };

type Due = RepositoryScope & {
  provider: DeliveryProvider &
    Required<Pick<DeliveryProvider, 'listDeployments'>>;
  repoKey: string;
  state: SyncStateRow;
};
/** `sweptAt`: until then all runs are known. */
type Swept = Due & { sweptAt: number };

/**
 * Reads the deployments that were made before events told of them: once a repository, after its runs, newest first. When that is done it
 * asks again only after a sweep of the runs shows that something about deployments was not told: while events arrive it makes no calls.
 */
export class DeploymentReader {
  constructor(
    private readonly options: ReadingOptions & {
      governor: BudgetGovernor;
      providerOf: (host: string) => DeliveryProvider | undefined;
      isWatched: (scope: RepositoryScope) => boolean;
      /** `poll`: no event ever arrives. */
      mode?: 'webhook' | 'events' | 'poll';
      /** Batches of a repository in one tick at most, as far as the budget of first reads goes. Default: one. */
      rounds?: number;
    },
  ) {}

  /** Batches of each repository that is not done, and a look at those whose runs were swept. */
  async tick(signal: AbortSignal): Promise<void> {
    let { first, swept } = await this.due();
    for (let round = 1; first.length > 0 && !signal.aborted; round++) {
      await parallel(first.slice(0, PER_TICK), signal, item =>
        this.read(item, signal),
      );
      if (round >= (this.options.rounds ?? 1)) break;
      ({ first, swept } = await this.due());
    }
    await parallel(swept.slice(0, SWEPT_PER_TICK), signal, item =>
      this.sweep(item, signal),
    );
  }

  /** What somebody looks at first, then the repositories of which least is read: the newest deployments of all before old ones of one. */
  private async due(): Promise<{ first: Due[]; swept: Swept[] }> {
    const { store, clock, providerOf, isWatched } = this.options;
    const states = new Map(
      (await store.syncStates()).map(state => [state.scope, state]),
    );
    const due: (Due & { rank: number })[] = [];
    const swept: Swept[] = [];
    for (const {
      host,
      slug,
      repoKey,
      deleted,
    } of await store.boundRepositories()) {
      const provider = providerOf(host);
      const runs = states.get(repositoryScope(host, slug));
      const scope = deploymentsScope(host, slug);
      const state: SyncStateRow = states.get(scope) ?? {
        ...{ scope, backfill: 'pending', runs: 0 },
      };
      if (!provider || !hasDeployments(provider)) continue;
      if (!repoKey || deleted || runs?.backfill !== 'done') continue;
      if (clock() < (state.problem?.retryAt ?? 0)) continue;
      const item = { host, slug, repoKey, provider, state };
      if (state.backfill === 'done') {
        const sweptAt = runs.confirmedAt ?? 0;
        if (sweptAt > (state.confirmedAt ?? 0))
          swept.push({ ...item, sweptAt });
        continue;
      }
      due.push({ ...item, rank: isWatched(item) ? -1 : state.runs });
    }
    return {
      first: due.sort((a, b) => a.rank - b.rank),
      swept: swept.sort((a, b) => a.sweptAt - b.sweptAt),
    };
  }

  private async read(
    { provider, state, ...scope }: Due,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, clock, governor, onApplied } = this.options;
    const now = clock();
    // One call for the list; with none left for a deployment there is nothing to ask.
    const booking = governor.book(provider, scope, 1 + PER_BATCH);
    if (booking.calls < 2) {
      booking.settle(0);
      return;
    }
    const since = now - BACK_MS;
    try {
      const batch = await provider.listDeployments({
        ...{ scope, since, signal, mode: 'backfill' },
        cursor: state.cursor,
        limit: booking.calls - 1,
      });
      const result = await store.apply(batch.changes);
      onApplied?.(result);
      const created = batch.changes.flatMap(({ fact }) =>
        fact.kind === 'deployment' ? fact.createdAt : [],
      );
      booking.settle(1 + created.length);
      // Others of the same second may still be unread.
      const after = created.map(at => at + 1);
      const oldest = Math.min(state.dataSince ?? now, ...after);
      await store.saveSyncState({
        ...state,
        backfill: batch.cursor ? 'running' : 'done',
        cursor: batch.cursor,
        runs: state.runs + created.length,
        dataSince: batch.cursor ? oldest : Math.min(oldest, since),
        // The whole is as of its beginning: what comes later, events tell.
        confirmedAt: state.confirmedAt ?? now,
        problem: undefined,
      });
    } catch (error) {
      if (signal.aborted) return;
      // A refusal answers the first call; how far another failure got nobody knows.
      if (isRefusal(error)) booking.settle(1);
      await this.noteProblem({ ...scope, state, error });
    }
  }

  /** Looks whether runs ended without all that should be known of their deployments, and only then asks. */
  private async sweep(
    { provider, state, sweptAt, ...scope }: Swept,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, mode, governor, isWatched } = this.options;
    const gap = () =>
      store.deploymentGap(scope.repoKey, {
        after: (state.confirmedAt ?? 0) - SETTLE_MS,
        upTo: sweptAt - SETTLE_MS,
        byHabit: mode === 'poll',
      });
    const mayAsk = () =>
      governor.allows('sweep', provider, scope, isWatched(scope));
    try {
      let found = await gap();
      let cursor: string | undefined;
      for (let batches = 0; found && batches < SWEEP.batches; batches++) {
        // Another tick asks; what is missing is not forgotten.
        if (!mayAsk()) return;
        cursor = await this.readGap(
          { provider, ...scope },
          found,
          cursor,
          signal,
        );
        found = cursor === undefined ? undefined : await gap();
      }
      await store.saveSyncState({
        ...state,
        confirmedAt: sweptAt,
        problem: undefined,
      });
    } catch (error) {
      if (signal.aborted) return;
      await this.noteProblem({ ...scope, state, error });
    }
  }

  /** One answer's worth of what is missing; gives where to go on. */
  private async readGap(
    { provider, ...scope }: RepositoryScope & Pick<Due, 'provider'>,
    { since, known }: DeploymentGap,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { store, onApplied } = this.options;
    const batch = await provider.listDeployments({
      ...{ scope, since, cursor, signal, mode: 'sweep' },
      known: new Set(known),
      limit: SWEEP.batch,
    });
    const result = await store.apply(batch.changes);
    onApplied?.(result);
    return batch.cursor;
  }

  /** Kept with the deployments only: the runs of the repository are read nevertheless, and their page says no more than is true. */
  private async noteProblem({
    host,
    slug,
    state,
    error,
  }: RepositoryScope & { state: SyncStateRow; error: unknown }): Promise<void> {
    const { store, clock, logger, governor } = this.options;
    const message = isError(error) ? error.message : String(error);
    logger.warn(`Reading deployments of ${host}/${slug} failed: ${message}`);
    const { code, retryAt } = error as { code?: string; retryAt?: number };
    if (retryAt !== undefined) governor.pause(host, retryAt);
    const pause = isRefusal(error) ? ASK_AGAIN_MS.refused : ASK_AGAIN_MS.failed;
    await store.saveSyncState({
      ...state,
      problem: {
        ...{ code: code ?? 'read_failed', message, at: clock() },
        retryAt: retryAt ?? clock() + pause,
      },
    });
  }
}

function hasDeployments(
  provider: DeliveryProvider,
): provider is Due['provider'] {
  return provider.listDeployments !== undefined;
}

function isRefusal(error: unknown): boolean {
  return (
    isError(error) &&
    (error.name === 'NotAllowedError' || error.name === 'NotFoundError')
  );
}
