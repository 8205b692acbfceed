import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type { ApprovalRow, ApprovalStore } from '../ApprovalStore';
import {
  int,
  json,
  optionalInt,
  optionalJson,
  optionalText,
  rowsByKey,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';
import { oneOf } from './oneOf';

function toApproval(row: Raw): ApprovalRow {
  return {
    id: text(row.id),
    runKey: text(row.run_key),
    repoKey: text(row.repo_key),
    attempt: int(row.attempt),
    environment: text(row.environment),
    sha: text(row.sha),
    state: row.state as ApprovalRow['state'],
    openedAt: int(row.opened_at),
    closedAt: optionalInt(row.closed_at),
    requestedBy: optionalText(row.requested_by),
    candidates: json(row.candidates_json),
    decided: optionalJson(row.decided_json),
    notifiedAt: optionalInt(row.notified_at),
    updatedAt: int(row.updated_at),
  };
}

function columnsOf(row: ApprovalRow): Raw {
  const open = row.state === 'waiting';
  return {
    id: row.id,
    run_key: row.runKey,
    repo_key: row.repoKey,
    attempt: row.attempt,
    environment: row.environment,
    sha: row.sha,
    state: row.state,
    open,
    sort_at: open ? row.openedAt : row.closedAt ?? row.openedAt,
    opened_at: row.openedAt,
    closed_at: row.closedAt,
    requested_by: row.requestedBy,
    candidates_json: JSON.stringify(row.candidates),
    decided_json: row.decided && JSON.stringify(row.decided),
    notified_at: row.notifiedAt,
    updated_at: row.updatedAt,
  };
}

/** That it was looked at again is no difference. */
function contentOf(row: ApprovalRow): string {
  return canonical({ ...row, updatedAt: undefined });
}

/** See ApprovalStore.saveApprovals; `tx` is a transaction. */
export async function saveApprovals(
  tx: Knex,
  rows: ApprovalRow[],
): Promise<ApprovalRow[]> {
  if (rows.length === 0) return [];
  await lock(tx, ['approvals']);
  const wanted = new Map(rows.map(row => [row.id, row]));
  const found = await rowsByKey(tx, 'approval', 'id', [...wanted.keys()]);
  const stored = new Map(
    found.map(row => [text(row.id), contentOf(toApproval(row))]),
  );
  const list = [...wanted.values()];
  await upsert(tx, 'approval', ['id'], list.map(columnsOf));
  return list.filter(row => stored.get(row.id) !== contentOf(row));
}

export async function approval(
  db: Knex,
  id: string,
): Promise<ApprovalRow | undefined> {
  const row = await db('approval').where('id', id).first();
  return row && toApproval(row);
}

export async function approvalsOfRuns(
  db: Knex,
  runKeys: string[],
): Promise<ApprovalRow[]> {
  const query = db('approval').orderBy([
    { column: 'opened_at', order: 'desc' },
    { column: 'id', order: 'desc' },
  ]);
  oneOf(db, query, 'run_key', runKeys);
  return ((await query) as Raw[]).map(toApproval);
}

export async function approvals(
  db: Knex,
  {
    scope,
    entityRefs,
    after,
    limit,
  }: Parameters<ApprovalStore['approvals']>[0],
): Promise<ApprovalRow[]> {
  const open = scope === 'open';
  const order = open ? 'asc' : 'desc';
  const query = db('approval')
    .where('open', open)
    .orderBy([
      { column: 'sort_at', order },
      { column: 'id', order },
    ])
    .limit(limit);
  if (after) {
    const sign = open ? '>' : '<';
    query.whereRaw(`(sort_at, id) ${sign} (?, ?)`, [after.at, after.id]);
  }
  if (entityRefs) {
    const runs = db('run_service')
      .join('service', 'service.id', 'run_service.service_id')
      .whereRaw('run_service.run_key = approval.run_key')
      .select(db.raw('1'));
    oneOf(db, runs, 'service.entity_ref', entityRefs);
    query.whereExists(runs);
  }
  return ((await query) as Raw[]).map(toApproval);
}
