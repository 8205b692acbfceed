import type {
  ImageFact,
  RuntimeAlarm,
  RuntimeDeploymentFact,
  RuntimeRevisionFact,
  RuntimeServiceFact,
  RuntimeTasksFact,
  TaskDefinitionFact,
} from 'backstage-plugin-delivery-common';
import { parseRuntimeKey } from 'backstage-plugin-delivery-common';
import type { RuntimeState } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import {
  chunks,
  int,
  json,
  optionalInt,
  rowsByKey,
  text,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { toReadState } from './runtimeReads';
import { digestsOf } from './runtimeTables';

function factOf<T>(row: Raw): T {
  return json<T>(row.fact_json);
}

function group<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const list = found.get(key(item));
    if (list) list.push(item);
    else found.set(key(item), [item]);
  }
  return found;
}

/** Facts of a table by their key. */
async function factsBy<T>(
  db: Knex,
  table: string,
  column: string,
  keys: Iterable<string | undefined>,
): Promise<Map<string, T>> {
  const wanted = new Set<string>();
  for (const key of keys) if (key !== undefined) wanted.add(key);
  const rows = await rowsByKey(db, table, column, [...wanted]);
  return new Map(rows.map(row => [text(row[column]), factOf<T>(row)]));
}

async function newestDeployments(
  db: Knex,
  runtimeKeys: string[],
  limit: number,
): Promise<RuntimeDeploymentFact[]> {
  const found: RuntimeDeploymentFact[] = [];
  for (const part of chunks(runtimeKeys)) {
    const numbered = db('runtime_deployment')
      .whereIn('runtime_key', part)
      .select(
        'fact_json',
        'runtime_key',
        'created_at',
        'deployment_key',
        db.raw(
          'row_number() over (partition by runtime_key order by created_at desc, deployment_key desc) as place',
        ),
      )
      .as('numbered');
    const rows: Raw[] = await db(numbered)
      .where('place', '<=', limit)
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'deployment_key', order: 'desc' },
      ])
      .select('fact_json');
    found.push(...rows.map(row => factOf<RuntimeDeploymentFact>(row)));
  }
  return found;
}

function revisionsOf(
  service: RuntimeServiceFact | undefined,
  deployments: RuntimeDeploymentFact[],
): (string | undefined)[] {
  return [
    ...(service?.revisions ?? []).map(part => part.revisionKey),
    ...deployments.flatMap(deployment => [
      deployment.target?.revisionKey,
      deployment.rollback?.revisionKey,
      ...deployment.sources.map(part => part.revisionKey),
    ]),
  ];
}

/** The entries of `all` that are asked for. */
function pick<T>(
  all: Map<string, T>,
  keys: (string | undefined)[],
): Map<string, T> {
  const found = new Map<string, T>();
  for (const key of keys) {
    const value = key === undefined ? undefined : all.get(key);
    if (key !== undefined && value !== undefined) found.set(key, value);
  }
  return found;
}

function definitionsOf(
  service: RuntimeServiceFact | undefined,
  tasks: RuntimeTasksFact | undefined,
  revisions: Iterable<RuntimeRevisionFact>,
): (string | undefined)[] {
  return [
    service?.taskDefinition,
    ...(service?.deployments ?? []).map(one => one.taskDefinition),
    ...(tasks?.tasks ?? []).map(task => task.taskDefinition),
    ...[...revisions].map(revision => revision.taskDefinition),
  ];
}

function imagesOf(
  tasks: RuntimeTasksFact | undefined,
  revisions: Iterable<RuntimeRevisionFact>,
): string[] {
  const running = (tasks?.tasks ?? []).flatMap(task =>
    task.containers.flatMap(container => container.digest ?? []),
  );
  return [...[...revisions].flatMap(digestsOf), ...running];
}

