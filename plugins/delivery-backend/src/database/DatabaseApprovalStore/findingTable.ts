import type { Finding } from 'backstage-plugin-delivery-common';
import type { Knex } from 'knex';
import type { ApprovalStore } from '../ApprovalStore';
import {
  chunks,
  json,
  optionalJson,
  text,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { isSqlite } from '../DatabaseDeliveryStore/connect';
import { oneOf } from './oneOf';

const MAX_FINDINGS = 500;
const COLUMNS = [
  ...['id', 'kind', 'entity_ref', 'at', 'state'],
  ...['finding_json', 'review_json'],
];

function toFinding(row: Raw): Finding {
  const review = optionalJson<NonNullable<Finding['review']>>(row.review_json);
  return {
    ...json<Finding>(row.finding_json),
    state: row.state as Finding['state'],
    ...(review && { review }),
  };
}

function valuesOf(row: Finding): Knex.RawBinding[] {
  const { state, review, ...rest } = row;
  return [
    ...[row.id, row.kind, row.entityRef, row.at, state],
    JSON.stringify(rest),
    review ? JSON.stringify(review) : null,
  ];
}

/** See ApprovalStore.addFindings; `tx` is a transaction. */
export async function addFindings(
  tx: Knex,
  rows: Finding[],
): Promise<Finding[]> {
  const wanted = new Map(rows.map(row => [row.id, row]));
  // One order for all, so that two replicas cannot wait for each other.
  const sorted = [...wanted.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const added = new Set<string>();
  for (const part of chunks(sorted)) {
    const result = await tx.raw(
      `insert into finding (${COLUMNS.join(', ')}) values ${part
        .map(() => `(${COLUMNS.map(() => '?').join(', ')})`)
        .join(', ')} on conflict do nothing returning id`,
      part.flatMap(valuesOf),
    );
    const ids: Raw[] = isSqlite(tx) ? result : result.rows;
    ids.forEach(row => added.add(text(row.id)));
  }
  return [...wanted.values()].filter(row => added.has(row.id));
}

export async function finding(
  db: Knex,
  id: string,
): Promise<Finding | undefined> {
  const row = await db('finding').where('id', id).first();
  return row && toFinding(row);
}

export async function findings(
  db: Knex,
  { entityRefs, kinds, state }: Parameters<ApprovalStore['findings']>[0],
): Promise<Finding[]> {
  const query = db('finding')
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(MAX_FINDINGS);
  if (entityRefs) oneOf(db, query, 'entity_ref', entityRefs);
  if (kinds) query.whereIn('kind', kinds);
  if (state) query.where('state', state);
  return ((await query) as Raw[]).map(toFinding);
}

/** One statement, so that of two people at the same time one is told that it was done. */
export async function reviewFinding(
  db: Knex,
  id: string,
  review: NonNullable<Finding['review']>,
): Promise<Finding | undefined> {
  const [row] = (await db('finding')
    .where({ id, state: 'open' })
    .update({ state: 'reviewed', review_json: JSON.stringify(review) })
    .returning('*')) as Raw[];
  return row && toFinding(row);
}

export async function dropFindings(tx: Knex, ids: string[]): Promise<void> {
  for (const part of chunks(ids)) {
    await tx('finding').whereIn('id', part).where('state', 'open').delete();
  }
}
