import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import {
  runtimeKeyOf,
  type ClusterScope,
  type RuntimeTask,
  type RuntimeTasksFact,
} from 'backstage-plugin-delivery-common';
import { chunks, type AwsClients } from './clients';
import { taskOf } from './taskFacts';
import { isName, serviceRef } from './places';
import { assertCluster } from './readServices';
import { list } from './schema';
import { taskSchema, type RawTask } from './taskSchema';

/** As many as ECS allows in one call, and on one page. */
const A_CALL = 100;

export interface TaskFilter {
  service?: string;
  desiredStatus: 'RUNNING' | 'STOPPED';
}

/** One page of ARNs of tasks. */
export async function taskPage(
  aws: AwsClients,
  cluster: ClusterScope,
  filter: TaskFilter,
  signal: AbortSignal,
  nextToken?: string,
): Promise<{ items: string[]; next?: string }> {
  const answer = await aws.call(
    'ecs',
    cluster,
    {
      operation: 'ListTasks',
      cluster: cluster.cluster,
      service: filter.service,
      signal,
    },
    (client, options) =>
      client.send(
        new ListTasksCommand({
          cluster: cluster.cluster,
          serviceName: filter.service,
          desiredStatus: filter.desiredStatus,
          maxResults: A_CALL,
          nextToken,
        }),
        options,
      ),
  );
  return {
    items: (answer.taskArns ?? []).filter(arn => typeof arn === 'string'),
    next: answer.nextToken,
  };
}

/** Tasks by ARN; those that are gone meanwhile are left out. */
export async function describeTasks(
  aws: AwsClients,
  cluster: ClusterScope,
  arns: string[],
  signal: AbortSignal,
): Promise<RawTask[]> {
  const read = async (tasks: string[]) => {
    const answer = await aws.call(
      'ecs',
      cluster,
      { operation: 'DescribeTasks', cluster: cluster.cluster, signal },
      (client, options) =>
        client.send(
          new DescribeTasksCommand({ cluster: cluster.cluster, tasks }),
          options,
        ),
    );
    return list(taskSchema, A_CALL).parse(answer.tasks);
  };
  const parts = chunks([...new Set(arns)], A_CALL);
  return (await Promise.all(parts.map(read))).flat();
}

/** Service of a task; undefined for one that is of none. */
export function serviceOf({ group }: RawTask): string | undefined {
  const name = /^service:(.+)$/.exec(group ?? '')?.[1];
  return name !== undefined && isName(name) ? name : undefined;
}

/** See RuntimeProvider.readTasks. */
export async function readTasks(
  aws: AwsClients,
  cluster: ClusterScope,
  signal: AbortSignal,
): Promise<RuntimeTasksFact[]> {
  assertCluster(cluster);
  const arns = await aws.pages('tasks', token =>
    taskPage(aws, cluster, { desiredStatus: 'RUNNING' }, signal, token),
  );
  const byService = new Map<string, RuntimeTask[]>();
  for (const raw of await describeTasks(aws, cluster, arns, signal)) {
    const service = serviceOf(raw);
    if (service !== undefined) {
      const tasks = byService.get(service) ?? [];
      tasks.push(taskOf(raw));
      byService.set(service, tasks);
    }
  }
  return [...byService]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, tasks]) => ({
      kind: 'runtimeTasks',
      runtimeKey: runtimeKeyOf(serviceRef(cluster, service)),
      tasks: tasks.sort((a, b) => (a.id < b.id ? -1 : 1)),
    }));
}
