import {
  canonical,
  compareText,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  bool,
  chunks,
  int,
  optionalInt,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import type { ServiceDora } from '../DoraStore';
import { DayDeltas } from './dayCounts';
import {
  hashOf,
  keptChange,
  keptDeployment,
  keptIncident,
  whole,
  type KeptRow,
} from './narrowRows';

interface Made {
  version: string;
  at: number;
}

/** One kind of rows: where they are whole, and where they are narrow (an incident is both in one). */
interface Kind {
  whole: string;
  narrow: 'dora_deployment' | 'dora_change' | 'dora_incident';
}

const DEPLOYMENTS: Kind = {
  ...{ whole: 'dora_deployment_row', narrow: 'dora_deployment' },
};
const CHANGES: Kind = { whole: 'dora_change_row', narrow: 'dora_change' };
const INCIDENTS: Kind = { whole: 'dora_incident', narrow: 'dora_incident' };

/** Tables whose rows say themselves whether their service is hidden. */
export const NARROW_TABLES = [DEPLOYMENTS, CHANGES, INCIDENTS].map(
  kind => kind.narrow,
);

/** See DoraStore.save; `tx` is a transaction. */
export async function saveService(
  tx: Knex,
  service: string,
  linked: ServiceDora,
  made: Made,
): Promise<boolean> {
  const stored = await lockService(tx, service, made);
  const deltas = new DayDeltas();
  let differs = false;
  if (stored.hidden) {
    await setHidden(tx, stored.id, false, deltas);
    differs = true;
  }
  const lists: [Kind, KeptRow[]][] = [
    [DEPLOYMENTS, linked.deployments.map(keptDeployment)],
    [CHANGES, linked.changes.map(keptChange)],
    [INCIDENTS, linked.incidents.map(keptIncident)],
  ];
  for (const [kind, rows] of lists) {
    const changed = await replaceRows(
      tx,
      { id: stored.id, kind, deltas },
      rows,
    );
    differs ||= changed;
  }
  const excluded = linked.excluded.map(canonical).sort(compareText);
  const excludedHash = hashOf(excluded.join('\n'));
  if (excludedHash !== stored.excludedHash) {
    await replaceExcluded(tx, stored.id, linked);
    differs = true;
  }
  differs ||= stored.dataSince !== linked.dataSince;
  if (differs || stored.version !== made.version) {
    await tx('dora_service')
      .where('id', stored.id)
      .update({
        ...{ version: made.version, made_at: made.at, hidden: false },
        data_since: linked.dataSince ?? null,
        excluded_hash: excludedHash,
      });
  }
  await deltas.save(tx);
  return differs;
}

/** The service's own row, held until the transaction ends: two that derive the same service follow each other. */
async function lockService(tx: Knex, service: string, made: Made) {
  await upsert(
    tx,
    'dora_service',
    ['service'],
    [
      {
        ...{ service, version: made.version, made_at: made.at },
        ...{ excluded_hash: hashOf(''), hidden: false },
      },
    ],
    { keep: true },
  );
  const row: Raw = await tx('dora_service')
    .where('service', service)
    .forUpdate()
    .first();
  return {
    id: int(row.id),
    version: text(row.version),
    hidden: bool(row.hidden),
    dataSince: optionalInt(row.data_since),
    excludedHash: text(row.excluded_hash),
  };
}

async function replaceRows(
  tx: Knex,
  { id, kind, deltas }: { id: number; kind: Kind; deltas: DayDeltas },
  rows: KeptRow[],
): Promise<boolean> {
  const wanted = new Map(rows.map(row => [row.id, row]));
  const stored: Raw[] = await tx(kind.whole)
    .where('service_id', id)
    .select('id', 'hash');
  const hashes = new Map(stored.map(row => [text(row.id), text(row.hash)]));
  const fresh = [...wanted.values()].filter(
    row => hashes.get(row.id) !== row.hash,
  );
  const stale = [
    ...[...hashes.keys()].filter(key => !wanted.has(key)),
    ...fresh.filter(row => hashes.has(row.id)).map(row => row.id),
  ];
  await remove(tx, { id, kind, deltas }, stale);
  const narrow = fresh.flatMap(row => narrowOf(kind, id, row));
  for (const row of narrow) deltas.add(kind.narrow, row, 1);
  await upsert(tx, kind.narrow, keyOf(kind.narrow), narrow);
  if (kind.whole !== kind.narrow) {
    await upsert(
      tx,
      kind.whole,
      keyOf(kind.whole),
      fresh.map(row => wholeOf(id, row)),
    );
  }
  return fresh.length > 0 || stale.length > 0;
}

function keyOf(table: string): string[] {
  return table === 'dora_change'
    ? ['service_id', 'id', 'place']
    : ['service_id', 'id'];
}

function wholeOf(serviceId: number, { id, hash, json, beside }: KeptRow): Raw {
  return { service_id: serviceId, id, hash, json, ...beside };
}

function narrowOf(kind: Kind, serviceId: number, row: KeptRow): Raw[] {
  const isWhole = kind.whole === kind.narrow;
  const first = isWhole
    ? wholeOf(serviceId, row)
    : { service_id: serviceId, id: row.id };
  return row.narrow.map(columns => ({ ...first, hidden: 0, ...columns }));
}

async function remove(
  tx: Knex,
  { id, kind, deltas }: { id: number; kind: Kind; deltas: DayDeltas },
  stale: string[],
): Promise<void> {
  for (const part of chunks(stale)) {
    const old: Raw[] = await tx(kind.narrow)
      .where('service_id', id)
      .whereIn('id', part)
      .select(narrowColumns(kind));
    for (const row of old) deltas.add(kind.narrow, row, -1);
    for (const table of new Set([kind.whole, kind.narrow])) {
      await tx(table).where('service_id', id).whereIn('id', part).delete();
    }
  }
}

/** Incidents have their whole text in the same table. */
function narrowColumns({ narrow }: { narrow: Kind['narrow'] }): string[] {
  return narrow === 'dora_incident' ? ['resolved_at', 'open_bin'] : ['*'];
}

async function replaceExcluded(
  tx: Knex,
  id: number,
  { excluded }: ServiceDora,
): Promise<void> {
  await tx('dora_excluded').where('service_id', id).delete();
  await upsert(
    tx,
    'dora_excluded',
    ['service_id', 'place'],
    excluded.map((item, place) => ({
      ...{ service_id: id, place, at: whole(item.at) },
      ...{ what: item.what, reason: item.reason, json: canonical(item) },
    })),
  );
}

/** Takes the rows of a service out of the portal's numbers, or puts them in again. */
export async function setHidden(
  tx: Knex,
  id: number,
  hidden: boolean,
  deltas: DayDeltas,
): Promise<void> {
  for (const narrow of NARROW_TABLES) {
    const rows: Raw[] = await tx(narrow)
      .where('service_id', id)
      .select(narrowColumns({ narrow }));
    for (const row of rows) deltas.add(narrow, row, hidden ? -1 : 1);
    await tx(narrow)
      .where('service_id', id)
      .update({ hidden: hidden ? 1 : 0 });
  }
}

/** See DoraStore.forget; `tx` is a transaction. */
export async function forgetService(tx: Knex, service: string): Promise<void> {
  const row: Raw | undefined = await tx('dora_service')
    .where({ service, hidden: false })
    .forUpdate()
    .first();
  if (!row) return;
  const deltas = new DayDeltas();
  await setHidden(tx, int(row.id), true, deltas);
  await tx('dora_service')
    .where('id', row.id as number)
    .update({ hidden: true });
  await deltas.save(tx);
}
