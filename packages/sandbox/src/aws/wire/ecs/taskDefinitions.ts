import {
  DeregisterTaskDefinition$,
  DescribeTaskDefinition$,
  ListTaskDefinitions$,
  RegisterTaskDefinition$,
  type ContainerDefinition,
  type DeregisterTaskDefinitionCommandInput,
  type DeregisterTaskDefinitionCommandOutput,
  type DescribeTaskDefinitionCommandInput,
  type DescribeTaskDefinitionCommandOutput,
  type ListTaskDefinitionsCommandInput,
  type ListTaskDefinitionsCommandOutput,
  type RegisterTaskDefinitionCommandInput,
  type RegisterTaskDefinitionCommandOutput,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../cloud';
import { TaskDefinitionRecord } from '../../records';
import { taskDefinitionArn } from '../arns';
import { acting, isHere, Operation, reading } from '../operation';
import { pageOf, within } from '../paging';
import { invalid, lookForTaskDefinition, tagsOf } from './lookups';

type ContainerRecord = TaskDefinitionRecord['containers'][number];

const client = (message: string) => new AwsError('ClientException', message);

const containerBody = (container: ContainerRecord): ContainerDefinition => ({
  name: container.name,
  image: container.image,
  cpu: 0,
  portMappings:
    container.port === null
      ? []
      : [
          {
            containerPort: container.port,
            hostPort: container.port,
            protocol: 'tcp',
          },
        ],
  essential: container.essential,
  command: container.command,
  environment: [],
  mountPoints: [],
  volumesFrom: [],
  dockerLabels: container.labels,
  ...(container.healthCheck === null
    ? {}
    : {
        healthCheck: {
          command: ['CMD-SHELL', container.healthCheck],
          interval: 30,
          timeout: 5,
          retries: 3,
        },
      }),
});

function definitionBody(definition: TaskDefinitionRecord): TaskDefinition {
  return {
    taskDefinitionArn: taskDefinitionArn(definition),
    containerDefinitions: definition.containers.map(containerBody),
    family: definition.family,
    revision: definition.revision,
    networkMode: 'awsvpc',
    volumes: [],
    status: definition.status,
    requiresAttributes: [],
    placementConstraints: [],
    compatibilities: ['EC2', 'FARGATE'],
    requiresCompatibilities: ['FARGATE'],
    cpu: definition.cpu,
    memory: definition.memory,
    registeredAt: new Date(definition.registeredAt),
    registeredBy: definition.registeredBy,
  };
}

const describeTaskDefinition = reading<
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandOutput
>(DescribeTaskDefinition$, ({ taskDefinition, include }, call) => {
  const found = lookForTaskDefinition(call, taskDefinition);
  if (!found) throw client('Unable to describe task definition.');
  return {
    taskDefinition: definitionBody(found),
    ...(include?.includes('TAGS') ? { tags: tagsOf(found.tags) } : {}),
  };
});

const listTaskDefinitions = reading<
  ListTaskDefinitionsCommandInput,
  ListTaskDefinitionsCommandOutput
>(ListTaskDefinitions$, (input, call) => {
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
  const order = ({ family, revision }: TaskDefinitionRecord) => {
    const index = sort === 'DESC' ? 1e9 - revision : revision;
    return `${family} ${String(index).padStart(10, '0')}`;
  };
  const page = pageOf(
    call.records.taskDefinitions.filter(
      definition =>
        definition.status === status &&
        // called a prefix, it is the whole name
        (familyPrefix === undefined || definition.family === familyPrefix) &&
        isHere(call)(definition),
    ),
    order,
    {
      size: within(input.maxResults, {
        name: 'maxResults',
        most: 100,
        otherwise: 100,
      }),
      token: input.nextToken,
    },
  );
  return {
    taskDefinitionArns: page.items.map(taskDefinitionArn),
    nextToken: page.nextToken,
  };
});

function containerRecord(container: ContainerDefinition): ContainerRecord {
  if (!container.name)
    throw client('Container.name should not be null or empty.');
  if (!container.image) {
    throw client('Container.image should not be null or empty.');
  }
  const [kind, ...words] = container.healthCheck?.command ?? [];
  return {
    name: container.name,
    image: container.image,
    essential: container.essential ?? true,
    port: container.portMappings?.[0]?.containerPort ?? null,
    labels: container.dockerLabels ?? {},
    healthCheck:
      kind === 'CMD-SHELL' || kind === 'CMD' ? words.join(' ') : null,
    command: container.command ?? [],
  };
}

const registerTaskDefinition = acting<
  RegisterTaskDefinitionCommandInput,
  RegisterTaskDefinitionCommandOutput
>(RegisterTaskDefinition$, (input, call) => {
  const { family, containerDefinitions, cpu, memory, tags } = input;
  if (!family || !/^[\w-]{1,255}$/.test(family)) {
    throw client(
      'Family should have 1 to 255 letters, numbers, hyphens and underscores.',
    );
  }
  if (!containerDefinitions?.length) {
    throw client('Container list cannot be empty.');
  }
  const made = call.cloud.registerTaskDefinition(
    call.place,
    {
      family,
      containers: containerDefinitions.map(containerRecord),
      ...(cpu === undefined ? {} : { cpu }),
      ...(memory === undefined ? {} : { memory }),
      ...(tags === undefined
        ? {}
        : {
            tags: Object.fromEntries(
              tags.map(({ key, value }) => [key ?? '', value ?? '']),
            ),
          }),
    },
    call.principal.arn,
  );
  return { taskDefinition: definitionBody(made), tags: tagsOf(made.tags) };
});

const deregisterTaskDefinition = acting<
  DeregisterTaskDefinitionCommandInput,
  DeregisterTaskDefinitionCommandOutput
>(DeregisterTaskDefinition$, ({ taskDefinition }, call) => {
  if (!taskDefinition?.includes(':')) {
    throw invalid('The task definition must be given as family:revision.');
  }
  const found = lookForTaskDefinition(call, taskDefinition);
  if (!found) throw client('Unable to describe task definition.');
  const gone = call.cloud.deregisterTaskDefinition(
    call.place,
    taskDefinitionArn(found),
  );
  return { taskDefinition: definitionBody(gone) };
});

export const TASK_DEFINITION_OPERATIONS: readonly Operation[] = [
  describeTaskDefinition,
  listTaskDefinitions,
  registerTaskDefinition,
  deregisterTaskDefinition,
];
