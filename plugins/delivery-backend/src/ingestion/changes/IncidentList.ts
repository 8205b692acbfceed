import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { SyncStateRow } from '../../database/rows';
import { incidentsScope } from '../scopes';
import {
  depthOf,
  type ChangeReadingOptions,
  type ReadStates,
  type Target,
} from './reading';
import type { WantedRepository } from './WantedRepository';

const MINUTE_MS = 60_000;
/** Where events tell what changed: for those that were lost. */
const EVERY_MS = 6 * 60 * MINUTE_MS;
/** Pages of one turn; the next one goes on. */
const PAGES = 10;

/** Where a read stands, kept as the cursor of its state. */
interface Place {
  /** Labels of the last whole read, and how many calls it cost. */
  labels: string[];
  calls: number;
  /** Absent: no read is under way. */
  reading?: {
    since: number;
    cursor: string;
    startedAt: number;
    etag?: string;
    calls: number;
    /** Numbers that were told. */
    seen: number[];
  };
}

type Reads = DeliveryProvider &
  Required<Pick<DeliveryProvider, 'listIncidents'>>;

/**
 * Issues of a repository with a label of incidents. The list is always read whole, because what lost its label is only missing from it;
 * as long as nothing changes the vendor says so at no cost.
 */
export class IncidentList {
  constructor(private readonly options: ChangeReadingOptions) {}

  isDue(target: Target, wanted: WantedRepository, states: ReadStates): boolean {
    const { provider, scope: of } = target;
    const { clock, labels, mode } = this.options;
    const scope = incidentsScope(of.host, of.slug);
    if (!reads(provider) || labels.incident.length === 0) return false;
    if (states.heldUntil(scope) !== undefined) return false;
    const state = states.of(scope);
    if (state.backfill !== 'done') return true;
    if (isDeeper(wanted, state)) return true;
    const { confirmedAt = 0, lastEventAt = 0 } = state;
    const age = clock() - confirmedAt;
    const every = mode === 'poll' ? states.pollMs(target) : EVERY_MS;
    if (age >= every) return true;
    // A list of many pages is not read for each of many events.
    const { calls } = placeOf(state);
    const isLong = calls > labels.incident.length;
    return lastEventAt > confirmedAt && (!isLong || age >= calls * MINUTE_MS);
  }

  /** True when something was stored that is not as before. */
  async read(
    target: Target,
    wanted: WantedRepository,
    states: ReadStates,
    signal: AbortSignal,
  ): Promise<boolean> {
    const scope = incidentsScope(target.scope.host, target.scope.slug);
    let changed = false;
    const onChanged = () => {
      changed = true;
    };
    try {
      await this.pages(target, wanted, states, onChanged, signal);
    } catch (error) {
      if (!signal.aborted) await states.fail([scope], target, error);
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
    const labels = this.options.labels.incident;
    let state = states.of(incidentsScope(scope.host, scope.slug));
    const last = placeOf(state);
    const same = last.labels.join('\n') === labels.join('\n');
    const begun = same ? last.reading : undefined;
    const since = begun?.since ?? depthOf(wanted.since);
    const startedAt = begun?.startedAt ?? clock();
    const seen = new Set(begun?.seen);
    let [calls, etag, cursor] = [begun?.calls ?? 0, begun?.etag, begun?.cursor];
    for (let pages = 0; pages < PAGES; pages++) {
      // News, not history: what is new now must not wait until all that was before is read.
      if (!governor.allows('sweep', provider, scope, true)) return;
      const page = await provider.listIncidents({
        ...{ scope, since, cursor, labels, signal },
        etag:
          cursor === undefined && same && !isDeeper(wanted, state)
            ? state.etag
            : undefined,
      });
      calls += page.calls;
      const numbers = await changes.saveIncidents(
        scope.repoKey,
        page.items.map(item => ({ ...item, isIncident: true })),
      );
      if (numbers.length > 0) onChanged();
      page.items.forEach(({ number }) => seen.add(number));
      if (cursor === undefined) etag = page.etag;
      cursor = page.cursor;
      const whole = cursor === undefined;
      if (whole && !page.unchanged) {
        const dropped = await this.dropOthers(scope.repoKey, since, seen);
        if (dropped) onChanged();
      }
      const place: Place =
        cursor === undefined
          ? { labels, calls: page.unchanged ? last.calls : calls }
          : {
              ...{ labels, calls: last.calls },
              reading: {
                ...{ since, cursor, startedAt, etag, calls },
                seen: [...seen],
              },
            };
      state = {
        ...state,
        cursor: JSON.stringify(place),
        runs: state.runs + page.items.length,
        problem: undefined,
        ...(whole
          ? { backfill: 'done', etag, confirmedAt: startedAt, dataSince: since }
          : { backfill: 'running' }),
      };
      await states.save(state);
      if (whole) return;
    }
  }

  /** What the whole list does not have has no such label any more, or is gone. */
  private async dropOthers(
    repoKey: string,
    since: number,
    seen: Set<number>,
  ): Promise<boolean> {
    const { changes } = this.options;
    const others = (await changes.incidents(repoKey)).filter(
      ({ number, updatedAt }) => updatedAt >= since && !seen.has(number),
    );
    if (others.length === 0) return false;
    await changes.saveIncidents(
      repoKey,
      others.map(({ repoKey: _, ...item }) => ({ ...item, isIncident: false })),
    );
    return true;
  }
}

function reads(provider: DeliveryProvider): provider is Reads {
  return provider.listIncidents !== undefined;
}

/** More is wanted than was ever read. */
function isDeeper({ since }: WantedRepository, state: SyncStateRow): boolean {
  return depthOf(since) < (state.dataSince ?? Infinity);
}

function placeOf({ cursor }: SyncStateRow): Place {
  return cursor === undefined
    ? { labels: [], calls: 0 }
    : (JSON.parse(cursor) as Place);
}
