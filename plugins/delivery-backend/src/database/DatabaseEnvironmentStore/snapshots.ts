import { createHash } from 'crypto';
import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  chunks,
  int,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';

/** How one kind of fact is kept: one row a thing, which another fact of the same thing may replace. */
export interface SnapshotTable {
  table: string;
  /** Columns that name the thing; the first one is selective. */
  key: readonly string[];
  /** Column whose greater value wins before time is asked. */
  first?: string;
  /** Of facts that should never differ the earliest stays. */
  earliest?: true;
}

/** A fact to keep. `columns` holds the key, `first` and what is looked for; not the content. */
export interface Told {
  at: number;
  fact: object;
  columns: Raw;
}

/** Where one version of a thing stands among others; a total order, so that the order of arrival plays no part. */
interface Version {
  at: number;
  hash: string;
  first: number;
}

function beats(a: Version, b: Version, { earliest }: SnapshotTable): boolean {
  if (a.first !== b.first) return a.first > b.first;
  if (a.at !== b.at) return earliest ? a.at < b.at : a.at > b.at;
  return a.hash > b.hash;
}

function keyOf(row: Raw, { key }: SnapshotTable): string {
  return JSON.stringify(key.map(column => text(row[column])));
}

/** Chooses between what is stored and what is told, and writes; gives the told facts whose content is stored now and was not before. */
export async function keep(
  tx: Knex,
  spec: SnapshotTable,
  told: Told[],
): Promise<Told[]> {
  if (told.length === 0) return [];
  const stored = await versions(tx, spec, told);
  const best = new Map(stored);
  const chosen = new Map<string, Told & { version: Version }>();
  for (const item of told) {
    const id = keyOf(item.columns, spec);
    const version = versionOf(item, spec);
    const other = best.get(id);
    if (other && !beats(version, other, spec)) continue;
    best.set(id, version);
    chosen.set(id, { ...item, version });
  }
  const changed: (Told & { version: Version })[] = [];
  const seen = new Map<number, Raw[]>();
  for (const [id, item] of chosen) {
    const before = stored.get(id);
    if (before?.hash !== item.version.hash) changed.push(item);
    else if (seen.has(item.at)) seen.get(item.at)?.push(item.columns);
    else seen.set(item.at, [item.columns]);
  }
  await upsert(
    tx,
    spec.table,
    [...spec.key],
    changed.map(item => ({
      ...item.columns,
      fact_json: JSON.stringify(item.fact),
      hash: item.version.hash,
      observed_at: item.at,
    })),
  );
  for (const [at, rows] of seen) await touch(tx, spec, rows, at);
  return changed;
}

function versionOf(item: Told, { first }: SnapshotTable): Version {
  const hash = createHash('sha256').update(canonical(item.fact)).digest('hex');
  return {
    at: item.at,
    hash: hash.slice(0, 32),
    first: first === undefined ? 0 : int(item.columns[first]),
  };
}

async function versions(
  tx: Knex,
  spec: SnapshotTable,
  told: Told[],
): Promise<Map<string, Version>> {
  const found = new Map<string, Version>();
  const [selective] = spec.key;
  const values = new Set(told.map(item => text(item.columns[selective])));
  for (const part of chunks([...values])) {
    const rows: Raw[] = await tx(spec.table)
      .whereIn(selective, part)
      .select(
        ...spec.key,
        'hash',
        'observed_at',
        ...(spec.first === undefined ? [] : [spec.first]),
      );
    for (const row of rows) {
      found.set(keyOf(row, spec), {
        at: int(row.observed_at),
        hash: text(row.hash),
        first: spec.first === undefined ? 0 : int(row[spec.first]),
      });
    }
  }
  return found;
}

/** The same again, at another time: without it an older, different fact that arrives late would win. */
async function touch(
  tx: Knex,
  { table, key }: SnapshotTable,
  rows: Raw[],
  at: number,
): Promise<void> {
  for (const part of chunks(rows)) {
    const names = part.map(row => key.map(column => text(row[column])));
    const query = tx(table);
    if (key.length === 1) query.whereIn(key[0], names.flat());
    else query.whereIn([...key], names);
    await query.update({ observed_at: at });
  }
}
