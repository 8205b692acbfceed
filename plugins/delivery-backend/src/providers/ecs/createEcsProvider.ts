import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import { createEcsActs } from './acts/createEcsActs';
import { AwsClients, type AwsClientsOptions } from './clients';
import type { EcsCredentials } from './credentials';
import { parseEcsEvent } from './parseEcsEvent';
import { consoleUrl, PROVIDER_ID } from './places';
import { readAlarms } from './readAlarms';
import {
  listDeployments,
  readDeployments,
  readRevisions,
  readTaskDefinition,
} from './readDeployments';
import { HealthReader } from './readHealth';
import { readImages } from './readImages';
import { listServices, readServices } from './readServices';
import { readTasks } from './readTasks';
import { readStackDrift } from './stacks';

/** See {@link AwsClientsOptions}. */
export interface EcsProviderOptions extends AwsClientsOptions {
  /** By account id, see `ecsCredentials`. */
  credentials: EcsCredentials;
  /** Name of the role that people act with, in every account; absent: nobody acts. */
  actRoleName?: string;
}

/** Services, deployments, tasks and health of Amazon ECS. Reads, and acts only as a person and only with a role for it. */
export function createEcsProvider(
  options: EcsProviderOptions,
): RuntimeProvider {
  const aws = new AwsClients(options);
  const health = new HealthReader(aws);
  const { actRoleName: roleName, credentials } = options;
  const { actSources: sources } = credentials;
  return {
    id: PROVIDER_ID,
    parseEvent: parseEcsEvent,
    readServices: (cluster, services, signal) =>
      readServices(aws, cluster, services, signal),
    listServices: (cluster, signal) => listServices(aws, cluster, signal),
    listDeployments: (service, since, signal) =>
      listDeployments(aws, service, since, signal),
    readDeployments: (scope, keys, signal) =>
      readDeployments(aws, scope, keys, signal),
    readRevisions: (scope, keys, signal) =>
      readRevisions(aws, scope, keys, signal),
    readTaskDefinition: (scope, taskDefinition, signal) =>
      readTaskDefinition(aws, scope, taskDefinition, signal),
    readImages: (images, signal) => readImages(aws, images, signal),
    readTasks: (cluster, signal) => readTasks(aws, cluster, signal),
    readAlarms: (scope, names, signal) => readAlarms(aws, scope, names, signal),
    readHealth: (service, signal) => health.read(service, signal),
    consoleUrl,
    readStackDrift: (scope, stacks, signal) =>
      readStackDrift(aws, scope, stacks, signal),
    acts:
      roleName && sources
        ? createEcsActs(aws, { ...options, roleName, sources })
        : undefined,
  };
}
