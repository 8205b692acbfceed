import type { ConformanceReading } from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import type {
  ConformanceStore,
  StoredConformance,
  StoredReading,
} from '../ConformanceStore';
import {
  chunks,
  int,
  json,
  optionalInt,
  optionalJson,
  optionalText,
  text,
  type Raw,
} from '../DatabaseDeliveryStore/columns';

/** Paths whose change means that the pipeline may be another one. */
const OF_PIPELINE = ['%.github/%', '%catalog-info%'];

/** {@link ConformanceStore} on SQLite and Postgres. */
export class DatabaseConformanceStore implements ConformanceStore {
  constructor(private readonly db: Knex) {}

  async due(query: {
    before: number;
    failedBefore: number;
    limit: number;
  }): Promise<string[]> {
    const rows: Raw[] = await this.db('repository as r')
      .leftJoin('conformance_reading as c', 'c.repo_key', 'r.repo_key')
      .where('r.deleted', false)
      .whereExists(
        this.db('repository_alias as a')
          .join('service_binding as b', join =>
            join.on('b.host', 'a.host').andOn('b.slug', 'a.slug'),
          )
          .whereRaw('a.repo_key = r.repo_key')
          .select(this.db.raw('1')),
      )
      .where(due =>
        due
          .whereNull('c.repo_key')
          .orWhere('c.tried_at', '<', query.before)
          .orWhere(failed =>
            failed
              .whereNotNull('c.problem')
              .where('c.tried_at', '<', query.failedBefore),
          )
          .orWhereExists(
            this.db('push as p')
              .whereRaw('p.repo_key = r.repo_key')
              .whereRaw('p.observed_at > c.tried_at')
              .whereRaw('p.branch = r.default_branch')
              .where(files =>
                OF_PIPELINE.reduce(
                  (any, pattern) => any.orWhereLike('p.files_json', pattern),
                  files.whereNull('p.files_json'),
                ),
              )
              .select(this.db.raw('1')),
          ),
      )
      .orderByRaw('coalesce(c.tried_at, 0), r.repo_key')
      .limit(query.limit)
      .select('r.repo_key');
    return rows.map(row => text(row.repo_key));
  }

  async reading(repoKey: string): Promise<StoredReading | undefined> {
    const row: Raw | undefined = await this.db('conformance_reading')
      .where('repo_key', repoKey)
      .first();
    return (
      row && {
        repoKey,
        reading: optionalJson<ConformanceReading>(row.reading_json),
        readAt: optionalInt(row.read_at),
        problem: optionalText(row.problem),
      }
    );
  }

  async saveReading(
    repoKey: string,
    reading: ConformanceReading,
    at: number,
  ): Promise<void> {
    await this.db('conformance_reading')
      .insert({
        ...{ repo_key: repoKey, reading_json: JSON.stringify(reading) },
        ...{ read_at: at, tried_at: at, problem: null },
      })
      .onConflict('repo_key')
      .merge();
  }

  async failReading(
    repoKey: string,
    problem: string,
    at: number,
  ): Promise<void> {
    await this.db('conformance_reading')
      .insert({ repo_key: repoKey, tried_at: at, problem })
      .onConflict('repo_key')
      .merge(['tried_at', 'problem']);
  }

  async saveResults(
    repoKey: string,
    results: StoredConformance[],
  ): Promise<void> {
    await this.db.transaction(async tx => {
      await tx('conformance_result').where('repo_key', repoKey).delete();
      for (const { entityRef, asOf, report } of results) {
        await tx('conformance_result')
          .insert({
            ...{ entity_ref: entityRef, repo_key: repoKey, as_of: asOf },
            report_json: JSON.stringify(report),
          })
          .onConflict('entity_ref')
          .merge();
      }
    });
  }

  async results(entityRefs?: string[]): Promise<StoredConformance[]> {
    const rows: Raw[] = [];
    if (!entityRefs) rows.push(...(await this.db('conformance_result')));
    for (const part of chunks(entityRefs ?? [])) {
      rows.push(
        ...(await this.db('conformance_result').whereIn('entity_ref', part)),
      );
    }
    return rows.map(row => ({
      entityRef: text(row.entity_ref),
      repoKey: text(row.repo_key),
      asOf: int(row.as_of),
      report: json(row.report_json),
    }));
  }

  async repoKeys(): Promise<string[]> {
    const rows: Raw[] = await this.db('conformance_reading')
      .whereNotNull('reading_json')
      .orderBy('repo_key')
      .select('repo_key');
    return rows.map(row => text(row.repo_key));
  }
}
