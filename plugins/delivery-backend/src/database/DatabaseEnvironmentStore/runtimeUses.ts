import type {
  RuntimeRevisionFact,
  RuntimeServiceFact,
  RuntimeTasksFact,
} from 'backstage-plugin-delivery-common';
import type { Knex } from 'knex';
import {
  chunks,
  text,
  upsert,
  type Raw,
} from '../DatabaseDeliveryStore/columns';
import { digestsOf } from './runtimeTables';

type Kind = 'task_definition' | 'alarm' | 'digest';

interface Use {
  kind: Kind;
  name: string;
}

function uses(kind: Kind, names: (string | undefined)[]): Use[] {
  return names.flatMap(name => (name === undefined ? [] : [{ kind, name }]));
}

function usesOf(
  fact: RuntimeServiceFact | RuntimeTasksFact | RuntimeRevisionFact,
): Use[] {
  switch (fact.kind) {
    case 'runtimeService':
      return [
        ...uses('alarm', fact.alarmNames),
        ...uses('task_definition', [
          fact.taskDefinition,
          ...fact.deployments.map(deployment => deployment.taskDefinition),
        ]),
      ];
    case 'runtimeTasks':
      return [
        ...uses(
          'task_definition',
          fact.tasks.map(task => task.taskDefinition),
        ),
        ...uses(
          'digest',
          fact.tasks.flatMap(task => task.containers.map(c => c.digest)),
        ),
      ];
    default:
      return [
        ...uses('task_definition', [fact.taskDefinition]),
        ...uses('digest', digestsOf(fact)),
      ];
  }
}

/**
 * Writes what the facts that were just stored use: of a service and its tasks instead of what they used before, of a revision for ever.
 */
export async function saveUses(
  tx: Knex,
  facts: (RuntimeServiceFact | RuntimeTasksFact | RuntimeRevisionFact)[],
): Promise<void> {
  for (const kind of ['runtimeService', 'runtimeTasks'] as const) {
    const replaced = facts.filter(fact => fact.kind === kind);
    for (const part of chunks(replaced)) {
      await tx('runtime_use')
        .where('told_by', kind)
        .whereIn(
          'runtime_key',
          part.map(fact => fact.runtimeKey),
        )
        .delete();
    }
  }
  const rows = facts.flatMap(fact =>
    usesOf(fact).map(
      ({ kind, name }): Raw => ({
        kind,
        name,
        runtime_key: fact.runtimeKey,
        told_by: fact.kind,
      }),
    ),
  );
  const key = ['kind', 'name', 'runtime_key', 'told_by'];
  await upsert(tx, 'runtime_use', key, rows);
}

/** Services that use one of these, and which. */
export async function usersOf(
  tx: Knex,
  kind: Kind,
  names: string[],
): Promise<{ runtimeKey: string; name: string }[]> {
  const found: Raw[] = [];
  for (const part of chunks([...new Set(names)])) {
    found.push(
      ...(await tx('runtime_use')
        .where('kind', kind)
        .whereIn('name', part)
        .select('runtime_key', 'name')),
    );
  }
  return found.map(row => ({
    runtimeKey: text(row.runtime_key),
    name: text(row.name),
  }));
}
