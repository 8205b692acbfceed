import type { Knex } from 'knex';
import { isSqlite } from '../DatabaseDeliveryStore/connect';

/** Narrows a query to rows whose column is one of the values, whatever their number: the whole list is one bound value. */
export function oneOf(
  db: Knex,
  query: Knex.QueryBuilder,
  column: string,
  values: readonly string[],
): void {
  if (isSqlite(db)) {
    query.whereRaw(`${column} in (select value from json_each(?))`, [
      JSON.stringify(values),
    ]);
  } else {
    query.whereRaw(`${column} = any(?::text[])`, [[...values]] as never);
  }
}
