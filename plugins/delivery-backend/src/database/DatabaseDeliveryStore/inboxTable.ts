import type { Change } from 'backstage-plugin-delivery-common';
import type { Knex } from 'knex';
import type { InboxItem } from '../DeliveryStore';
import type { InboxRow } from '../rows';
import {
  chunks,
  int,
  optionalInt,
  optionalText,
  text,
  type Raw,
} from './columns';
import { BINDINGS_LOCK } from './bindings';
import { isSqlite, lock } from './connect';
import { hostOf } from './repositoryTables';

function toInboxRow(row: Raw): InboxRow {
  return {
    id: int(row.id),
    provider: text(row.provider),
    deliveryId: text(row.delivery_id),
    event: text(row.event),
    bodyHash: text(row.body_hash),
    body: text(row.body),
    receivedAt: int(row.received_at),
    state: row.state as InboxRow['state'],
    attempts: int(row.attempts),
    claimedUntil: optionalInt(row.claimed_until),
    error: optionalText(row.error),
    doneAt: optionalInt(row.done_at),
  };
}

export async function addToInbox(
  db: Knex,
  row: Pick<
    InboxRow,
    'provider' | 'deliveryId' | 'event' | 'bodyHash' | 'body' | 'receivedAt'
  >,
): Promise<'added' | 'duplicate'> {
  // A text column of Postgres cannot hold this character; it has no business in JSON, and parsing will say so.
  const body = row.body.replaceAll('\0', '\uFFFD');
  const result = await db.raw(
    `insert into inbox (provider, delivery_id, event, body_hash, body, received_at, state, attempts)
     values (?, ?, ?, ?, ?, ?, 'open', 0) on conflict do nothing returning id`,
    [
      row.provider,
      row.deliveryId,
      row.event,
      row.bodyHash,
      body,
      row.receivedAt,
    ],
  );
  const rows: unknown[] = isSqlite(db) ? result : result.rows;
  return rows.length > 0 ? 'added' : 'duplicate';
}

export async function claimInbox(
  db: Knex,
  now: number,
  limit: number,
  leaseMs: number,
): Promise<InboxRow[]> {
  const free = db('inbox')
    // Written out, not bound: only then do both databases use the index of open rows.
    .whereRaw(`state = 'open'`)
    .where(where =>
      where.whereNull('claimed_until').orWhere('claimed_until', '<=', now),
    )
    .orderBy('id')
    .limit(limit)
    .select('id');
  const rows = (await db('inbox')
    .whereIn('id', isSqlite(db) ? free : free.forUpdate().skipLocked())
    .update({
      claimed_until: now + leaseMs,
      attempts: db.raw('attempts + 1'),
    })
    .returning('*')) as Raw[];
  return rows.map(toInboxRow).sort((a, b) => a.id - b.id);
}

/** Sets rows aside whose repository no service has; gives the changes of all others. */
export async function parkUnclaimed(
  tx: Knex,
  items: InboxItem[],
): Promise<{ changes: Change[]; parked: number[] }> {
  // Shared: while it is held no binding can appear between the look and the mark.
  await lock(tx, [BINDINGS_LOCK], 'shared');
  const repositories = new Map<string, { host: string; slug: string }>();
  for (const { changes } of items) {
    for (const { fact } of changes) {
      if (fact.kind !== 'repository') continue;
      const slug = fact.slug.toLowerCase();
      repositories.set(fact.repoKey, { host: hostOf(fact), slug });
    }
  }
  const claimed = await claimedRepositories(tx, repositories);
  const changes: Change[] = [];
  const parked: number[] = [];
  const marks = new Map<
    string,
    { host: string; slug: string; ids: number[] }
  >();
  for (const item of items) {
    const foreign = item.changes.find(({ fact }) => !claimed.has(fact.repoKey));
    const repository = foreign && repositories.get(foreign.fact.repoKey);
    if (!foreign) {
      changes.push(...item.changes);
      continue;
    }
    parked.push(item.id);
    const mark = marks.get(foreign.fact.repoKey) ?? {
      host: repository?.host ?? '',
      slug: repository?.slug ?? '',
      ids: [],
    };
    mark.ids.push(item.id);
    marks.set(foreign.fact.repoKey, mark);
  }
  for (const { host, slug, ids } of marks.values()) {
    await tx('inbox').whereIn('id', ids).update({
      state: 'parked',
      claimed_until: null,
      parked_host: host,
      parked_slug: slug,
    });
  }
  return { changes, parked };
}

async function claimedRepositories(
  tx: Knex,
  repositories: Map<string, { host: string; slug: string }>,
): Promise<Set<string>> {
  const claimed = new Set<string>();
  const names = [...repositories.values()];
  if (names.length === 0) return claimed;
  const byName = (await tx('service_binding')
    .whereIn(
      'slug',
      names.map(name => name.slug),
    )
    .select('host', 'slug')) as Raw[];
  const bound = new Set(byName.map(row => `${row.host}/${row.slug}`));
  // A renamed repository stays claimed by its old name until the catalog follows.
  const byAlias = (await tx('repository_alias as a')
    .join('service_binding as b', join =>
      join.on('a.host', 'b.host').andOn('a.slug', 'b.slug'),
    )
    .whereIn('a.repo_key', [...repositories.keys()])
    .select('a.repo_key')) as Raw[];
  byAlias.forEach(row => claimed.add(text(row.repo_key)));
  for (const [repoKey, { host, slug }] of repositories) {
    if (bound.has(`${host}/${slug}`)) claimed.add(repoKey);
  }
  return claimed;
}

/** Marks rows as over. */
export async function endInbox(
  tx: Knex,
  items: Pick<InboxItem, 'id' | 'at' | 'outcome' | 'note'>[],
): Promise<void> {
  const groups = new Map<string, typeof items>();
  for (const item of items) {
    const key = JSON.stringify([item.outcome, item.at, item.note ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  for (const group of groups.values()) {
    for (const part of chunks(group)) {
      await tx('inbox')
        .whereIn(
          'id',
          part.map(item => item.id),
        )
        .update({
          state: part[0].outcome,
          done_at: part[0].at,
          claimed_until: null,
          error: part[0].note ?? null,
        });
    }
  }
}

export async function failInbox(
  db: Knex,
  id: number,
  error: string,
  retryAt: number | undefined,
): Promise<void> {
  await db('inbox')
    .where('id', id)
    .whereRaw(`state = 'open'`)
    .update({
      state: retryAt === undefined ? 'failed' : 'open',
      claimed_until: retryAt ?? null,
      error,
    });
}

export async function releaseInbox(db: Knex, ids: number[]): Promise<void> {
  for (const part of chunks(ids)) {
    await db('inbox')
      .whereIn('id', part)
      .whereRaw(`state = 'open'`)
      // It was not tried, so it does not count.
      .update({ claimed_until: null, attempts: db.raw('attempts - 1') });
  }
}

export async function inboxCounts(
  db: Knex,
): Promise<Record<InboxRow['state'], number>> {
  const counts = { open: 0, done: 0, ignored: 0, failed: 0, parked: 0 };
  const rows = (await db('inbox')
    .groupBy('state')
    .select('state')
    .count({ n: '*' })) as Raw[];
  for (const row of rows) {
    counts[row.state as InboxRow['state']] = int(row.n);
  }
  return counts;
}
