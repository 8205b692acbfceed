import type {
  Conclusion,
  State,
  Status,
} from 'backstage-plugin-delivery-common';
import type { Knex } from 'knex';

/** A row as the driver gives it: Postgres gives bigint as text, SQLite gives booleans as 0 and 1. */
export type Raw = Record<string, unknown>;

export function text(value: unknown): string {
  return String(value);
}

export function optionalText(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

export function int(value: unknown): number {
  return Number(value);
}

export function optionalInt(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

export function bool(value: unknown): boolean {
  return value === true || value === 1;
}

export function json<T>(value: unknown): T {
  return JSON.parse(String(value));
}

export function optionalJson<T>(value: unknown): T | undefined {
  return value === null || value === undefined
    ? undefined
    : JSON.parse(String(value));
}

/** The four columns of a state. */
export function stateColumns(state: State): Raw {
  return {
    status: state.status,
    conclusion: state.conclusion,
    raw_status: state.rawStatus,
    raw_conclusion: state.rawConclusion,
  };
}

export function stateOf(row: Raw): State {
  return {
    status: row.status as Status,
    conclusion: (row.conclusion ?? undefined) as Conclusion | undefined,
    rawStatus: text(row.raw_status),
    rawConclusion: optionalText(row.raw_conclusion),
  };
}

/** Bound values one statement may hold (SQLite: 32,766, Postgres: 65,535). */
const MAX_VALUES = 16_000;

/** Cuts a list of keys so that each part fits into one statement. */
export function chunks<T>(items: readonly T[], size = 500): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) {
    parts.push(items.slice(from, from + size));
  }
  return parts;
}

/**
 * Writes rows in as few statements as possible. All rows must have the same columns. Written as SQL because it is the same text
 * on SQLite and Postgres, and because building it row by row through the query builder was the slowest part of applying a batch.
 *
 * @param key - columns of the unique index; all other columns are replaced, unless `keep` (none) or `leave` (not these)
 */
export async function upsert(
  db: Knex,
  table: string,
  key: string[],
  rows: Raw[],
  options: { keep?: boolean; leave?: string[] } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]);
  const updated = columns.filter(
    column => !key.includes(column) && !options.leave?.includes(column),
  );
  const action =
    options.keep || updated.length === 0
      ? 'do nothing'
      : `do update set ${updated.map(c => `${c} = excluded.${c}`).join(', ')}`;
  const one = `(${columns.map(() => '?').join(', ')})`;
  for (const part of chunks(rows, Math.floor(MAX_VALUES / columns.length))) {
    await db.raw(
      `insert into ${table} (${columns.join(', ')}) values ${part
        .map(() => one)
        .join(', ')} on conflict (${key.join(', ')}) ${action}`,
      part.flatMap(row =>
        columns.map(column => (row[column] ?? null) as Knex.RawBinding),
      ),
    );
  }
}

/** All rows of a table whose column is one of the keys. */
export async function rowsByKey(
  db: Knex,
  table: string,
  column: string,
  keys: readonly string[],
): Promise<Raw[]> {
  const found: Raw[] = [];
  for (const part of chunks(keys)) {
    found.push(...(await db(table).whereIn(column, part).select('*')));
  }
  return found;
}
