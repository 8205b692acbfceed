import {
  ContinueServiceDeploymentCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { RuntimeRef } from 'backstage-plugin-delivery-common';
import {
  VendorRefusal,
  type RuntimeActs,
} from 'backstage-plugin-delivery-node';
import type { AwsClients } from '../clients';
import { codeOf } from '../errors';
import { readDeployments, readTaskDefinition } from '../readDeployments';
import { PersonSession, type PersonSessionOptions } from './PersonSession';
import { deploymentArn, serviceArn, taskDefinitionArn } from './resources';
import { readError } from './writeErrors';

/**
 * What can be done to services of Amazon ECS in a person's name. Every act has a session of its own, see {@link PersonSession}.
 *
 * @param aws - reads with the portal's reading role
 */
export function createEcsActs(
  aws: AwsClients,
  options: PersonSessionOptions,
): RuntimeActs {
  const session = new PersonSession(options);
  return {
    async continueWithRollback(service, deploymentKey, person, signal) {
      const action = 'ContinueServiceDeployment';
      const resource = deploymentArn(service, deploymentKey);
      const hookId = await pausedHook(
        ...([aws, service, resource, signal] as const),
      ).catch(error => {
        const { roleName } = options;
        const reading = 'ecs:DescribeServiceDeployments';
        throw readError(error, { service, roleName, action: reading });
      });
      return session.send(
        { action, resource, service, person, signal },
        (client, sending) =>
          client.send(
            new ContinueServiceDeploymentCommand({
              serviceDeploymentArn: resource,
              hookId,
              action: 'ROLLBACK',
            }),
            sending,
          ),
      );
    },
    async stopWithRollback(service, deploymentKey, person, signal) {
      const resource = deploymentArn(service, deploymentKey);
      return session.send(
        {
          ...{ action: 'StopServiceDeployment', resource },
          ...{ service, person, signal },
        },
        (client, sending) =>
          client.send(
            new StopServiceDeploymentCommand({
              serviceDeploymentArn: resource,
              stopType: 'ROLLBACK',
            }),
            sending,
          ),
      );
    },
    async putTaskDefinition(service, taskDefinition, person, signal) {
      const wanted = taskDefinitionArn(service, taskDefinition);
      return session.send(
        {
          ...{ action: 'UpdateService', resource: serviceArn(service) },
          ...{ service, person, signal },
        },
        (client, sending) =>
          client.send(
            new UpdateServiceCommand({
              cluster: service.cluster,
              service: service.service,
              taskDefinition: wanted,
            }),
            sending,
          ),
      );
    },
    async taskDefinitionIsActive(service, taskDefinition, signal) {
      try {
        const { status } = await readTaskDefinition(
          ...([aws, service, taskDefinition, signal] as const),
        );
        return status === 'active';
      } catch (error) {
        if (codeOf(error) === 'task_definition_not_found') return false;
        throw error;
      }
    },
  };
}

/** Asked now: what the portal has stored may have gone on since. */
async function pausedHook(
  aws: AwsClients,
  service: RuntimeRef,
  key: string,
  signal: AbortSignal,
): Promise<string> {
  const [fact] = await readDeployments(aws, service, [key], signal);
  const hook = fact?.hooks.find(
    ({ id, type, state }) =>
      id !== undefined && type === 'PAUSE' && state === 'AWAITING_ACTION',
  );
  if (hook?.id) return hook.id;
  throw new VendorRefusal(
    'conflict',
    `The deployment of ${service.service} is not paused any more, so nothing was done; look at the environment again.`,
    placeOf(service),
  );
}

function placeOf({ accountId, region, cluster, service }: RuntimeRef) {
  return { accountId, region, cluster, service };
}
