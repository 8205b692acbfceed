import type {
  DoraMetric,
  DoraService,
  DoraSettings,
} from 'backstage-plugin-delivery-common';
import {
  type Bucket,
  bucketsOf,
  daysIn,
  type DoraTarget,
  metricsOf,
  previousWindow,
  rhythmOf,
  serviceValuesOf,
  type TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { DoraStore, StoredDeployment } from '../../database/DoraStore';
import type { DoraScope } from './DoraScopes';

/** What {@link DoraReports} works with. */
export interface DoraReportsOptions {
  dora: DoraStore;
  settings: DoraSettings;
  targets: DoraTarget[];
  now: () => number;
}

/** What the numbers are about. */
export type Measured = Pick<DoraScope, 'kind' | 'set' | 'dataSince'>;

/** Puts the sums of the database and the words of the domain together. Who may see them was decided before. */
export class DoraReports {
  readonly #options: DoraReportsOptions;

  constructor(options: DoraReportsOptions) {
    this.#options = options;
  }

  /** All metrics of a set of services; `trend: false` leaves the buckets out. */
  async metrics(
    scope: Measured,
    window: TimeWindow,
    { trend = true } = {},
  ): Promise<{ previous: TimeWindow; metrics: DoraMetric[] }> {
    const { dora, settings, targets, now } = this.#options;
    const { timeZone, percentileMethod: method } = settings;
    const previous = previousWindow(window, timeZone);
    const buckets: Bucket[] = trend ? bucketsOf(window, timeZone) : [];
    const asOf = now();
    const options = { method, asOf };
    const spans = [window, previous, ...buckets];
    const [[totals, before, ...parts], excluded] = await Promise.all([
      dora.totals(scope.set, spans, options),
      dora.excludedCounts(scope.set, window),
    ]);
    const single = scope.kind === 'service';
    const rows = single ? await dora.deployments(scope.set, window) : [];
    const metrics = metricsOf({
      ...{ window, totals, excluded, settings, targets, asOf },
      previous: {
        window: previous,
        totals: before,
        dataSince: scope.dataSince,
      },
      trend: parts.map((part, index) => ({
        bucket: buckets[index],
        totals: part,
      })),
      since: await this.#firstTried(scope, rows, {
        ...{ window, previous, before: before.tried },
      }),
      rhythm: single ? this.#rhythm(rows, window) : undefined,
    });
    return { previous, metrics };
  }

  /** Each service of a scope beside the others. */
  async distribution(
    { set, services }: Pick<DoraScope, 'set' | 'services'>,
    window: TimeWindow,
  ): Promise<DoraService[]> {
    const { dora, settings, now } = this.#options;
    const totals = await dora.totalsByService(set, window, {
      method: settings.percentileMethod,
      asOf: now(),
    });
    const days = daysIn(window, settings.timeZone);
    return services.flatMap(({ entityRef, title, owner, system }) => {
      const own = totals.get(entityRef);
      return own
        ? [
            {
              ...{ entityRef, title, owner, system },
              values: serviceValuesOf(own, days),
            },
          ]
        : [];
    });
  }

  /** The first deployment known to have been tried; the first moment of the window before stands for all that lies before it. */
  async #firstTried(
    { kind, set }: Measured,
    rows: StoredDeployment[],
    times: { window: TimeWindow; previous: TimeWindow; before: number },
  ): Promise<number | undefined> {
    const { window, previous, before } = times;
    if (before > 0) return previous.from;
    // Several services begin at several times: a day without any is one without any.
    if (kind !== 'service') return window.from;
    const first = rows.find(({ verdicts }) => verdicts.tried)?.verdicts.at;
    const earlier = await this.#options.dora.deployments(set, {
      ...{ from: 0, to: previous.from },
    });
    return earlier.some(({ verdicts }) => verdicts.tried)
      ? previous.from
      : first;
  }

  #rhythm(rows: StoredDeployment[], window: TimeWindow) {
    return rhythmOf(
      rows.flatMap(({ verdicts: { deployed, at } }) =>
        deployed && at !== undefined ? [at] : [],
      ),
      window,
      this.#options.settings.timeZone,
    );
  }
}
