import type {
  Bucket,
  OverrideFact,
  SpanTotals,
  TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { isSqlite } from '../DatabaseDeliveryStore/connect';
import { optionalInt, text, type Raw } from '../DatabaseDeliveryStore/columns';
import type { DoraStore, ServiceDora, ServiceSet } from '../DoraStore';
import * as marks from './dirtyMarks';
import type { TotalsOptions } from './measures';
import * as words from './overrides';
import { portalTotals } from './portalTotals';
import * as rows from './readRows';
import { forgetService, saveService } from './saveService';
import { scanTotals, scanTotalsByService } from './scanTotals';
import { namesOf } from './serviceSet';

/** {@link DoraStore} on SQLite and Postgres; the tables must be there already. */
export class DatabaseDoraStore implements DoraStore {
  constructor(private readonly db: Knex) {}

  markDirty(services: { service: string; fromAt: number }[], now: number) {
    return this.db.transaction(tx => marks.markDirty(tx, services, now));
  }

  dirty(limit: number) {
    return marks.dirty(this.db, limit);
  }

  clean(service: string, upTo: number) {
    return this.db.transaction(tx => marks.clean(tx, service, upTo));
  }

  async outdated(version: string) {
    const found: Raw[] = await this.db('dora_service')
      .where('hidden', false)
      .whereNot('version', version)
      .select('service');
    return found.map(row => text(row.service)).sort();
  }

  pending(services: ServiceSet) {
    return marks.pending(this.db, services);
  }

  save(
    service: string,
    linked: ServiceDora,
    made: { version: string; at: number },
  ) {
    return this.db.transaction(tx => saveService(tx, service, linked, made));
  }

  forget(service: string) {
    return this.db.transaction(tx => forgetService(tx, service));
  }

  async services() {
    const found: Raw[] = await this.db('dora_service')
      .where('hidden', false)
      .select('service', 'data_since');
    return found
      .map(row => {
        const dataSince = optionalInt(row.data_since);
        return {
          service: text(row.service),
          ...(dataSince !== undefined && { dataSince }),
        };
      })
      .sort((a, b) => (a.service < b.service ? -1 : 1));
  }

  deployments(services: ServiceSet, window: TimeWindow) {
    return rows.deployments(this.db, services, window);
  }

  deployment(service: string, id: string) {
    return rows.deployment(this.db, service, id);
  }

  recovered(services: ServiceSet, window: TimeWindow) {
    return rows.recovered(this.db, services, window);
  }

  changes(
    services: ServiceSet,
    window: TimeWindow,
    options: { excluded?: boolean } = {},
  ) {
    return rows.changes(this.db, services, window, options.excluded === true);
  }

  incidents(services: ServiceSet, window: TimeWindow) {
    return rows.incidents(this.db, services, window);
  }

  excluded(services: ServiceSet, window: TimeWindow) {
    return rows.excluded(this.db, services, window);
  }

  async totals(
    services: ServiceSet,
    spans: (TimeWindow | Bucket)[],
    options: TotalsOptions,
  ): Promise<SpanTotals[]> {
    return this.#atOnce(async tx => {
      if (!services) return portalTotals(tx, spans, options);
      const ids = [...(await namesOf(tx, services)).keys()];
      return scanTotals(tx, ids, spans, options);
    });
  }

  async totalsByService(
    services: ServiceSet,
    span: TimeWindow,
    options: TotalsOptions,
  ): Promise<Map<string, SpanTotals>> {
    return this.#atOnce(async tx => {
      const names = await namesOf(tx, services);
      const ids = [...names.keys()];
      const totals = await scanTotalsByService(tx, ids, span, options);
      return new Map(
        [...totals].map(([id, each]) => [names.get(id) ?? '', each]),
      );
    });
  }

  /** Several statements on the same rows, whatever is saved meanwhile: a percentile is looked for where the counts before said. */
  #atOnce<T>(read: (tx: Knex) => Promise<T>): Promise<T> {
    return this.db.transaction(
      read,
      isSqlite(this.db)
        ? undefined
        : { isolationLevel: 'repeatable read', readOnly: true },
    );
  }

  excludedCounts(services: ServiceSet, window: TimeWindow) {
    return rows.excludedCounts(this.db, services, window);
  }

  saveOverride(service: string, override: OverrideFact) {
    return words.saveOverride(this.db, service, override);
  }

  clearOverride(service: string, deploymentId: string) {
    return words.clearOverride(this.db, service, deploymentId);
  }

  overrides(service: string) {
    return words.overrides(this.db, service);
  }
}
