import type { Knex } from 'knex';
import { chunks, int, text, type Raw } from '../DatabaseDeliveryStore/columns';
import type { DirtyMark, ServiceSet } from '../DoraStore';

/** See DoraStore.markDirty; `tx` is a transaction. */
export async function markDirty(
  tx: Knex,
  services: { service: string; fromAt: number }[],
  now: number,
): Promise<void> {
  const from = new Map<string, number>();
  for (const { service, fromAt } of services) {
    from.set(service, Math.min(fromAt, from.get(service) ?? fromAt));
  }
  // One order, so that two transactions cannot wait for each other.
  const rows = [...from].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const part of chunks(rows)) {
    // A mark of the same millisecond must outlive the end of the one before.
    await tx.raw(
      `insert into dora_dirty (service, from_at, first_at, marked_at) values ${part
        .map(() => '(?, ?, ?, ?)')
        .join(', ')} on conflict (service) do update set
         from_at = case when excluded.from_at < dora_dirty.from_at then excluded.from_at else dora_dirty.from_at end,
         marked_at = case when excluded.marked_at > dora_dirty.marked_at then excluded.marked_at else dora_dirty.marked_at + 1 end`,
      part.flatMap(([service, fromAt]) => [service, fromAt, now, now]),
    );
  }
}

export async function dirty(db: Knex, limit: number): Promise<DirtyMark[]> {
  const rows: Raw[] = await db('dora_dirty')
    .orderBy(['first_at', 'service'])
    .limit(limit);
  return rows.map(row => ({
    service: text(row.service),
    fromAt: int(row.from_at),
    markedAt: int(row.marked_at),
  }));
}

/** See DoraStore.clean; a mark that stays goes to the end, so that one service cannot keep all others waiting. */
export async function clean(
  tx: Knex,
  service: string,
  upTo: number,
): Promise<void> {
  await tx('dora_dirty')
    .where('service', service)
    .where('marked_at', '<=', upTo)
    .delete();
  await tx('dora_dirty')
    .where('service', service)
    .update({ first_at: tx.ref('marked_at') });
}

export async function pending(db: Knex, services: ServiceSet): Promise<number> {
  const count = async (part?: readonly string[]) => {
    const query = db('dora_dirty').count({ n: '*' });
    if (part) query.whereIn('service', part as string[]);
    const rows: Raw[] = await query;
    return int(rows[0].n);
  };
  if (!services) return count();
  let sum = 0;
  for (const part of chunks([...new Set(services)])) sum += await count(part);
  return sum;
}
