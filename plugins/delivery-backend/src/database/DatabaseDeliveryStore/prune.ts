import type { Knex } from 'knex';
import type { Raw } from './columns';

/** Rows that go in one transaction: few enough that nobody waits for it. */
const BATCH = 1000;

/** Deletes what `select` finds, batch by batch. */
async function deleteBatches(
  db: Knex,
  table: string,
  key: string,
  select: (query: Knex.QueryBuilder) => void,
): Promise<number> {
  let total = 0;
  for (;;) {
    const query = db(table).select(key).limit(BATCH);
    select(query);
    const rows = (await query) as Raw[];
    if (rows.length === 0) return total;
    const found = db(table).whereIn(
      key,
      rows.map(row => String(row[key])),
    );
    select(found);
    total += await found.delete();
    if (rows.length < BATCH) return total;
  }
}

/** See DeliveryStore.prune. */
export async function prune(
  db: Knex,
  before: { inboxBodies: number; jobs: number; unclaimed: number },
): Promise<Record<string, number>> {
  const inbox = await deleteBatches(db, 'inbox', 'id', query =>
    query
      .whereIn('state', ['done', 'ignored'])
      .where('done_at', '<', before.inboxBodies),
  );
  // What failed stays as a row with its error, for the setup page; only the body goes.
  const bodies = await db('inbox')
    .where('state', 'failed')
    .whereNot('body', '')
    .where('received_at', '<', before.inboxBodies)
    .update({ body: '' });
  const unclaimed = await deleteBatches(db, 'inbox', 'id', query =>
    query.where('state', 'parked').where('received_at', '<', before.unclaimed),
  );
  const jobs = await deleteBatches(db, 'job', 'job_key', query =>
    query.whereRaw('coalesce(created_at, started_at, observed_at) < ?', [
      before.jobs,
    ]),
  );
  const pushes = await deleteBatches(db, 'push', 'after_sha', query =>
    query.where('observed_at', '<', before.jobs),
  );
  const commits = await deleteBatches(db, 'known_commit', 'sha', query =>
    query.where('observed_at', '<', before.jobs),
  );
  const checks = await deleteBatches(db, 'check_run', 'check_key', query =>
    query.where('observed_at', '<', before.jobs),
  );
  return { inbox, bodies, unclaimed, jobs, pushes, commits, checks };
}
