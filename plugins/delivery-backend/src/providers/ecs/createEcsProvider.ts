import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import { AwsClients, type AwsClientsOptions } from './clients';
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
export type EcsProviderOptions = AwsClientsOptions;

/** Services, deployments, tasks and health of Amazon ECS. Only reads. */
export function createEcsProvider(
  options: EcsProviderOptions,
): RuntimeProvider {
  const aws = new AwsClients(options);
  const health = new HealthReader(aws);
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
  };
}
