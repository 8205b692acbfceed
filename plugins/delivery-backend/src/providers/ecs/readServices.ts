import {
  DescribeServicesCommand,
  ListServicesCommand,
} from '@aws-sdk/client-ecs';
import { NotFoundError } from '@backstage/errors';
import type { ClusterScope } from 'backstage-plugin-delivery-common';
import type { ServiceRead } from 'backstage-plugin-delivery-node';
import { chunks, type AwsClients } from './clients';
import { detailed, isWhole, problemOf, serviceNotFound } from './errors';
import { serviceFact } from './facts';
import { isName, lastPart } from './places';
import { failureSchema, list, serviceSchema } from './schema';

/** As many as ECS allows in one call. */
const A_CALL = 10;
const A_PAGE = 100;
type Problem = { code: string; message: string };

/** See RuntimeProvider.readServices. */
export async function readServices(
  aws: AwsClients,
  cluster: ClusterScope,
  services: string[],
  signal: AbortSignal,
): Promise<ServiceRead[]> {
  const names = [...new Set(services)];
  const reads = new Map<string, ServiceRead>();
  const tell = (service: string, problem: Problem) =>
    reads.set(service, { service, problem });
  // One name that ECS does not even allow would spoil the nine beside it.
  for (const name of names.filter(one => !isName(one))) {
    tell(name, missing(cluster, name));
  }
  let whole: Problem | undefined;
  const read = async (batch: string[]) => {
    try {
      if (whole) return batch.forEach(name => tell(name, whole as Problem));
      const found = await readBatch(aws, cluster, batch, signal);
      return found.forEach(one => reads.set(one.service, one));
    } catch (error) {
      signal.throwIfAborted();
      const problem = problemOf(error);
      if (isWhole(error)) whole = problem;
      return batch.forEach(name => tell(name, problem));
    }
  };
  // The first batch goes alone: where the account cannot be read at all, one call says so.
  const [first, ...rest] = chunks(names.filter(isName), A_CALL);
  if (first) await read(first);
  await Promise.all(rest.map(read));
  return names.flatMap(name => reads.get(name) ?? []);
}

async function readBatch(
  aws: AwsClients,
  cluster: ClusterScope,
  names: string[],
  signal: AbortSignal,
): Promise<ServiceRead[]> {
  assertCluster(cluster);
  const answer = await aws.call(
    'ecs',
    cluster,
    { operation: 'DescribeServices', cluster: cluster.cluster, signal },
    (client, options) =>
      client.send(
        new DescribeServicesCommand({
          cluster: cluster.cluster,
          services: names,
          include: ['TAGS'],
        }),
        options,
      ),
  );
  const found = new Map(
    list(serviceSchema, A_CALL)
      .parse(answer.services)
      .map(raw => [raw.serviceName, serviceFact(raw, cluster)]),
  );
  const failures = new Map(
    list(failureSchema, A_CALL)
      .parse(answer.failures)
      .map(({ arn, reason }) => [lastPart(arn ?? ''), reason]),
  );
  return names.map(service => {
    const fact = found.get(service);
    if (fact) return { service, fact };
    const reason = failures.get(service);
    if (reason === 'MISSING') {
      return { service, problem: missing(cluster, service) };
    }
    return {
      service,
      problem: {
        code: 'read_failed',
        message: `AWS told nothing that can be understood of service ${service} in cluster ${
          cluster.cluster
        }${
          reason ? ` (${reason})` : ''
        }; it is asked again. If this stays, look at the service in the console of AWS.`,
      },
    };
  });
}

function missing(cluster: ClusterScope, service: string): Problem {
  const place = `account ${cluster.accountId}, ${cluster.region}`;
  return {
    code: 'service_not_found',
    message: serviceNotFound(
      service.replace(/[^\w-]/g, '?').slice(0, 100),
      cluster.cluster,
      place,
    ),
  };
}

/** @throws `NotFoundError`: the name is none ECS allows */
export function assertCluster(scope: ClusterScope): void {
  if (isName(scope.cluster)) return;
  const { accountId, region, cluster } = scope;
  throw detailed(
    new NotFoundError(
      `"${cluster}" is no name of a cluster (account ${accountId}, ${region}): write its name, not its ARN, in app-config.`,
    ),
    { code: 'cluster_not_found', params: { accountId, region, cluster } },
  );
}

/** See RuntimeProvider.listServices. */
export async function listServices(
  aws: AwsClients,
  cluster: ClusterScope,
  signal: AbortSignal,
): Promise<string[]> {
  assertCluster(cluster);
  const arns = await aws.pages('services', async nextToken => {
    const answer = await aws.call(
      'ecs',
      cluster,
      { operation: 'ListServices', cluster: cluster.cluster, signal },
      (client, options) =>
        client.send(
          new ListServicesCommand({
            cluster: cluster.cluster,
            maxResults: A_PAGE,
            nextToken,
          }),
          options,
        ),
    );
    return { items: answer.serviceArns ?? [], next: answer.nextToken };
  });
  return [...new Set(arns.map(arn => lastPart(String(arn))))]
    .filter(isName)
    .sort();
}
