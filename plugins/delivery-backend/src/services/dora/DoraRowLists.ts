import { InputError } from '@backstage/errors';
import type {
  DoraMetricId,
  DoraRows,
  DoraSettings,
} from 'backstage-plugin-delivery-common';
import {
  atMedian,
  type Excluded,
  excludedOf,
  openFailuresOf,
  rowsOfMetric,
  type TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type {
  DoraStore,
  ServiceSet,
  StoredChange,
  StoredDeployment,
} from '../../database/DoraStore';
import { withCode } from '../errors';
import { toChangeRow, toDeploymentRow, toExcludedRow } from './rowView';

/** Rows that are put in order at once; more are opened service by service, or week by week. */
const MOST_ROWS = 20_000;
const PAGE = 100;

/** Which rows, and which part of them. */
export interface RowsWanted {
  metric: DoraMetricId;
  set: 'rows' | 'excluded' | 'open';
  /** Id of the last row that was shown. */
  cursor?: string;
  limit?: number;
}

/** What {@link DoraRowLists} works with. */
export interface DoraRowListsOptions {
  dora: DoraStore;
  settings: DoraSettings;
  now: () => number;
}

interface Rows {
  deployments: StoredDeployment[];
  changes: StoredChange[];
}

/** The rows behind a number: chosen and put in order by the same functions that made it. */
export class DoraRowLists {
  readonly #options: DoraRowListsOptions;

  constructor(options: DoraRowListsOptions) {
    this.#options = options;
  }

  /**
   * @throws `InputError` `too_many_rows`: more than can be put in order at once
   * @throws `InputError` `cursor_wrong`: the row of the cursor is not there (any more)
   */
  async list(
    set: ServiceSet,
    window: TimeWindow,
    wanted: RowsWanted,
  ): Promise<DoraRows> {
    const { metric, limit = PAGE } = wanted;
    const asOf = this.#options.now();
    const all = await this.#all(set, window, wanted);
    const from = startOf(all.ids, wanted.cursor);
    const upTo = from + limit;
    const middle = atMedian(
      all.changes,
      this.#options.settings.percentileMethod,
    );
    return {
      ...{ metric, set: wanted.set, total: all.total, asOf },
      deployments: all.deployments
        .slice(from, upTo)
        .map(row => toDeploymentRow(row, asOf)),
      changes: all.changes
        .slice(from, upTo)
        .map(row => toChangeRow(row, middle)),
      excluded: all.excluded
        .slice(from, upTo)
        .map(row => toExcludedRow(row, all.byId.get(row.id))),
      nextCursor: upTo < all.ids.length ? all.ids[upTo - 1] : undefined,
    };
  }

  async #all(set: ServiceSet, window: TimeWindow, wanted: RowsWanted) {
    const { dora } = this.#options;
    await this.#bound(set, window);
    const rows = await this.#read(set, window, wanted);
    const none = { deployments: [], changes: [], excluded: [] as Excluded[] };
    const byId = new Map<string, StoredDeployment['deployment']>();
    if (wanted.set === 'excluded') {
      for (const { deployment } of rows.deployments) {
        byId.set(deployment.id, deployment);
      }
      const excluded = excludedOf(
        wanted.metric,
        { ...rows, excluded: await dora.excluded(set, window) },
        window,
      );
      const ids = excluded.map(row => `${row.what} ${row.id} ${row.reason}`);
      return { ...none, excluded, ids, total: excluded.length, byId };
    }
    if (wanted.set === 'open') {
      const deployments = openFailuresOf(rows.deployments, window);
      const ids = deployments.map(row => idOf(row.deployment));
      return { ...none, deployments, ids, total: ids.length, byId };
    }
    const chosen = rowsOfMetric(wanted.metric, rows, window);
    const ids = [
      ...chosen.deployments.map(row => idOf(row.deployment)),
      ...chosen.changes.map(row => idOf(row.change)),
    ];
    return { ...none, ...chosen, ids, byId };
  }

  async #read(
    set: ServiceSet,
    window: TimeWindow,
    { metric, set: part }: RowsWanted,
  ): Promise<Rows> {
    const { dora } = this.#options;
    const excluded = part === 'excluded';
    if (metric === 'lead_time') {
      const [deployments, changes] = await Promise.all([
        excluded ? dora.deployments(set, window) : [],
        dora.changes(set, window, { excluded }),
      ]);
      return { deployments, changes };
    }
    const isRecovery =
      metric === 'recovery_time' || metric === 'time_to_recovery';
    const deployments =
      isRecovery && part === 'rows'
        ? await dora.recovered(set, window)
        : await dora.deployments(set, window);
    return { deployments, changes: [] };
  }

  async #bound(set: ServiceSet, window: TimeWindow): Promise<void> {
    const { dora, settings, now } = this.#options;
    const [totals] = await dora.totals(set, [window], {
      method: settings.percentileMethod,
      asOf: now(),
    });
    if (Math.max(totals.tried, totals.lead.n) <= MOST_ROWS) return;
    throw withCode(
      new InputError(
        `There are more than ${MOST_ROWS} rows; choose a service, or a shorter time.`,
      ),
      'too_many_rows',
    );
  }
}

/** Ids are unique within a service only. */
function idOf({ service, id }: { service: string; id: string }): string {
  return `${service} ${id}`;
}

function startOf(ids: string[], cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const at = ids.indexOf(cursor);
  if (at >= 0) return at + 1;
  throw withCode(
    new InputError('The list has changed meanwhile; read it from the start.'),
    'cursor_wrong',
  );
}
