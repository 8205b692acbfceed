import type {
  Environment,
  LogicalDeployment,
} from 'backstage-plugin-delivery-common';
import {
  canonical,
  compareText,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  chunks,
  int,
  json,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';
import type { EnvironmentRow, HistoryCursor } from '../EnvironmentStore';

interface Derived {
  position: number;
  environment: Environment;
  deployments: LogicalDeployment[];
}

/** What counts as the same environment: when it was last looked at does not. */
function contentOf(environment: Environment, position: number): string {
  return `${position} ${canonical({ ...environment, asOf: undefined })}`;
}

/** See EnvironmentStore.saveEnvironments; `tx` is a transaction. */
export async function saveEnvironments(
  tx: Knex,
  entityRef: string,
  items: Derived[],
  computedAt: number,
): Promise<boolean> {
  await lock(tx, [`environments of ${entityRef}`]);
  let differs = await saveStates(tx, entityRef, items, computedAt);
  for (const item of items) {
    const of = { entity_ref: entityRef, environment: item.environment.name };
    if (await saveHistory(tx, of, item.deployments)) differs = true;
  }
  return differs;
}

async function saveStates(
  tx: Knex,
  entityRef: string,
  items: Derived[],
  computedAt: number,
): Promise<boolean> {
  const rows: Raw[] = await tx('environment_state')
    .where('entity_ref', entityRef)
    .select('environment', 'position', 'state_json');
  const stored = new Map(rows.map(row => [text(row.environment), row]));
  const names = items.map(({ environment }) => environment.name);
  const gone = [...stored.keys()].filter(name => !names.includes(name));
  if (gone.length > 0) {
    await tx('environment_state')
      .where('entity_ref', entityRef)
      .whereIn('environment', gone)
      .delete();
  }
  await upsert(
    tx,
    'environment_state',
    ['entity_ref', 'environment'],
    items.map(({ position, environment }) => ({
      entity_ref: entityRef,
      environment: environment.name,
      position,
      state_json: JSON.stringify(environment),
      computed_at: computedAt,
    })),
  );
  const differs = items.some(({ position, environment }) => {
    const row = stored.get(environment.name);
    if (!row) return true;
    const before = contentOf(json(row.state_json), int(row.position));
    return before !== contentOf(environment, position);
  });
  return differs || gone.length > 0;
}

/**
 * Facts are looked at back to some moment only. What is derived of them replaces what was derived of the same stretch; before it
 * nothing is known any more but what is stored.
 */
async function saveHistory(
  tx: Knex,
  of: { entity_ref: string; environment: string },
  history: LogicalDeployment[],
): Promise<boolean> {
  // Nothing to look at (a wrong cluster in the configuration is enough) is no reason to forget what vendors no longer tell.
  if (history.length === 0) return false;
  const oldest = Math.min(...history.map(one => one.startedAt));
  const ids = history.map(({ id }) => id);
  const rows: Raw[] = await tx('logical_deployment')
    .where(of)
    .where(within =>
      within.where('started_at', '>=', oldest).orWhereIn('id', ids),
    )
    .select('id', 'deployment_json');
  const stored = new Map(
    rows.map(row => [text(row.id), text(row.deployment_json)]),
  );
  const wanted = new Map(history.map(one => [one.id, one]));
  const gone = [...stored.keys()].filter(id => !wanted.has(id));
  for (const part of chunks(gone)) {
    await tx('logical_deployment').where(of).whereIn('id', part).delete();
  }
  const changed = [...wanted.values()].filter(one => {
    const before = stored.get(one.id);
    return (
      before === undefined || canonical(JSON.parse(before)) !== canonical(one)
    );
  });
  await upsert(
    tx,
    'logical_deployment',
    ['entity_ref', 'environment', 'id'],
    changed.map(one => ({
      ...of,
      id: one.id,
      started_at: one.startedAt,
      deployment_json: JSON.stringify(one),
    })),
  );
  return gone.length > 0 || changed.length > 0;
}

/** Environments of one service, or of all, in their order. */
export async function environments(
  db: Knex,
  entityRef?: string,
): Promise<EnvironmentRow[]> {
  const query = db('environment_state').select(
    ...['entity_ref', 'environment', 'position'],
    ...['state_json', 'computed_at'],
  );
  if (entityRef !== undefined) query.where('entity_ref', entityRef);
  const rows: Raw[] = await query;
  // Put in order here: a database moves all the long texts to do that.
  rows.sort(
    (a, b) =>
      compareText(text(a.entity_ref), text(b.entity_ref)) ||
      int(a.position) - int(b.position) ||
      compareText(text(a.environment), text(b.environment)),
  );
  return rows.map(row => ({
    entityRef: text(row.entity_ref),
    position: int(row.position),
    environment: json<Environment>(row.state_json),
    computedAt: int(row.computed_at),
  }));
}

/** Logical deployments of one environment, newest first. */
export async function deployments(
  db: Knex,
  of: { entityRef: string; environment: string },
  after: HistoryCursor | undefined,
  limit: number,
): Promise<LogicalDeployment[]> {
  const query = db('logical_deployment')
    .where({ entity_ref: of.entityRef, environment: of.environment })
    .orderBy([
      { column: 'started_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit)
    .select('deployment_json');
  if (after) {
    query.whereRaw('(started_at, id) < (?, ?)', [after.startedAt, after.id]);
  }
  const rows: Raw[] = await query;
  return rows.map(row => json<LogicalDeployment>(row.deployment_json));
}
