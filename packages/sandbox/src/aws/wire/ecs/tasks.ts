import {
  DescribeTasks$,
  ListTasks$,
  RunTask$,
  type DescribeTasksCommandInput,
  type DescribeTasksCommandOutput,
  type ListTasksCommandInput,
  type ListTasksCommandOutput,
  type RunTaskCommandInput,
  type RunTaskCommandOutput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../cloud';
import { TaskRecord } from '../../records';
import { lastPart, taskDefinitionArn } from '../arns';
import { acting, AwsCall, isHere, Operation, reading } from '../operation';
import { pageOf, within } from '../paging';
import {
  findCluster,
  findService,
  invalid,
  lookForTaskDefinition,
  MISSING,
  someOf,
} from './lookups';
import { taskBody } from './taskBody';

/** ECS shows a stopped task for that long. */
const STOPPED_SHOWN_MS = 3600_000;

const isShown = (call: AwsCall, task: TaskRecord) =>
  task.stoppedAt === null || task.stoppedAt > call.now - STOPPED_SHOWN_MS;

const listTasks = reading<ListTasksCommandInput, ListTasksCommandOutput>(
  ListTasks$,
  (input, call) => {
    const cluster = findCluster(call, input.cluster);
    const { serviceName, family, startedBy, launchType = 'FARGATE' } = input;
    if (startedBy && (serviceName || family)) {
      throw invalid('startedBy must be the only filter.');
    }
    const service = serviceName
      ? findService(call, { cluster: cluster.name, service: serviceName })
      : undefined;
    const desired = input.desiredStatus ?? 'RUNNING';
    const fits = (task: TaskRecord) =>
      task.cluster === cluster.name &&
      // ECS knows no task whose desired status is PENDING
      task.desiredStatus === desired &&
      (!service || task.service === service.name) &&
      (!family || lastPart(task.taskDefinition).split(':')[0] === family) &&
      (!startedBy || task.startedBy === startedBy) &&
      launchType === 'FARGATE' &&
      isShown(call, task) &&
      isHere(call)(task);
    const page = pageOf(call.records.tasks.filter(fits), task => task.arn, {
      size: within(input.maxResults, {
        name: 'maxResults',
        most: 100,
        otherwise: 100,
      }),
      token: input.nextToken,
    });
    return {
      taskArns: page.items.map(task => task.arn),
      nextToken: page.nextToken,
    };
  },
);

const describeTasks = reading<
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput
>(DescribeTasks$, ({ cluster, tasks }, call) => {
  const names = someOf(tasks, 'Tasks', 100);
  const { name: clusterName } = findCluster(call, cluster);
  const byId = new Map(
    call.records.tasks
      .filter(
        task =>
          task.cluster === clusterName &&
          isShown(call, task) &&
          isHere(call)(task),
      )
      .map(task => [lastPart(task.arn), task]),
  );
  const given = names.map(name => {
    const found = byId.get(lastPart(name));
    return {
      name,
      found: name.startsWith('arn:') && found?.arn !== name ? undefined : found,
    };
  });
  return {
    tasks: given.flatMap(({ found }) =>
      found ? [taskBody(call.records, found)] : [],
    ),
    failures: given
      .filter(({ found }) => !found)
      .map(({ name }) => ({
        arn: name.startsWith('arn:')
          ? name
          : `arn:aws:ecs:${call.place.region}:${call.place.accountId}:task/${clusterName}/${name}`,
        reason: MISSING,
      })),
  };
});

const runTask = acting<RunTaskCommandInput, RunTaskCommandOutput>(
  RunTask$,
  (input, call) => {
    const cluster = findCluster(call, input.cluster);
    const definition = lookForTaskDefinition(call, input.taskDefinition);
    if (!definition) {
      throw new AwsError('ClientException', 'TaskDefinition not found.');
    }
    if (definition.status !== 'ACTIVE') {
      throw new AwsError('ClientException', 'TaskDefinition is inactive');
    }
    const count = within(input.count, {
      name: 'count',
      most: 10,
      otherwise: 1,
    });
    const tasks = Array.from({ length: count }, () =>
      call.cloud.runTask(
        { ...call.place, cluster: cluster.name },
        {
          taskDefinition: taskDefinitionArn(definition),
          startedBy: input.startedBy ?? '',
        },
      ),
    );
    return {
      tasks: tasks.map(task => taskBody(call.records, task)),
      failures: [],
    };
  },
);

export const TASK_OPERATIONS: readonly Operation[] = [
  listTasks,
  describeTasks,
  runTask,
];
