import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type {
  AuditContent,
  AuditEntry,
  AuditFilter,
  AuditStore,
} from '../AuditStore';
import { oneOf } from '../DatabaseApprovalStore/oneOf';
import { int, json, text, type Raw } from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';

const ENTRY_COLUMNS = [
  ...['seq', 'content', 'previous_hash', 'hash', 'signature', 'key_id'],
];
const BEFORE_THE_FIRST = '0'.repeat(64);

function toEntry(row: Raw): AuditEntry {
  return {
    seq: int(row.seq),
    content: json(row.content),
    previousHash: text(row.previous_hash),
    hash: text(row.hash),
    signature: text(row.signature),
    keyId: text(row.key_id),
  };
}

/** A text column of Postgres cannot hold this character; in the content it is escaped. */
function filterable(value: string | undefined): string | null {
  return value === undefined ? null : value.replaceAll('\0', '\uFFFD');
}

/** {@link AuditStore} on SQLite and Postgres; the tables must be there already. There is no way to change or delete a row. */
export class DatabaseAuditStore implements AuditStore {
  constructor(private readonly db: Knex) {}

  append(content: AuditContent, seal: Parameters<AuditStore['append']>[1]) {
    return this.db.transaction(async (tx): Promise<AuditEntry> => {
      await lock(tx, ['audit']);
      const head = await headOf(tx);
      const seq = (head?.seq ?? 0) + 1;
      const previousHash = head?.hash ?? BEFORE_THE_FIRST;
      // What is sealed is what will be read again, not what the caller holds in memory.
      const stored = canonical(content);
      const kept: AuditContent = JSON.parse(stored);
      const sealed = seal(kept, seq, previousHash);
      const entry = { seq, content: kept, previousHash, ...sealed };
      await tx('audit_entry').insert({
        seq,
        content: stored,
        previous_hash: previousHash,
        hash: entry.hash,
        signature: entry.signature,
        key_id: entry.keyId,
        at: kept.at,
        actor: filterable(kept.actor),
        action: filterable(kept.action),
        phase: kept.phase,
        entity_ref: filterable(kept.entityRef),
        environment: filterable(kept.environment),
      });
      return entry;
    });
  }

  head() {
    return headOf(this.db);
  }

  async list(
    filter: AuditFilter,
    before: number | undefined,
    limit: number,
  ): Promise<AuditEntry[]> {
    const query = this.db('audit_entry')
      .orderBy('seq', 'desc')
      .limit(limit)
      .select(ENTRY_COLUMNS);
    const columns = {
      entity_ref: filter.entityRef,
      action: filter.action,
      phase: filter.phase,
      environment: filter.environment,
      actor: filter.actor,
    };
    for (const [column, value] of Object.entries(columns)) {
      if (value !== undefined) query.where(column, filterable(value));
    }
    if (filter.entityRefs) {
      oneOf(this.db, query, 'entity_ref', filter.entityRefs);
    }
    if (filter.since !== undefined) query.where('at', '>=', filter.since);
    if (filter.until !== undefined) query.where('at', '<=', filter.until);
    if (before !== undefined) query.where('seq', '<', before);
    return ((await query) as Raw[]).map(toEntry);
  }

  async read(from: number, limit: number): Promise<AuditEntry[]> {
    const rows: Raw[] = await this.db('audit_entry')
      .where('seq', '>=', from)
      .orderBy('seq')
      .limit(limit)
      .select(ENTRY_COLUMNS);
    return rows.map(toEntry);
  }

  async newest(action: string): Promise<AuditEntry | undefined> {
    return (await this.list({ action }, undefined, 1))[0];
  }

  async entityRefs(): Promise<string[]> {
    const rows: Raw[] = await this.db('audit_entry')
      .whereNotNull('entity_ref')
      .distinct('entity_ref')
      .orderBy('entity_ref');
    return rows.map(row => text(row.entity_ref));
  }
}

async function headOf(
  db: Knex,
): Promise<{ seq: number; hash: string } | undefined> {
  const row = await db('audit_entry')
    .orderBy('seq', 'desc')
    .first('seq', 'hash');
  return row && { seq: int(row.seq), hash: text(row.hash) };
}
