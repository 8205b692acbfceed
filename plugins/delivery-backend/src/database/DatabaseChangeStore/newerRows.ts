import type { Knex } from 'knex';
import {
  chunks,
  int,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';

interface Numbered {
  number: number;
  updatedAt: number;
}

/**
 * Saves what is not older than what is stored, and gives the numbers of those of which something else than the vendor's time is different.
 *
 * @param tx - a transaction
 */
export async function saveNewer<T extends Numbered>(
  tx: Knex,
  table: { name: string; toRow(item: T): Raw; fromRow(row: Raw): T },
  repoKey: string,
  items: T[],
): Promise<number[]> {
  await lock(tx, [`${table.name}:${repoKey}`]);
  const newest = new Map<number, T>();
  for (const item of items) {
    const other = newest.get(item.number);
    if (!other || item.updatedAt >= other.updatedAt) {
      newest.set(item.number, item);
    }
  }
  const stored = new Map<number, T>();
  for (const part of chunks([...newest.keys()])) {
    const rows: Raw[] = await tx(table.name)
      .where('repo_key', repoKey)
      .whereIn('number', part);
    rows.forEach(row => stored.set(int(row.number), table.fromRow(row)));
  }
  const taken = [...newest.values()].filter(
    item => item.updatedAt >= (stored.get(item.number)?.updatedAt ?? -Infinity),
  );
  const textOf = (item: T) =>
    JSON.stringify(table.toRow({ ...item, updatedAt: 0 }));
  const changed = taken.filter(item => {
    const before = stored.get(item.number);
    return !before || textOf(before) !== textOf(item);
  });
  await upsert(
    tx,
    table.name,
    ['repo_key', 'number'],
    taken.map(item => ({ repo_key: repoKey, ...table.toRow(item) })),
  );
  return changed.map(({ number }) => number).sort((a, b) => a - b);
}
