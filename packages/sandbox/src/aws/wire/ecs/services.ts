import {
  DescribeClusters$,
  DescribeServices$,
  ListClusters$,
  ListServices$,
  ListTagsForResource$,
  UpdateService$,
  type Cluster,
  type DescribeClustersCommandInput,
  type DescribeClustersCommandOutput,
  type DescribeServicesCommandInput,
  type DescribeServicesCommandOutput,
  type ListClustersCommandInput,
  type ListClustersCommandOutput,
  type ListServicesCommandInput,
  type ListServicesCommandOutput,
  type ListTagsForResourceCommandInput,
  type ListTagsForResourceCommandOutput,
  type UpdateServiceCommandInput,
  type UpdateServiceCommandOutput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../cloud';
import { ClusterRecord } from '../../records';
import {
  clusterArn,
  clusterNameOf,
  clusterRecordArn,
  isElsewhere,
  lastPart,
  serviceArn,
  serviceRecordArn,
  taskDefinitionArn,
} from '../arns';
import { acting, AwsCall, isHere, Operation, reading } from '../operation';
import { pageOf, within } from '../paging';
import {
  findCluster,
  findService,
  invalid,
  lookForService,
  lookForTaskDefinition,
  MISSING,
  someOf,
  tagsOf,
} from './lookups';
import { serviceBody } from './serviceBody';

function clusterBody(call: AwsCall, cluster: ClusterRecord): Cluster {
  const own = call.records.tasks.filter(
    task => task.cluster === cluster.name && isHere(call)(task),
  );
  return {
    clusterArn: clusterRecordArn(cluster),
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: own.filter(task => task.lastStatus === 'RUNNING').length,
    pendingTasksCount: own.filter(task => task.lastStatus === 'PENDING').length,
    activeServicesCount: call.records.services.filter(
      service =>
        service.cluster === cluster.name &&
        service.status === 'ACTIVE' &&
        isHere(call)(service),
    ).length,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [],
  };
}

const listClusters = reading<
  ListClustersCommandInput,
  ListClustersCommandOutput
>(ListClusters$, ({ maxResults, nextToken }, call) => {
  const page = pageOf(
    call.records.clusters.filter(isHere(call)),
    cluster => cluster.name,
    {
      size: within(maxResults, {
        name: 'maxResults',
        most: 100,
        otherwise: 100,
      }),
      token: nextToken,
    },
  );
  return {
    clusterArns: page.items.map(clusterRecordArn),
    nextToken: page.nextToken,
  };
});

const describeClusters = reading<
  DescribeClustersCommandInput,
  DescribeClustersCommandOutput
>(DescribeClusters$, ({ clusters = ['default'] }, call) => {
  const given = someOf(clusters, 'Clusters', 100).map(name => ({
    name,
    found: isElsewhere(name, call.place)
      ? undefined
      : call.records.clusters.find(
          cluster =>
            cluster.name === clusterNameOf(name) && isHere(call)(cluster),
        ),
  }));
  return {
    clusters: given.flatMap(({ found }) =>
      found ? [clusterBody(call, found)] : [],
    ),
    failures: given
      .filter(({ found }) => !found)
      .map(({ name }) => ({
        arn: name.startsWith('arn:') ? name : clusterArn(call.place, name),
        reason: MISSING,
      })),
  };
});

const listServices = reading<
  ListServicesCommandInput,
  ListServicesCommandOutput
>(ListServices$, (input, call) => {
  const cluster = findCluster(call, input.cluster);
  const { launchType = 'FARGATE', schedulingStrategy = 'REPLICA' } = input;
  const none = launchType !== 'FARGATE' || schedulingStrategy !== 'REPLICA';
  const page = pageOf(
    none
      ? []
      : call.records.services.filter(
          service =>
            service.cluster === cluster.name &&
            service.status !== 'INACTIVE' &&
            isHere(call)(service),
        ),
    service => service.name,
    {
      size: within(input.maxResults, {
        name: 'maxResults',
        most: 100,
        otherwise: 10,
      }),
      token: input.nextToken,
    },
  );
  return {
    serviceArns: page.items.map(serviceRecordArn),
    nextToken: page.nextToken,
  };
});

const describeServices = reading<
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput
>(DescribeServices$, ({ cluster, services, include }, call) => {
  const names = someOf(services, 'Services', 10);
  const { name: clusterName } = findCluster(call, cluster);
  const given = names.map(name => ({
    name,
    found: lookForService(call, clusterName, name),
  }));
  const withTags = include?.includes('TAGS') ?? false;
  return {
    services: given.flatMap(({ found }) =>
      found ? [serviceBody(call.records, found, { withTags })] : [],
    ),
    failures: given
      .filter(({ found }) => !found)
      .map(({ name }) => ({
        arn: name.startsWith('arn:')
          ? name
          : serviceArn(call.place, clusterName, name),
        reason: MISSING,
      })),
  };
});

const listTagsForResource = reading<
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput
>(ListTagsForResource$, ({ resourceArn }, call) => {
  const [kind] = (resourceArn ?? '').split(':').slice(5).join(':').split('/');
  if (kind === 'service') {
    const service = findService(call, { service: resourceArn });
    return { tags: tagsOf(service.tags) };
  }
  if (kind === 'task-definition') {
    const definition = lookForTaskDefinition(call, resourceArn);
    if (definition) return { tags: tagsOf(definition.tags) };
  }
  if (kind === 'cluster') {
    findCluster(call, resourceArn);
    return { tags: [] };
  }
  throw invalid(
    `The specified resource ${lastPart(resourceArn ?? '')} is not found.`,
  );
});

const updateService = acting<
  UpdateServiceCommandInput,
  UpdateServiceCommandOutput
>(UpdateService$, (input, call) => {
  const service = findService(call, input);
  const definition = lookForTaskDefinition(call, input.taskDefinition);
  if (input.taskDefinition && !definition) {
    throw new AwsError('ClientException', 'TaskDefinition not found.');
  }
  if (input.desiredCount !== undefined && input.desiredCount < 0) {
    throw invalid('desiredCount cannot be negative.');
  }
  call.cloud.updateService(
    { ...call.place, cluster: service.cluster, service: service.name },
    {
      ...(definition ? { taskDefinition: taskDefinitionArn(definition) } : {}),
      ...(input.desiredCount === undefined
        ? {}
        : { desiredCount: input.desiredCount }),
      ...(input.forceNewDeployment ? { force: true } : {}),
    },
    call.principal.arn,
  );
  return { service: serviceBody(call.records, service, { withTags: true }) };
});

export const SERVICE_OPERATIONS: readonly Operation[] = [
  listClusters,
  describeClusters,
  listServices,
  describeServices,
  listTagsForResource,
  updateService,
];
