import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  ListServiceDeploymentsCommand,
} from '@aws-sdk/client-ecs';
import { NotFoundError } from '@backstage/errors';
import type {
  RuntimeDeploymentFact,
  RuntimeRef,
  RuntimeRevisionFact,
  RuntimeScope,
  TaskDefinitionFact,
} from 'backstage-plugin-delivery-common';
import { chunks, VendorRefusal, type AwsClients } from './clients';
import { detailed } from './errors';
import { deploymentFact, revisionFact } from './facts';
import { assertCluster } from './readServices';
import {
  deploymentBriefSchema,
  deploymentSchema,
  list,
  revisionSchema,
} from './schema';
import { taskDefinitionFact } from './taskFacts';
import { taskDefinitionSchema } from './taskSchema';

/** As many as ECS allows in one call. */
const A_CALL = 20;
const A_PAGE = 100;
/** What ECS says instead of leaving out what it does not know. */
const UNKNOWN_THINGS = [
  'ServiceDeploymentNotFoundException',
  'ServiceNotFoundException',
  'ClusterNotFoundException',
  'ResourceNotFoundException',
];

/** See RuntimeProvider.listDeployments. */
export async function listDeployments(
  aws: AwsClients,
  service: RuntimeRef,
  since: number,
  signal: AbortSignal,
): Promise<string[]> {
  assertCluster(service);
  const found = await aws.pages('deployments', async nextToken => {
    const { cluster, service: name } = service;
    const answer = await aws.call(
      'ecs',
      service,
      {
        operation: 'ListServiceDeployments',
        cluster,
        service: name,
        signal,
      },
      (client, options) =>
        client.send(
          new ListServiceDeploymentsCommand({
            cluster,
            service: name,
            createdAt: { after: new Date(since) },
            maxResults: A_PAGE,
            nextToken,
          }),
          options,
        ),
    );
    return {
      items: list(deploymentBriefSchema, A_PAGE).parse(
        answer.serviceDeployments,
      ),
      next: answer.nextToken,
    };
  });
  const newestFirst = found.sort(
    (a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0),
  );
  return [...new Set(newestFirst.map(one => one.serviceDeploymentArn))];
}

/** Reads in parts; a part that AWS refuses for one unknown key is asked again one by one. */
async function inParts<T>(
  keys: string[],
  read: (part: string[]) => Promise<T[]>,
): Promise<T[]> {
  const readPart = async (part: string[]): Promise<T[]> => {
    try {
      return await read(part);
    } catch (error) {
      if (!(error instanceof VendorRefusal)) throw error;
      if (part.length === 1) return [];
      return (await Promise.all(part.map(key => readPart([key])))).flat();
    }
  };
  const parts = chunks([...new Set(keys)], A_CALL);
  return (await Promise.all(parts.map(readPart))).flat();
}

/** See RuntimeProvider.readDeployments. */
export async function readDeployments(
  aws: AwsClients,
  scope: RuntimeScope,
  deploymentKeys: string[],
  signal: AbortSignal,
): Promise<RuntimeDeploymentFact[]> {
  const found = await inParts(deploymentKeys, async part => {
    const answer = await aws.call(
      'ecs',
      scope,
      {
        operation: 'DescribeServiceDeployments',
        signal,
        expected: UNKNOWN_THINGS,
      },
      (client, options) =>
        client.send(
          new DescribeServiceDeploymentsCommand({
            serviceDeploymentArns: part,
          }),
          options,
        ),
    );
    return list(deploymentSchema, A_CALL)
      .parse(answer.serviceDeployments)
      .filter(raw => part.includes(raw.serviceDeploymentArn))
      .flatMap(raw => deploymentFact(raw, scope) ?? []);
  });
  return sorted(found, deploymentKeys, fact => fact.deploymentKey);
}

/** See RuntimeProvider.readRevisions. */
export async function readRevisions(
  aws: AwsClients,
  scope: RuntimeScope,
  revisionKeys: string[],
  signal: AbortSignal,
): Promise<RuntimeRevisionFact[]> {
  const found = await inParts(revisionKeys, async part => {
    const answer = await aws.call(
      'ecs',
      scope,
      {
        operation: 'DescribeServiceRevisions',
        signal,
        expected: UNKNOWN_THINGS,
      },
      (client, options) =>
        client.send(
          new DescribeServiceRevisionsCommand({ serviceRevisionArns: part }),
          options,
        ),
    );
    return list(revisionSchema, A_CALL)
      .parse(answer.serviceRevisions)
      .filter(raw => part.includes(raw.serviceRevisionArn))
      .flatMap(raw => revisionFact(raw, scope) ?? []);
  });
  return sorted(found, revisionKeys, fact => fact.revisionKey);
}

/** In the order of the keys, whatever order AWS answers in. */
function sorted<T>(
  facts: T[],
  keys: string[],
  keyOf: (fact: T) => string,
): T[] {
  const byKey = new Map(facts.map(fact => [keyOf(fact), fact]));
  return [...new Set(keys)].flatMap(key => byKey.get(key) ?? []);
}

/** See RuntimeProvider.readTaskDefinition. */
export async function readTaskDefinition(
  aws: AwsClients,
  scope: RuntimeScope,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<TaskDefinitionFact> {
  try {
    const answer = await aws.call(
      'ecs',
      scope,
      {
        operation: 'DescribeTaskDefinition',
        signal,
        expected: ['ClientException', 'ResourceNotFoundException'],
      },
      (client, options) =>
        client.send(
          new DescribeTaskDefinitionCommand({ taskDefinition }),
          options,
        ),
    );
    const parsed = taskDefinitionSchema.safeParse(answer.taskDefinition);
    if (parsed.success) return taskDefinitionFact(parsed.data);
  } catch (error) {
    if (!(error instanceof VendorRefusal)) throw error;
    throw detailed(
      new NotFoundError(
        `AWS has no task definition ${taskDefinition} (any more) in account ${scope.accountId}, ${scope.region}: it was deregistered and deleted. Deploy again to have a new one.`,
      ),
      {
        code: 'task_definition_not_found',
        params: { ...placeOf(scope), taskDefinition },
      },
    );
  }
  throw detailed(
    new Error(
      `What AWS told of the task definition ${taskDefinition} could not be understood; report it with the version of the portal.`,
    ),
    { code: 'read_failed', params: placeOf(scope) },
  );
}

function placeOf({ accountId, region }: RuntimeScope) {
  return { accountId, region };
}
