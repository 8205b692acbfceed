import {
  AwsPlace,
  ClusterRecord,
  ServiceRecord,
  TaskDefinitionRecord,
} from '../records';

const ecs = ({ region, accountId }: AwsPlace, rest: string) =>
  `arn:aws:ecs:${region}:${accountId}:${rest}`;

export const clusterArn = (place: AwsPlace, cluster: string): string =>
  ecs(place, `cluster/${cluster}`);

export const clusterRecordArn = (cluster: ClusterRecord): string =>
  clusterArn(cluster, cluster.name);

export const serviceArn = (
  place: AwsPlace,
  cluster: string,
  service: string,
): string => ecs(place, `service/${cluster}/${service}`);

export const serviceRecordArn = (service: ServiceRecord): string =>
  serviceArn(service, service.cluster, service.name);

export const taskDefinitionArn = (
  definition: Pick<
    TaskDefinitionRecord,
    'family' | 'revision' | 'region' | 'accountId'
  >,
): string =>
  ecs(
    definition,
    `task-definition/${definition.family}:${definition.revision}`,
  );

export const alarmArn = (place: AwsPlace, name: string): string =>
  `arn:aws:cloudwatch:${place.region}:${place.accountId}:alarm:${name}`;

/** Name of a cluster given by name, ARN or not at all. */
export const clusterNameOf = (given: string | undefined): string =>
  (given ?? 'default').split('/').at(-1) ?? 'default';

/** The id an ARN ends with, or what was given. */
export const lastPart = (given: string): string =>
  given.split('/').at(-1) ?? given;

/** Whether an ARN is of another account or region; a name never is. */
export function isElsewhere(given: string, place: AwsPlace): boolean {
  if (!given.startsWith('arn:')) return false;
  const [, , , region, accountId] = given.split(':');
  return region !== place.region || accountId !== place.accountId;
}
