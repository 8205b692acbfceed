import type { RuntimeServiceFact } from 'backstage-plugin-delivery-common';
import { VendorRefusal } from 'backstage-plugin-delivery-node';
import type { RollbackRuntime } from './RollbackFacts';

/** `started`: it goes there; `done`: it serves; `unseen`: nothing of it is to be seen. */
export type Progress = 'unseen' | 'started' | 'done';

/** What a rollback that was sent is known by. */
export interface SentRollback {
  /** Task definition that has to serve afterwards, as far as it is known. */
  taskDefinition?: string;
  /** Deployment that was told to go back; absent: a new one was begun. */
  deploymentKey?: string;
}

type Place = Pick<RollbackRuntime, 'provider' | 'ref'>;

/**
 * Looks once how far a rollback is. That a service is stable proves nothing: it has to serve what was chosen.
 *
 * @throws `VendorRefusal` when it certainly did not work out
 */
export async function lookAt(
  place: Place,
  sent: SentRollback,
  signal: AbortSignal,
): Promise<Progress> {
  return sent.deploymentKey === undefined
    ? lookAtService(place, sent, signal)
    : lookAtDeployment(place, sent.deploymentKey, sent, signal);
}

async function lookAtService(
  place: Place,
  { taskDefinition }: SentRollback,
  signal: AbortSignal,
): Promise<Progress> {
  const service = await readService(place, signal);
  const primary = primaryOf(service);
  if (!primary || primary.taskDefinition !== taskDefinition) return 'unseen';
  if (primary.rollout === 'failed') {
    throw new VendorRefusal(
      'rollback_failed',
      'The earlier version was started and did not come up; ECS gave it up. Look at the environment and choose another one.',
    );
  }
  return serves(service, primary) ? 'done' : 'started';
}

async function lookAtDeployment(
  place: Place,
  deploymentKey: string,
  { taskDefinition }: SentRollback,
  signal: AbortSignal,
): Promise<Progress> {
  const { provider, ref } = place;
  const [fact] = await provider.readDeployments(ref, [deploymentKey], signal);
  switch (fact?.status) {
    case 'stopping':
    case 'rolling_back':
    case 'stopped':
      return 'started';
    case 'rolled_back': {
      const service = await readService(place, signal);
      const primary = primaryOf(service);
      const isChosen =
        primary !== undefined &&
        (taskDefinition === undefined ||
          primary.taskDefinition === taskDefinition);
      return isChosen && serves(service, primary) ? 'done' : 'started';
    }
    case 'succeeded':
      throw new VendorRefusal(
        'conflict',
        'The deployment ended before it could be stopped, so it was not rolled back. Look at the environment again.',
      );
    case 'rollback_failed':
    case 'failed':
      throw new VendorRefusal(
        'rollback_failed',
        'ECS could not go back. Look at the environment: somebody has to act on it now.',
      );
    default:
      return 'unseen';
  }
}

async function readService(
  { provider, ref }: Place,
  signal: AbortSignal,
): Promise<RuntimeServiceFact | undefined> {
  const [read] = await provider.readServices(ref, [ref.service], signal);
  return read && 'fact' in read ? read.fact : undefined;
}

type Part = RuntimeServiceFact['deployments'][number];

function primaryOf(service: RuntimeServiceFact | undefined): Part | undefined {
  return service?.deployments.find(({ role }) => role === 'primary');
}

function serves(service: RuntimeServiceFact | undefined, primary: Part) {
  if (primary.rollout !== undefined) return primary.rollout === 'completed';
  return (
    service?.deployments.length === 1 &&
    primary.pending === 0 &&
    primary.running >= primary.desired
  );
}
