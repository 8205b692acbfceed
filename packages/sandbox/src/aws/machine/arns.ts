import type { ServiceName } from '../cloud';
import type { AwsPlace, TaskDefinitionRecord } from '../records';

const ecs = ({ accountId, region }: AwsPlace, rest: string) =>
  `arn:aws:ecs:${region}:${accountId}:${rest}`;

/** `arn:aws:ecs:<region>:<account>:cluster/<name>` */
export const clusterArn = (place: AwsPlace, name: string) =>
  ecs(place, `cluster/${name}`);

/** `…:service/<cluster>/<service>` */
export const serviceArn = (name: ServiceName) =>
  ecs(name, `service/${name.cluster}/${name.service}`);

/** `…:task-definition/<family>:<revision>` */
export const taskDefinitionArn = (
  definition: AwsPlace & Pick<TaskDefinitionRecord, 'family' | 'revision'>,
) =>
  ecs(
    definition,
    `task-definition/${definition.family}:${definition.revision}`,
  );

/** `…:task/<cluster>/<id>` */
export const taskArn = (place: AwsPlace, cluster: string, id: string) =>
  ecs(place, `task/${cluster}/${id}`);

/** `…:service-revision/<cluster>/<service>/<number>` */
export const revisionArn = (name: ServiceName, id: string) =>
  ecs(name, `service-revision/${name.cluster}/${name.service}/${id}`);

/** `…:service-deployment/<cluster>/<service>/<id>` */
export const deploymentArn = (name: ServiceName, id: string) =>
  ecs(name, `service-deployment/${name.cluster}/${name.service}/${id}`);

/** `arn:aws:elasticloadbalancing:<region>:<account>:<kind>/<path>`; `kind` is `targetgroup`, `loadbalancer/app`, `listener/app` … */
export const elbArn = (place: AwsPlace, kind: string, path: string) =>
  `arn:aws:elasticloadbalancing:${place.region}:${place.accountId}:${kind}/${path}`;

/** What comes after the last slash: the id of a task, a revision, a deployment. */
export const lastPart = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

/**
 * The deployment that made a revision shares its number: `ecs-svc/<number>`. A rollback starts tasks of an earlier revision, so their
 * `startedBy` is the earlier deployment's.
 */
export const deploymentIdOf = (revision: string) =>
  `ecs-svc/${lastPart(revision)}`;
