import type {
  RuntimeChange,
  RuntimeRevisionFact,
  RuntimeServiceFact,
  RuntimeTasksFact,
} from 'backstage-plugin-delivery-common';
import { parseRuntimeKey } from 'backstage-plugin-delivery-common';
import type { Knex } from 'knex';
import { text } from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';
import {
  ALARMS,
  DEPLOYMENTS,
  IMAGES,
  REVISIONS,
  SERVICES,
  sortChanges,
  TASK_DEFINITIONS,
  TASKS,
} from './runtimeTables';
import { saveUses, usersOf } from './runtimeUses';
import { keep, type SnapshotTable, type Told } from './snapshots';

/** See EnvironmentStore.applyRuntime; `tx` is a transaction. */
export async function applyRuntime(
  tx: Knex,
  changes: RuntimeChange[],
): Promise<string[]> {
  if (changes.length === 0) return [];
  // Two replicas may hold reads of one service; the second one must choose against what the first one wrote.
  await lock(tx, ['runtime']);
  const sorted = sortChanges(changes);
  const changedOf = (spec: SnapshotTable) =>
    keep(tx, spec, sorted.get(spec) ?? []);

  const services = await changedOf(SERVICES);
  const tasks = await changedOf(TASKS);
  const revisions = await changedOf(REVISIONS);
  const deployments = await changedOf(DEPLOYMENTS);
  const definitions = await changedOf(TASK_DEFINITIONS);
  const images = await changedOf(IMAGES);
  const alarms = await changedOf(ALARMS);

  const toldRevisions = sorted.get(REVISIONS) ?? [];
  await saveUses(tx, [
    ...services.map(({ fact }) => fact as RuntimeServiceFact),
    ...tasks.map(({ fact }) => fact as RuntimeTasksFact),
    // Also of those that were not kept: what they use is only added to, so that their order plays no part.
    ...toldRevisions.map(({ fact }) => fact as RuntimeRevisionFact),
  ]);
  const own = [...services, ...tasks, ...revisions, ...deployments];
  const names = (told: Told[], column: string) =>
    told.map(({ columns }) => text(columns[column]));
  const defined = names(definitions, 'task_definition');
  const users = [
    ...(await usersOf(tx, 'task_definition', defined)),
    ...(await usersOf(tx, 'digest', names(images, 'digest'))),
    ...(await usersOfAlarms(tx, alarms)),
  ].map(({ runtimeKey }) => runtimeKey);
  return [...new Set([...names(own, 'runtime_key'), ...users])].sort();
}

/** The same name in another account or region is another alarm. */
async function usersOfAlarms(
  tx: Knex,
  alarms: Told[],
): Promise<{ runtimeKey: string }[]> {
  const id = (accountId: unknown, region: unknown, name: unknown) =>
    JSON.stringify([accountId, region, name]);
  const changed = new Set(
    alarms.map(({ columns: c }) => id(c.account_id, c.region, c.name)),
  );
  const names = alarms.map(({ columns }) => text(columns.name));
  const users = await usersOf(tx, 'alarm', names);
  return users.filter(({ runtimeKey, name }) => {
    const scope = parseRuntimeKey(runtimeKey);
    return changed.has(id(scope?.accountId, scope?.region, name));
  });
}
