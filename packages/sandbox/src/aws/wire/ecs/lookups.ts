import { AwsError } from '../../cloud';
import {
  ClusterRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
} from '../../records';
import { clusterNameOf, isElsewhere, lastPart } from '../arns';
import { AwsCall, isHere } from '../operation';

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message);

/** @throws AwsError ClusterNotFoundException */
export function findCluster(
  call: AwsCall,
  given: string | undefined,
): ClusterRecord {
  const name = clusterNameOf(given);
  const found =
    given && isElsewhere(given, call.place)
      ? undefined
      : call.records.clusters
          .filter(isHere(call))
          .find(cluster => cluster.name === name);
  if (!found) {
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  }
  return found;
}

/** A service of the cluster by name or ARN; undefined when there is none. */
export function lookForService(
  call: AwsCall,
  cluster: string,
  given: string,
): ServiceRecord | undefined {
  if (isElsewhere(given, call.place)) return undefined;
  const parts = given.split('/');
  // the long form of an ARN names the cluster too
  if (parts.length === 3 && parts[1] !== cluster) return undefined;
  const name = lastPart(given);
  return call.records.services.find(
    service =>
      service.name === name &&
      service.cluster === cluster &&
      isHere(call)(service),
  );
}

/** @throws AwsError ClusterNotFoundException or ServiceNotFoundException */
export function findService(
  call: AwsCall,
  given: { cluster?: string; service?: string },
): ServiceRecord {
  if (!given.service) throw invalid('Service cannot be blank.');
  // some operations take the cluster from the service's ARN
  const parts = given.service.split('/');
  const cluster = findCluster(
    call,
    given.cluster ?? (parts.length === 3 ? parts[1] : undefined),
  );
  const found = lookForService(call, cluster.name, given.service);
  if (!found) {
    throw new AwsError('ServiceNotFoundException', 'Service not found.');
  }
  return found;
}

/** A task definition by family (the newest active one), `family:revision` or ARN. */
export function lookForTaskDefinition(
  call: AwsCall,
  given: string | undefined,
): TaskDefinitionRecord | undefined {
  if (!given || isElsewhere(given, call.place)) return undefined;
  const [family, revision] = lastPart(given).split(':');
  const ofFamily = call.records.taskDefinitions.filter(
    definition => definition.family === family && isHere(call)(definition),
  );
  if (revision !== undefined) {
    return ofFamily.find(definition => `${definition.revision}` === revision);
  }
  return ofFamily
    .filter(definition => definition.status === 'ACTIVE')
    .sort((a, b) => b.revision - a.revision)
    .at(0);
}

/** @throws AwsError ServiceDeploymentNotFoundException */
export function findDeployment(
  call: AwsCall,
  arn: string | undefined,
): ServiceDeploymentRecord {
  const found = call.records.deployments.find(
    deployment => deployment.arn === arn && isHere(call)(deployment),
  );
  if (!found) {
    throw new AwsError(
      'ServiceDeploymentNotFoundException',
      'Service deployment not found.',
    );
  }
  return found;
}

/** Refuses empty and too long lists as ECS does. @throws AwsError InvalidParameterException */
export function someOf(
  given: string[] | undefined,
  what: string,
  most: number,
): string[] {
  if (!given || given.length === 0) throw invalid(`${what} cannot be empty.`);
  if (given.length > most) {
    throw invalid(`${what} cannot have more than ${most} elements.`);
  }
  return given;
}

export const MISSING = 'MISSING';

export const tagsOf = (
  tags: Record<string, string>,
): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

/** Epoch milliseconds as the clients want them; absent when there is none. */
export const dateOf = (at: number | null): Date | undefined =>
  at === null ? undefined : new Date(at);
