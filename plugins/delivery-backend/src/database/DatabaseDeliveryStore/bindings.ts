import type { Knex } from 'knex';
import type { BindingRow } from '../rows';
import {
  chunks,
  int,
  json,
  rowsByKey,
  text,
  upsert,
  type Raw,
} from './columns';
import { lock } from './connect';
import { attachRuns } from './runServices';

/** Name of the lock that keeps a repository from being parked while a binding for it is written. */
export const BINDINGS_LOCK = 'bindings';

function toBindingRow(row: Raw): BindingRow {
  return {
    entityRef: text(row.entity_ref),
    host: text(row.host),
    slug: text(row.slug),
    workflows: json(row.workflows_json),
    paths: json(row.paths_json),
  };
}

function canonical(rows: BindingRow[]): string {
  return JSON.stringify(
    rows
      .map(b => [b.host, b.slug, [...b.workflows].sort(), [...b.paths].sort()])
      .map(b => JSON.stringify(b))
      .sort(),
  );
}

export async function bindingsOfEntity(
  db: Knex,
  entityRef: string,
): Promise<BindingRow[]> {
  const rows = await db('service_binding')
    .join('service', 'service.id', 'service_binding.service_id')
    .where('service.entity_ref', entityRef)
    .select('service.entity_ref', 'service_binding.*');
  return rows.map(toBindingRow);
}

/** See DeliveryStore.replaceBindings; `tx` is a transaction. */
export async function replaceBindings(
  tx: Knex,
  rows: BindingRow[],
  complete: boolean,
): Promise<string[]> {
  await lock(tx, [BINDINGS_LOCK]);
  const wanted = new Map<string, BindingRow[]>();
  for (const row of rows) {
    wanted.set(row.entityRef, [...(wanted.get(row.entityRef) ?? []), row]);
  }
  const stored = new Map<string, BindingRow[]>();
  const current = (await tx('service_binding')
    .join('service', 'service.id', 'service_binding.service_id')
    .select('service.entity_ref', 'service_binding.*')) as Raw[];
  for (const row of current.map(toBindingRow)) {
    stored.set(row.entityRef, [...(stored.get(row.entityRef) ?? []), row]);
  }
  const changed = [...wanted.keys()].filter(
    ref =>
      canonical(wanted.get(ref) ?? []) !== canonical(stored.get(ref) ?? []),
  );
  const gone = complete
    ? [...stored.keys()].filter(ref => !wanted.has(ref))
    : [];
  const affected = [...changed, ...gone];
  if (affected.length === 0) return [];

  await upsert(
    tx,
    'service',
    ['entity_ref'],
    affected.map(ref => ({ entity_ref: ref })),
    { keep: true },
  );
  const ids = new Map(
    (await rowsByKey(tx, 'service', 'entity_ref', affected)).map(row => [
      text(row.entity_ref),
      int(row.id),
    ]),
  );
  for (const part of chunks([...ids.values()])) {
    await tx('service_binding').whereIn('service_id', part).delete();
    await tx('run_service').whereIn('service_id', part).delete();
  }
  const written = changed.flatMap(ref => wanted.get(ref) ?? []);
  await upsert(
    tx,
    'service_binding',
    ['service_id', 'host', 'slug'],
    written.map(row => ({
      service_id: ids.get(row.entityRef),
      host: row.host,
      slug: row.slug,
      workflows_json: JSON.stringify(row.workflows),
      paths_json: JSON.stringify(row.paths),
    })),
  );
  await attachRuns(tx, { serviceIds: changed.map(ref => ids.get(ref) ?? -1) });
  await unpark(tx, written);
  return affected.sort();
}

/** Deliveries that waited for a service of their repository go back to the queue. */
async function unpark(tx: Knex, rows: BindingRow[]): Promise<void> {
  for (const part of chunks(rows, 200)) {
    await tx('inbox')
      .where('state', 'parked')
      .whereIn(
        ['parked_host', 'parked_slug'],
        part.map(row => [row.host, row.slug]),
      )
      .update({ state: 'open', claimed_until: null, attempts: 0 });
  }
}
