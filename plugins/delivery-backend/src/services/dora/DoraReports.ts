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
import type { DoraStore, ServiceSet } from '../../database/DoraStore';
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
      since: single ? scope.dataSince : undefined,
      rhythm: single ? await this.#rhythm(scope.set, window) : undefined,
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

  async #rhythm(set: ServiceSet, window: TimeWindow) {
    const rows = await this.#options.dora.deployments(set, window);
    return rhythmOf(
      rows.flatMap(({ verdicts: { deployed, at } }) =>
        deployed && at !== undefined ? [at] : [],
      ),
      window,
      this.#options.settings.timeZone,
    );
  }
}
