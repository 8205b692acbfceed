import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  bool,
  chunks,
  int,
  json,
  optionalJson,
  optionalText,
  rowsByKey,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';
import type { EnvironmentBinding } from '../EnvironmentStore';

function toBinding(row: Raw): EnvironmentBinding {
  return {
    entityRef: text(row.entity_ref),
    environment: text(row.environment),
    position: int(row.position),
    tier: row.tier as EnvironmentBinding['tier'],
    match: json(row.match_json),
    runtimeKey: optionalText(row.runtime_key),
    stacks: json(row.stacks_json),
    onlyWhenSeen: bool(row.only_when_seen),
    problem: optionalJson(row.problem_json),
  };
}

function columnsOf(binding: EnvironmentBinding): Raw {
  return {
    entity_ref: binding.entityRef,
    environment: binding.environment,
    position: binding.position,
    tier: binding.tier,
    match_json: JSON.stringify(binding.match),
    runtime_key: binding.runtimeKey,
    stacks_json: JSON.stringify(binding.stacks),
    only_when_seen: binding.onlyWhenSeen,
    problem_json: binding.problem && JSON.stringify(binding.problem),
  };
}

/** Bindings by service, each list in one order whatever order it was given in. */
function byEntity(
  rows: EnvironmentBinding[],
): Map<string, Map<string, EnvironmentBinding>> {
  const found = new Map<string, Map<string, EnvironmentBinding>>();
  for (const row of rows) {
    const list = found.get(row.entityRef) ?? new Map();
    list.set(row.environment, row);
    found.set(row.entityRef, list);
  }
  return found;
}

function contentOf(list: Map<string, EnvironmentBinding> | undefined): string {
  return [...(list?.values() ?? [])].map(canonical).sort().join('\n');
}

/** See EnvironmentStore.replaceEnvironments; `tx` is a transaction. */
export async function replaceEnvironments(
  tx: Knex,
  rows: EnvironmentBinding[],
  scope: { complete: true } | { entityRefs: string[] },
): Promise<string[]> {
  await lock(tx, ['environments']);
  const wanted = byEntity(rows);
  const named = 'complete' in scope ? [] : scope.entityRefs;
  const current: Raw[] =
    'complete' in scope
      ? await tx('environment_binding').select('*')
      : await rowsByKey(tx, 'environment_binding', 'entity_ref', [
          ...new Set([...named, ...wanted.keys()]),
        ]);
  const stored = byEntity(current.map(toBinding));
  const changed = [
    ...new Set([...wanted.keys(), ...stored.keys(), ...named]),
  ].filter(ref => contentOf(wanted.get(ref)) !== contentOf(stored.get(ref)));
  for (const part of chunks(changed)) {
    await tx('environment_binding').whereIn('entity_ref', part).delete();
  }
  await upsert(
    tx,
    'environment_binding',
    ['entity_ref', 'environment'],
    changed.flatMap(ref =>
      [...(wanted.get(ref)?.values() ?? [])].map(columnsOf),
    ),
  );
  return changed.sort();
}

export async function environmentsOf(
  db: Knex,
  entityRef: string,
): Promise<EnvironmentBinding[]> {
  const rows: Raw[] = await db('environment_binding')
    .where('entity_ref', entityRef)
    .orderBy(['position', 'environment']);
  return rows.map(toBinding);
}

export async function boundRuntimes(db: Knex): Promise<string[]> {
  const rows: Raw[] = await db('environment_binding')
    .whereNotNull('runtime_key')
    .distinct('runtime_key');
  return rows.map(row => text(row.runtime_key)).sort();
}

export async function entitiesOfRuntimes(
  db: Knex,
  runtimeKeys: string[],
): Promise<string[]> {
  const rows = await rowsByKey(
    db,
    'environment_binding',
    'runtime_key',
    runtimeKeys,
  );
  return [...new Set(rows.map(row => text(row.entity_ref)))].sort();
}
