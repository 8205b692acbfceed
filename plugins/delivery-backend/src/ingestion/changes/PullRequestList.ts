import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { SyncStateRow } from '../../database/rows';
import { commitsScope, incidentsScope, pullsScope } from '../scopes';
import {
  depthOf,
  isGone,
  type ChangeReadingOptions,
  type ReadStates,
  type Target,
} from './reading';
import type { WantedRepository } from './WantedRepository';

const MINUTE_MS = 60_000;
/** Without a deployment that is new nothing of the list is urgent. */
const REST_MS = 10 * MINUTE_MS;
/** Vendors count seconds, and a list may lag a little. */
const OVERLAP_MS = MINUTE_MS;
/** Pages of one turn; the next one goes on. */
const PAGES = 10;

/** Where a read stands, kept as the cursor of its state. */
interface Place {
  /** The vendor's time of the newest one ever read. */
  newest?: number;
  /** Absent: no read is under way. */
  reading?: {
    since: number;
    cursor: string;
    startedAt: number;
    etag?: string;
  };
}

type Reads = DeliveryProvider &
  Required<Pick<DeliveryProvider, 'listMergedPullRequests'>>;

/** The list of merged pull requests of a repository: whole once, then what changed, and only when there is a reason to ask. */
export class PullRequestList {
  constructor(private readonly options: ChangeReadingOptions) {}

  /** Somebody waits for what is in the list. */
  isAsked(provider: DeliveryProvider, wanted: WantedRepository): boolean {
    return reads(provider) && wanted.pairs.length > 0;
  }

  isDue(target: Target, wanted: WantedRepository, states: ReadStates): boolean {
    const { provider, scope: of } = target;
    const scope = pullsScope(of.host, of.slug);
    const state = states.of(scope);
    if (!this.isAsked(provider, wanted)) return false;
    if (states.heldUntil(scope) !== undefined) return false;
    if (state.backfill !== 'done') return true;
    if (depthOf(wanted.since) < (state.dataSince ?? Infinity)) return true;
    if (wanted.listIsOld) return true;
    const { confirmedAt = 0, lastEventAt = 0 } = state;
    const age = this.options.clock() - confirmedAt;
    if (this.options.mode === 'poll') return age >= states.pollMs(target);
    return lastEventAt > confirmedAt && age >= REST_MS;
  }

  /** Whether every pull request that was merged before a deployment that is wanted is stored. */
  isKnown(
    { scope: { host, slug } }: Target,
    wanted: WantedRepository,
    states: ReadStates,
  ): boolean {
    const scope = pullsScope(host, slug);
    const whole = states.of(scope).backfill === 'done' && !wanted.listIsOld;
    return whole && states.heldUntil(scope) === undefined;
  }

  /** True when something was stored that is not as before. */
  async read(
    target: Target,
    wanted: WantedRepository,
    states: ReadStates,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { host, slug } = target.scope;
    const scope = pullsScope(host, slug);
    let changed = false;
    const onChanged = () => {
      changed = true;
    };
    try {
      await this.pages(target, wanted, states, onChanged, signal);
    } catch (error) {
      if (signal.aborted) return changed;
      // Who may not see the list is told 403: this one is not there at all, and neither are its commits.
      const scopes = isGone(error)
        ? [scope, commitsScope(host, slug), incidentsScope(host, slug)]
        : [scope];
      await states.fail(scopes, target, error);
    }
    return changed;
  }

  private async pages(
    { provider, scope }: Target,
    wanted: WantedRepository,
    states: ReadStates,
    onChanged: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { changes, clock, governor } = this.options;
    if (!reads(provider)) return;
    let state = states.of(pullsScope(scope.host, scope.slug));
    const { newest: known, reading: begun } = placeOf(state);
    const since = begun?.since ?? sinceOf(state, wanted, known);
    const startedAt = begun?.startedAt ?? clock();
    let [newest, etag, cursor] = [known, begun?.etag, begun?.cursor];
    for (let pages = 0; pages < PAGES; pages++) {
      // News, not history: what is new now must not wait until all that was before is read.
      if (!governor.allows('sweep', provider, scope, true)) return;
      const page = await provider.listMergedPullRequests({
        ...{ scope, since, cursor, signal },
        etag: cursor === undefined ? validatorOf(state, since) : undefined,
      });
      const numbers = await changes.savePullRequests(scope.repoKey, page.items);
      if (numbers.length > 0) onChanged();
      if (cursor === undefined) {
        etag = page.etag;
        wanted.listIsOld = false;
      }
      for (const { updatedAt } of page.items) {
        newest = Math.max(newest ?? 0, updatedAt);
      }
      cursor = page.cursor;
      const place: Place =
        cursor === undefined
          ? { newest }
          : { newest, reading: { since, cursor, startedAt, etag } };
      state = {
        ...state,
        cursor: JSON.stringify(place),
        runs: state.runs + page.items.length,
        problem: undefined,
        ...(cursor === undefined
          ? {
              backfill: 'done',
              etag,
              confirmedAt: startedAt,
              dataSince: Math.min(state.dataSince ?? since, since),
            }
          : { backfill: 'running' }),
      };
      await states.save(state);
      if (cursor === undefined) return;
    }
  }
}

function reads(provider: DeliveryProvider): provider is Reads {
  return provider.listMergedPullRequests !== undefined;
}

function placeOf({ cursor }: SyncStateRow): Place {
  return cursor === undefined ? {} : (JSON.parse(cursor) as Place);
}

/** From where on: all that is wanted the first time, and when more is wanted than was. */
function sinceOf(
  { dataSince }: SyncStateRow,
  wanted: WantedRepository,
  newest: number | undefined,
): number {
  const depth = depthOf(wanted.since);
  if (dataSince === undefined || depth < dataSince) return depth;
  return Math.max(depth, (newest ?? 0) - OVERLAP_MS);
}

/** "Not changed" says nothing about what was never read. */
function validatorOf(
  { etag, dataSince }: SyncStateRow,
  since: number,
): string | undefined {
  return dataSince !== undefined && since >= dataSince ? etag : undefined;
}
