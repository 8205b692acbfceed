import type {
  DoraMetricId,
  DoraSettings,
  DoraTiles,
} from 'backstage-plugin-delivery-common';
import { windowOfDays } from 'backstage-plugin-delivery-common/domain';
import type { DoraStore } from '../../database/DoraStore';
import { BoundedCache } from '../BoundedCache';
import type { DoraReports } from './DoraReports';

const DAYS = 90;
/** In the order of the tiles. */
const SHOWN: DoraMetricId[] = [
  'lead_time',
  'deployment_frequency',
  'change_fail_rate',
  'recovery_time',
];
/** The window moves on with the days, so that what is kept grows old by itself. */
const TTL_MS = 10 * 60_000;
const SERVICES_TTL_MS = 30_000;

/** What {@link DoraTilesReader} works with. */
export interface DoraTilesReaderOptions {
  dora: Pick<DoraStore, 'services'>;
  reports: Pick<DoraReports, 'metrics'>;
  settings: DoraSettings;
  now: () => number;
}

/** The four numbers that the first sight of a service shows; kept until something of the service is derived anew. */
export class DoraTilesReader {
  readonly #options: DoraTilesReaderOptions;
  readonly #kept: BoundedCache<DoraTiles | undefined>;
  readonly #services: BoundedCache<Map<string, number | undefined>>;

  constructor(options: DoraTilesReaderOptions) {
    this.#options = options;
    this.#kept = new BoundedCache({
      ...{ maxEntries: 5_000, ttlMs: TTL_MS, now: options.now },
    });
    this.#services = new BoundedCache({
      ...{ maxEntries: 1, ttlMs: SERVICES_TTL_MS, now: options.now },
    });
  }

  /** Undefined: nothing was ever deployed to production. */
  of(entityRef: string): Promise<DoraTiles | undefined> {
    return this.#kept.get(entityRef, () => this.#make(entityRef));
  }

  /** Rows of these services are different. */
  changed(entityRefs: string[]): void {
    this.#services.clear();
    entityRefs.forEach(ref => this.#kept.delete(ref));
  }

  async #make(entityRef: string): Promise<DoraTiles | undefined> {
    const { dora, reports, settings, now } = this.#options;
    const services = await this.#services.get('', async () => {
      const rows = await dora.services();
      return new Map(rows.map(row => [row.service, row.dataSince]));
    });
    if (!services.has(entityRef)) return undefined;
    const dataSince = services.get(entityRef);
    const { metrics } = await reports.metrics(
      { kind: 'service', set: [entityRef], dataSince },
      windowOfDays(DAYS, now(), settings.timeZone),
      { trend: false },
    );
    if (metrics.every(metric => metric.value === null)) return undefined;
    return {
      days: DAYS,
      items: SHOWN.flatMap(id => {
        const metric = metrics.find(item => item.id === id);
        return metric ? [tileOf(metric)] : [];
      }),
    };
  }
}

function tileOf(
  metric: DoraTiles['items'][number],
): DoraTiles['items'][number] {
  const { id, value, n, hits, unit, provisional, small, previous, bands } =
    metric;
  return { id, value, n, hits, unit, provisional, small, previous, bands };
}
