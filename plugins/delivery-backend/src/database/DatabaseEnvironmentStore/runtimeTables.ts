import type {
  RuntimeChange,
  RuntimeDeploymentFact,
  RuntimeFact,
  RuntimeRevisionFact,
} from 'backstage-plugin-delivery-common';
import { parseRuntimeKey } from 'backstage-plugin-delivery-common';
import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { SnapshotTable, Told } from './snapshots';

export const SERVICES: SnapshotTable = {
  table: 'runtime_service',
  key: ['runtime_key'],
};
export const DEPLOYMENTS: SnapshotTable = {
  table: 'runtime_deployment',
  key: ['deployment_key'],
  first: 'ended',
};
/** Who knows more digests knows more; apart from them two reads of a revision should not differ. */
export const REVISIONS: SnapshotTable = {
  table: 'runtime_revision',
  key: ['revision_key'],
  first: 'digests',
  earliest: true,
};
export const TASK_DEFINITIONS: SnapshotTable = {
  table: 'task_definition',
  key: ['task_definition'],
};
export const IMAGES: SnapshotTable = {
  table: 'image',
  key: ['digest', 'repository'],
};
export const TASKS: SnapshotTable = {
  table: 'runtime_tasks',
  key: ['runtime_key'],
};
export const ALARMS: SnapshotTable = {
  table: 'runtime_alarm',
  key: ['name', 'account_id', 'region'],
};

const ENDED: readonly RuntimeDeploymentFact['status'][] = [
  'succeeded',
  'stopped',
  'rolled_back',
  'rollback_failed',
  'failed',
];

/** Whether nothing more happens to it. A word nobody knows counts as an end only together with the time of one. */
export function isEnded(fact: RuntimeDeploymentFact): boolean {
  if (ENDED.includes(fact.status)) return true;
  const end = fact.finishedAt ?? fact.stoppedAt;
  return fact.status === 'unknown' && end !== undefined;
}

/** Told facts by the table that keeps them. */
export type Sorted = Map<SnapshotTable, Told[]>;

/** Sorts changes by table; several alarms come in one fact, and each is kept by itself. */
export function sortChanges(changes: RuntimeChange[]): Sorted {
  const sorted: Sorted = new Map();
  const put = (table: SnapshotTable, told: Told) => {
    const list = sorted.get(table);
    if (list) list.push(told);
    else sorted.set(table, [told]);
  };
  for (const { at, fact } of changes) {
    if (fact.kind === 'runtimeAlarms') {
      for (const alarm of fact.alarms) {
        const columns = {
          account_id: fact.accountId,
          region: fact.region,
          name: alarm.name,
        };
        put(ALARMS, { at, fact: alarm, columns });
      }
    } else {
      const { table, columns } = placeOf(fact);
      put(table, { at, fact, columns });
    }
  }
  return sorted;
}

function placeOf(fact: Exclude<RuntimeFact, { kind: 'runtimeAlarms' }>): {
  table: SnapshotTable;
  columns: Told['columns'];
} {
  switch (fact.kind) {
    case 'runtimeService': {
      const scope = parseRuntimeKey(fact.runtimeKey);
      return {
        table: SERVICES,
        columns: {
          runtime_key: fact.runtimeKey,
          account_id: scope?.accountId ?? '',
          region: scope?.region ?? '',
          tags_json: canonical(fact.tags),
        },
      };
    }
    case 'runtimeDeployment':
      return {
        table: DEPLOYMENTS,
        columns: {
          deployment_key: fact.deploymentKey,
          runtime_key: fact.runtimeKey,
          created_at: fact.createdAt,
          ended: isEnded(fact) ? 1 : 0,
        },
      };
    case 'runtimeRevision':
      return {
        table: REVISIONS,
        columns: {
          revision_key: fact.revisionKey,
          runtime_key: fact.runtimeKey,
          digests: digestsOf(fact).length,
        },
      };
    case 'taskDefinition':
      return {
        table: TASK_DEFINITIONS,
        columns: { task_definition: fact.taskDefinition },
      };
    case 'image':
      return {
        table: IMAGES,
        columns: { digest: fact.digest, repository: fact.repository },
      };
    case 'runtimeTasks':
      return { table: TASKS, columns: { runtime_key: fact.runtimeKey } };
    default: {
      const never: never = fact;
      throw new Error(`No table keeps ${JSON.stringify(never)}`);
    }
  }
}

export function digestsOf(fact: RuntimeRevisionFact): string[] {
  return fact.images.flatMap(image => image.digest ?? []);
}
