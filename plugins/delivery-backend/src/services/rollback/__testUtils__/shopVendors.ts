import { NotFoundError } from '@backstage/errors';
import { parseRuntimeKey } from 'backstage-plugin-delivery-common';
import type { RuntimeState } from 'backstage-plugin-delivery-common/domain';
import type {
  DeliveryProvider,
  RuntimeActs,
  RuntimeProvider,
  VendorActs,
} from 'backstage-plugin-delivery-node';
import { digest, ECR, revisionKey, RUNTIME_KEY, taskDefinition } from './shop';
import type { ShopState } from './ShopState';

export function runtimeOf(world: ShopState): RuntimeProvider {
  const acts: RuntimeActs = {
    continueWithRollback: async (_, key, person) => {
      world.write('continue', key, person);
      return { requestId: 'aws-1' };
    },
    stopWithRollback: async (_, key, person) => {
      world.write('stop', key, person);
      return { requestId: 'aws-2' };
    },
    putTaskDefinition: async (_, arn, person) => {
      world.write('put', arn, person);
      return { requestId: 'aws-3' };
    },
    taskDefinitionIsActive: async (_, arn) => !world.inactive.includes(arn),
  };
  const provider: Partial<RuntimeProvider> = {
    id: 'ecs',
    get acts() {
      return world.canActOnRuntime ? acts : undefined;
    },
    readServices: async (_, [name]) => [
      world.service === 'unreadable'
        ? {
            service: name,
            problem: { code: 'throttled', message: 'AWS is busy.' },
          }
        : { service: name, fact: world.service },
    ],
    readDeployments: async (_, keys) =>
      world.deployments.filter(fact => keys.includes(fact.deploymentKey)),
    listDeployments: async () =>
      world.deployments.map(fact => fact.deploymentKey),
    readRevisions: async (_, keys) =>
      [...storedOf(world).revisions.values()].filter(fact =>
        keys.includes(fact.revisionKey),
      ),
    readTaskDefinition: async (_, arn) => ({
      ...{ kind: 'taskDefinition', taskDefinition: arn, containers: [] },
      status: world.inactive.includes(arn) ? 'inactive' : 'active',
    }),
    readImages: async images =>
      images.map(image => ({
        ...{ kind: 'image' as const, ...image, tags: [] },
        missing: world.missingImages.includes(image.digest),
      })),
  };
  return provider as RuntimeProvider;
}

/** What the store has of it. */
export function storedOf(world: ShopState): RuntimeState {
  const numbers = [0, 1, 2, 3, 4];
  return {
    ref: parseRuntimeKey(RUNTIME_KEY)!,
    service: world.stored,
    deployments: world.deployments,
    revisions: new Map(
      numbers.map(n => [
        revisionKey(n),
        {
          ...{ kind: 'runtimeRevision', revisionKey: revisionKey(n) },
          ...{ runtimeKey: RUNTIME_KEY, targetGroups: [] },
          taskDefinition: taskDefinition(n),
          images: [
            { container: 'app', image: `${ECR}:v${n}`, digest: digest(n) },
          ],
        },
      ]),
    ),
    ...{ taskDefinitions: new Map(), images: new Map() },
    ...{ shortShas: new Map(), alarms: [] },
  };
}

export function githubOf(world: ShopState): DeliveryProvider {
  const acts: Partial<VendorActs> = {
    readEnvironment: async () => world.gate,
    readRange: async (_, { base, head }, token) => {
      world.ranges.push({ base, head, own: token !== undefined });
      return world.range;
    },
    dispatch: async (_, request, { token }) => {
      world.write('dispatch', request, token.reveal());
      return { requestId: 'gh-1', ...world.dispatched };
    },
  };
  const provider: Partial<DeliveryProvider> = {
    id: 'github',
    acts: acts as VendorActs,
    readWorkflowFile: async (_, file) => {
      if (world.workflow === undefined) throw new NotFoundError('none');
      return { ...file, blobSha: 'b', text: world.workflow };
    },
  };
  return provider as DeliveryProvider;
}
