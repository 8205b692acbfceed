import type { TimeWindow } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { chunks, int, text } from '../DatabaseDeliveryStore/columns';
import { isSqlite } from '../DatabaseDeliveryStore/connect';
import type { ServiceSet } from '../DoraStore';

/** Ids with names of services that have rows; of all only those in the catalog. */
export async function namesOf(
  db: Knex,
  services: ServiceSet,
): Promise<Map<number, string>> {
  const rows: { id: unknown; service: unknown }[] = [];
  if (services) {
    for (const part of chunks([...new Set(services)], 5000)) {
      rows.push(
        ...(await db('dora_service')
          .whereIn('service', part)
          .select('id', 'service')),
      );
    }
  } else {
    rows.push(
      ...(await db('dora_service')
        .where('hidden', false)
        .select('id', 'service')),
    );
  }
  return new Map(rows.map(row => [int(row.id), text(row.service)]));
}

/** A piece of SQL with its bound values. */
export interface Sql {
  text: string;
  values: unknown[];
}

/** Ten thousand ids are one bound value; a list of `?` would be more than a statement may hold. */
export function isOneOf(db: Knex, column: string, ids: Iterable<number>): Sql {
  const list = [...ids];
  return isSqlite(db)
    ? {
        text: `${column} in (select value from json_each(?))`,
        values: [JSON.stringify(list)],
      }
    : { text: `${column} = any(?::int[])`, values: [list] };
}

/** Spans as a table `span(g, f, t)`: their place and their two ends. */
export function spanTable(db: Knex, spans: readonly TimeWindow[]): Sql {
  if (isSqlite(db)) {
    const list = spans.map(({ from, to }) => [from, to]);
    return {
      text: `select key as g, value ->> 0 as f, value ->> 1 as t from json_each(?)`,
      values: [JSON.stringify(list)],
    };
  }
  return {
    text: `select g - 1 as g, f, t from unnest(?::bigint[], ?::bigint[]) with ordinality as given(f, t, g)`,
    values: [spans.map(({ from }) => from), spans.map(({ to }) => to)],
  };
}

/** Whose rows: those of the set, or all of the catalog; for reads of whole rows. */
export async function ofServices(
  db: Knex,
  column: string,
  services: ServiceSet,
): Promise<Sql> {
  if (services) {
    return isOneOf(db, column, (await namesOf(db, services)).keys());
  }
  // Few are hidden, if any.
  return {
    text: `${column} not in (select id from dora_service where hidden = ?)`,
    values: [isSqlite(db) ? 1 : true],
  };
}

export async function all<T>(
  db: Knex,
  { text: sql, values }: Sql,
): Promise<T[]> {
  const answer = await db.raw(sql, values as Knex.RawBinding[]);
  return isSqlite(db) ? answer : answer.rows;
}
