import type {
  RuntimeAlarm,
  RuntimeScope,
} from 'backstage-plugin-delivery-common';
import type { RuntimeState } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  bool,
  json,
  optionalInt,
  optionalJson,
  rowsByKey,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import type { RuntimeReadState } from '../EnvironmentStore';

export function toReadState(row: Raw): RuntimeReadState {
  return {
    runtimeKey: text(row.runtime_key),
    observedAt: optionalInt(row.observed_at),
    problem: optionalJson(row.problem_json),
    moving: bool(row.moving),
    historySince: optionalInt(row.history_since),
  };
}

export async function readStates(db: Knex): Promise<RuntimeReadState[]> {
  const rows: Raw[] = await db('runtime_read').orderBy('runtime_key');
  return rows.map(toReadState);
}

export async function saveReadStates(
  tx: Knex,
  states: RuntimeReadState[],
): Promise<void> {
  const rows = new Map(
    states.map(state => [
      state.runtimeKey,
      {
        runtime_key: state.runtimeKey,
        observed_at: state.observedAt,
        problem_json: state.problem && JSON.stringify(state.problem),
        moving: state.moving,
        history_since: state.historySince,
      },
    ]),
  );
  await upsert(tx, 'runtime_read', ['runtime_key'], [...rows.values()]);
}

/** Those of the keys that the table does not have. */
export async function missingOf(
  db: Knex,
  table: 'runtime_revision' | 'task_definition',
  column: string,
  keys: string[],
): Promise<string[]> {
  const wanted = [...new Set(keys)];
  const rows = await rowsByKey(db, table, column, wanted);
  const known = new Set(rows.map(row => text(row[column])));
  return wanted.filter(key => !known.has(key));
}

export async function missingImages(
  db: Knex,
  images: { repository: string; digest: string }[],
): Promise<{ repository: string; digest: string }[]> {
  const id = (repository: unknown, digest: unknown) =>
    JSON.stringify([repository, digest]);
  const wanted = new Map(
    images.map(({ repository, digest }) => [
      id(repository, digest),
      { repository, digest },
    ]),
  );
  const rows = await rowsByKey(db, 'image', 'digest', [
    ...new Set(images.map(image => image.digest)),
  ]);
  rows.forEach(row => wanted.delete(id(row.repository, row.digest)));
  return [...wanted.values()];
}

export async function openDeployments(
  db: Knex,
  deploymentKeys: string[],
): Promise<string[]> {
  const wanted = new Set(deploymentKeys);
  const rows = await rowsByKey(
    ...([db, 'runtime_deployment', 'deployment_key'] as const),
    [...wanted],
  );
  for (const row of rows) {
    if (Number(row.ended) === 1) wanted.delete(text(row.deployment_key));
  }
  return [...wanted];
}

export async function runtimesWithTag(
  db: Knex,
  key: string,
): Promise<{ runtimeKey: string; tags: Record<string, string> }[]> {
  const literal = `${JSON.stringify(key)}:`.replace(/[\\%_]/g, '\\$&');
  const rows: Raw[] = await db('runtime_service')
    .whereRaw(`tags_json like ? escape '\\'`, [`%${literal}%`])
    .orderBy('runtime_key')
    .select('runtime_key', 'tags_json');
  return rows
    .map(row => ({
      runtimeKey: text(row.runtime_key),
      tags: json<Record<string, string>>(row.tags_json),
    }))
    .filter(({ tags }) => Object.hasOwn(tags, key));
}

/** Every name an alarm of this scope has among the services there, sorted. */
export async function alarmNames(
  db: Knex,
  { accountId, region }: RuntimeScope,
): Promise<string[]> {
  const rows: Raw[] = await db('runtime_use')
    .where('kind', 'alarm')
    .whereIn(
      'runtime_key',
      db('runtime_service')
        .where({ account_id: accountId, region })
        .select('runtime_key'),
    )
    .distinct('name');
  return rows.map(row => text(row.name)).sort();
}

export async function alarms(
  db: Knex,
  { accountId, region }: RuntimeScope,
): Promise<RuntimeAlarm[]> {
  const rows: Raw[] = await db('runtime_alarm')
    .where({ account_id: accountId, region })
    .orderBy('name');
  return rows.map(row => json<RuntimeAlarm>(row.fact_json));
}

type Stacks = NonNullable<RuntimeState['stacks']>;

export async function saveStacks(
  tx: Knex,
  { accountId, region }: RuntimeScope,
  list: Stacks,
): Promise<void> {
  const rows = new Map(
    list.map(one => [
      one.stack,
      {
        account_id: accountId,
        region,
        stack: one.stack,
        status: one.status,
        drifted_resources: one.driftedResources,
        checked_at: one.checkedAt,
      },
    ]),
  );
  const key = ['account_id', 'region', 'stack'];
  await upsert(tx, 'stack', key, [...rows.values()]);
}

export async function stacks(
  db: Knex,
  { accountId, region }: RuntimeScope,
  names: string[],
): Promise<Stacks> {
  const rows: Raw[] = await db('stack')
    .where({ account_id: accountId, region })
    .whereIn('stack', names)
    .orderBy('stack');
  return rows.map(row => ({
    stack: text(row.stack),
    status: text(row.status),
    driftedResources: optionalInt(row.drifted_resources),
    checkedAt: optionalInt(row.checked_at),
  }));
}
