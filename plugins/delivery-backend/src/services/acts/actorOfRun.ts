import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { ActAccess } from './ActAccess';
import { isNotAtAll } from './ActAccess';
import type { Actor } from './ActRunner';
import { codeOf } from './operationRows';

/** As which service somebody acts on a run, or why not. */
export type ActorOfRun =
  | { kind: 'actor'; actor: Actor; entity: Entity; entityRef: string }
  | { kind: 'refused'; error: Error; entityRef: string }
  /** The caller sees no service of the run: to them there is no such run. */
  | { kind: 'unseen' };

/** Tries the services that the run belongs to: the first one that the person may do it to. */
export async function actorOfRun(
  options: {
    access: Pick<ActAccess, 'actor'>;
    store: Pick<DeliveryStore, 'entitiesOfRun'>;
  },
  credentials: BackstageCredentials,
  permission: ResourcePermission<'catalog-entity'>,
  run: { runKey: string; repoKey: string },
): Promise<ActorOfRun> {
  const refs = await options.store.entitiesOfRun(run.runKey);
  let refused: ActorOfRun = { kind: 'unseen' };
  for (const entityRef of refs) {
    try {
      const found = await options.access.actor(
        credentials,
        permission,
        entityRef,
        run.repoKey,
      );
      return { kind: 'actor', ...found, entityRef };
    } catch (error) {
      const code = codeOf(error)?.code;
      if (code === undefined) throw error;
      const outcome: ActorOfRun = {
        kind: 'refused',
        error: error as Error,
        entityRef,
      };
      if (isNotAtAll(error)) return outcome;
      if (code !== 'entity_not_found' && refused.kind === 'unseen') {
        refused = outcome;
      }
    }
  }
  return refused;
}
