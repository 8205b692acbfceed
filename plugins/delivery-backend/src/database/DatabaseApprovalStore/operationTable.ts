import type { PortalRequest } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type { BeginResult, OperationRow } from '../ApprovalStore';
import {
  int,
  json,
  optionalInt,
  optionalJson,
  optionalText,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';

function toOperation(row: Raw): OperationRow {
  return {
    id: text(row.id),
    kind: row.kind as OperationRow['kind'],
    entityRef: text(row.entity_ref),
    state: row.state as OperationRow['state'],
    steps: json(row.steps_json),
    outcome: optionalJson(row.outcome_json),
    startedAt: int(row.started_at),
    endedAt: optionalInt(row.ended_at),
    actorRef: text(row.actor_ref),
    idempotencyKey: text(row.idempotency_key),
    approvalId: optionalText(row.approval_id),
    leaseKey: text(row.lease_key),
    resume: json(row.resume_json),
  };
}

/** What changes while it goes on; who did what stays as it was begun. */
function progressOf(row: OperationRow): Raw {
  return {
    state: row.state,
    steps_json: JSON.stringify(row.steps),
    outcome_json: row.outcome ? JSON.stringify(row.outcome) : null,
    ended_at: row.endedAt ?? null,
    resume_json: JSON.stringify(row.resume),
  };
}

/** See ApprovalStore.beginOperation; `tx` is a transaction. The operation's start is the time that leases are judged by. */
export async function beginOperation(
  tx: Knex,
  row: OperationRow,
  leaseUntil: number,
): Promise<BeginResult> {
  const click = {
    actor_ref: row.actorRef,
    idempotency_key: row.idempotencyKey,
  };
  await lock(tx, [
    `lease ${row.leaseKey}`,
    `click ${JSON.stringify([row.actorRef, row.idempotencyKey])}`,
  ]);
  const same = await tx('operation').where(click).first();
  if (same) return { kind: 'same', operation: toOperation(same) };
  const lease = await tx('operation_lease')
    .where('lease_key', row.leaseKey)
    .first();
  if (lease && int(lease.lease_until) > row.startedAt) {
    const holder = await operation(tx, text(lease.operation_id));
    return { kind: 'busy', holder };
  }
  if (lease) {
    await tx('operation')
      .where({ id: lease.operation_id, state: 'running' })
      .update({ state: 'unknown' });
  }
  await tx('operation').insert({
    ...click,
    ...progressOf(row),
    id: row.id,
    kind: row.kind,
    entity_ref: row.entityRef,
    started_at: row.startedAt,
    approval_id: row.approvalId ?? null,
    lease_key: row.leaseKey,
  });
  await upsert(
    tx,
    'operation_lease',
    ['lease_key'],
    [
      {
        lease_key: row.leaseKey,
        operation_id: row.id,
        lease_until: leaseUntil,
      },
    ],
  );
  return { kind: 'begun' };
}

/** What a stored operation may still be when this is saved: nobody is late enough to set back what is known. */
const BEFORE: Partial<Record<OperationRow['state'], OperationRow['state'][]>> =
  {
    running: ['running'],
    unknown: ['running', 'unknown'],
  };

/** See ApprovalStore.saveOperation; `tx` is a transaction. */
export async function saveOperation(
  tx: Knex,
  row: OperationRow,
): Promise<void> {
  const query = tx('operation').where('id', row.id);
  const before = BEFORE[row.state];
  if (before) query.whereIn('state', before);
  const saved = await query.update(progressOf(row));
  if (row.state === 'running') {
    // Whoever lost the lease must hear of it before anything is sent.
    if (saved === 0) throw new Error(`The operation ${row.id} is over.`);
    return;
  }
  await tx('operation_lease').where('operation_id', row.id).delete();
}

export async function operation(
  db: Knex,
  id: string,
): Promise<OperationRow | undefined> {
  const row = await db('operation').where('id', id).first();
  return row && toOperation(row);
}

/** Of those that match, the one begun last. */
export async function newestOperation(
  db: Knex,
  where: { approval_id: string } | { lease_key: string },
  states?: OperationRow['state'][],
): Promise<OperationRow | undefined> {
  const query = db('operation')
    .where(where)
    .orderBy([
      { column: 'started_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first();
  if (states) query.whereIn('state', states);
  const row = await query;
  return row && toOperation(row);
}

export async function unsettledOperations(
  db: Knex,
  now: number,
): Promise<OperationRow[]> {
  const rows: Raw[] = await db('operation')
    .leftJoin('operation_lease', 'operation_lease.operation_id', 'operation.id')
    .where('operation.state', 'unknown')
    .orWhere(running =>
      running
        .where('operation.state', 'running')
        .where(over =>
          over
            .whereNull('operation_lease.lease_until')
            .orWhere('operation_lease.lease_until', '<=', now),
        ),
    )
    .orderBy(['operation.started_at', 'operation.id'])
    .select('operation.*');
  return rows.map(toOperation);
}

export async function saveRequest(
  db: Knex,
  runKey: string,
  request: PortalRequest,
): Promise<void> {
  const row = {
    run_key: runKey,
    user_ref: request.userRef,
    account_id: request.accountId,
    attempt: request.attempt,
    entity_ref: request.entityRef ?? null,
  };
  const key = ['run_key', 'user_ref', 'account_id', 'attempt'];
  await upsert(db, 'portal_request', key, [row]);
}

export async function requests(
  db: Knex,
  runKey: string,
): Promise<PortalRequest[]> {
  const rows: Raw[] = await db('portal_request')
    .where('run_key', runKey)
    .orderBy(['attempt', 'user_ref', 'account_id']);
  return rows.map(row => ({
    userRef: text(row.user_ref),
    accountId: text(row.account_id),
    attempt: int(row.attempt),
    ...(row.entity_ref ? { entityRef: text(row.entity_ref) } : {}),
  }));
}
