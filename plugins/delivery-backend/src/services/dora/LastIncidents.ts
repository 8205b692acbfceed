import type { Environment } from 'backstage-plugin-delivery-common';
import type { DoraStore } from '../../database/DoraStore';
import { BoundedCache } from '../BoundedCache';

/** What is older tells nothing of the environment of today. */
const BACK_MS = 400 * 86_400_000;
const TTL_MS = 60_000;

type LastIncident = Environment['lastIncident'];

/** The newest incident of a service that is known. */
export class LastIncidents {
  readonly #dora: Pick<DoraStore, 'incidents'>;
  readonly #now: () => number;
  readonly #kept: BoundedCache<LastIncident>;

  constructor(options: {
    dora: Pick<DoraStore, 'incidents'>;
    now: () => number;
  }) {
    this.#dora = options.dora;
    this.#now = options.now;
    this.#kept = new BoundedCache({
      ...{ maxEntries: 5_000, ttlMs: TTL_MS, now: options.now },
    });
  }

  lastOf(entityRef: string): Promise<LastIncident> {
    return this.#kept.get(entityRef, () => this.#read(entityRef));
  }

  /** Rows of these services are different. */
  changed(entityRefs: string[]): void {
    entityRefs.forEach(ref => this.#kept.delete(ref));
  }

  async #read(entityRef: string): Promise<LastIncident> {
    const to = this.#now();
    const rows = await this.#dora.incidents([entityRef], {
      ...{ from: to - BACK_MS, to },
    });
    let last: LastIncident;
    for (const { title, startedAt, resolvedAt, url } of rows) {
      if (startedAt === undefined || startedAt < (last?.startedAt ?? 0)) {
        continue;
      }
      last = { title: title ?? 'Incident', startedAt, resolvedAt, url };
    }
    return last;
  }
}