/** See EnvironmentStore.runtimeStates: a handful of queries, however many services. */
export async function runtimeStates(
  db: Knex,
  runtimeKeys: string[],
  limit: number,
): Promise<Map<string, RuntimeState>> {
  const keys = [...new Set(runtimeKeys)];
  const services = await rowsByKey(db, 'runtime_service', 'runtime_key', keys);
  const serviceRows = new Map(
    services.map(row => [text(row.runtime_key), row]),
  );
  const reads = new Map(
    (await rowsByKey(db, 'runtime_read', 'runtime_key', keys)).map(row => [
      text(row.runtime_key),
      toReadState(row),
    ]),
  );
  const taskRows = new Map(
    (await rowsByKey(db, 'runtime_tasks', 'runtime_key', keys)).map(row => [
      text(row.runtime_key),
      { at: int(row.observed_at), fact: factOf<RuntimeTasksFact>(row) },
    ]),
  );
  const deployments = group(
    await newestDeployments(db, keys, limit),
    deployment => deployment.runtimeKey,
  );
  const drafts = keys.flatMap(runtimeKey => {
    const ref = parseRuntimeKey(runtimeKey);
    if (!ref) return [];
    const row = serviceRows.get(runtimeKey);
    const service = row && factOf<RuntimeServiceFact>(row);
    const of = deployments.get(runtimeKey) ?? [];
    return {
      ...{ runtimeKey, ref, service, deployments: of },
      serviceAt: optionalInt(row?.observed_at),
      tasks: taskRows.get(runtimeKey),
      revisionKeys: revisionsOf(service, of),
    };
  });
  const revisions = await factsBy<RuntimeRevisionFact>(
    ...([db, 'runtime_revision', 'revision_key'] as const),
    drafts.flatMap(draft => draft.revisionKeys),
  );
  const parts = drafts.map(draft => {
    const own = pick(revisions, draft.revisionKeys);
    return {
      ...draft,
      revisions: own,
      definitions: definitionsOf(
        draft.service,
        draft.tasks?.fact,
        own.values(),
      ),
      digests: imagesOf(draft.tasks?.fact, own.values()),
    };
  });
  const definitions = await factsBy<TaskDefinitionFact>(
    ...([db, 'task_definition', 'task_definition'] as const),
    parts.flatMap(part => part.definitions),
  );
  const images = group(
    (
      await rowsByKey(db, 'image', 'digest', [
        ...new Set(parts.flatMap(part => part.digests)),
      ])
    ).map(row => factOf<ImageFact>(row)),
    image => image.digest,
  );
  const alarms = await alarmsOf(
    db,
    parts.flatMap(part => part.service ?? []),
  );
  return new Map(
    parts.map(part => {
      const read = reads.get(part.runtimeKey);
      const times = [read?.observedAt, part.serviceAt].flatMap(at => at ?? []);
      const state: RuntimeState = {
        ref: part.ref,
        service: part.service,
        observedAt: times.length > 0 ? Math.max(...times) : undefined,
        problem: read?.problem,
        deployments: part.deployments,
        revisions: part.revisions,
        taskDefinitions: pick(definitions, part.definitions),
        images: new Map(
          part.digests
            .flatMap(digest => images.get(digest) ?? [])
            .map(image => [`${image.repository}@${image.digest}`, image]),
        ),
        shortShas: new Map(),
        tasks: part.tasks && {
          at: part.tasks.at,
          tasks: part.tasks.fact.tasks,
        },
        alarms: alarms.get(part.runtimeKey) ?? [],
      };
      return [part.runtimeKey, state];
    }),
  );
}

/** Alarms by the service that names them. */
async function alarmsOf(
  db: Knex,
  services: RuntimeServiceFact[],
): Promise<Map<string, RuntimeAlarm[]>> {
  const names = new Set(services.flatMap(service => service.alarmNames));
  const rows = await rowsByKey(db, 'runtime_alarm', 'name', [...names]);
  const id = (...parts: unknown[]) => JSON.stringify(parts);
  const known = new Map(
    rows.map(row => [
      id(row.account_id, row.region, row.name),
      factOf<RuntimeAlarm>(row),
    ]),
  );
  return new Map(
    services.map(({ runtimeKey, alarmNames }) => {
      const scope = parseRuntimeKey(runtimeKey);
      const own = [...new Set(alarmNames)].flatMap(
        name => known.get(id(scope?.accountId, scope?.region, name)) ?? [],
      );
      return [runtimeKey, own];
    }),
  );
}
