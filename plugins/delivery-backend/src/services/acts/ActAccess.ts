import type {
  AuthService,
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  type Entity,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  deliveryApprovalDecidePermission,
  deliveryAuditReadPermission,
  deliveryBreakglassPermission,
  deliveryDeploymentRollbackPermission,
  deliveryRunCancelPermission,
  deliveryRunDispatchPermission,
  deliveryRunRerunPermission,
  type MayAct,
  type MyActs,
} from 'backstage-plugin-delivery-common';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { RepositoryRow } from '../../database/rows';
import { denied, ownerOf } from '../Access';
import type { AuditLog } from '../auditing/AuditLog';
import type { EntityIndex } from '../EntityIndex';
import { withCode } from '../errors';
import type { Actor } from './ActRunner';
import {
  actsUnsupported,
  entityNotFound,
  NOT_AT_ALL,
  notAtAll,
} from './actErrors';
import { codeOf } from './operationRows';

type EntityPermission = ResourcePermission<'catalog-entity'>;

/** What {@link ActAccess} asks. */
export interface ActAccessOptions {
  catalog: CatalogService;
  auth: AuthService;
  permissions: PermissionsService;
  index: Pick<EntityIndex, 'claim'>;
  store: Pick<DeliveryStore, 'repositoryBySlug'>;
  audit: Pick<AuditLog, 'enabled'>;
  providerOf: (host: string) => DeliveryProvider | undefined;
  /** Of the whole portal: off means "all is allowed". */
  permissionsEnabled: boolean;
  now: () => number;
}

/** The permission behind every button. */
const BUTTONS = {
  rerun: deliveryRunRerunPermission,
  cancel: deliveryRunCancelPermission,
  dispatch: deliveryRunDispatchPermission,
  decide: deliveryApprovalDecidePermission,
  rollback: deliveryDeploymentRollbackPermission,
  breakGlass: deliveryBreakglassPermission,
  readAudit: deliveryAuditReadPermission,
};
type Button = keyof typeof BUTTONS;

/** Who may act. Nothing of it is ever kept: user, memberships, service and permission are read anew for every act. */
export class ActAccess {
  readonly #options: ActAccessOptions;

  constructor(options: ActAccessOptions) {
    this.#options = options;
  }

  /**
   * The person, when they may do this to this service now.
   *
   * @param repoKey - the act is about this repository: it has to be the service's own
   * @throws `NotAllowedError` `permissions_disabled`, `not_a_person`, `on_behalf_of`, `permission_missing`, `foreign_repository`
   * @throws `NotFoundError` `entity_not_found`
   */
  async actor(
    credentials: BackstageCredentials,
    permission: EntityPermission,
    entityRef: string,
    repoKey?: string,
  ): Promise<{ actor: Actor; entity: Entity }> {
    const actor = await this.#person(credentials);
    const entity = await this.#options.catalog.getEntityByRef(entityRef, {
      credentials,
    });
    if (!entity) throw entityNotFound(entityRef);
    const [decision] = await this.#options.permissions.authorize(
      [{ permission, resourceRef: entityRef }],
      { credentials },
    );
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw denied(permission, entityRef, ownerOf(entity));
    }
    const repository = await this.#own(entity);
    if (repoKey !== undefined && repository?.repoKey !== repoKey) {
      throw foreign(
        entityRef,
        `${entityRef} is not made in the repository of this run (any more).`,
        'foreign_repository',
      );
    }
    return { actor, entity };
  }

  /**
   * The repository a service has earned.
   *
   * @throws `NotAllowedError` with the reason when it has none
   */
  async repositoryOf(entity: Entity): Promise<RepositoryRow> {
    const repository = await this.#own(entity);
    if (repository) return repository;
    const entityRef = stringifyEntityRef(entity);
    throw foreign(
      entityRef,
      `Nothing is known yet of the repository of ${entityRef}; try again when its runs are shown.`,
      'repository_unknown',
    );
  }

  /** What the caller may do to a service, for the buttons of its pages: the act itself asks everything again. */
  async may(
    credentials: BackstageCredentials,
    entity: Entity,
  ): Promise<MyActs> {
    const entityRef = stringifyEntityRef(entity);
    const buttons = Object.keys(BUTTONS) as Button[];
    const [decisions, { reason, repository }] = await Promise.all([
      this.#options.permissions.authorize(
        buttons.map(button => ({
          permission: BUTTONS[button],
          resourceRef: entityRef,
        })),
        { credentials },
      ),
      this.#notAtAll(credentials, entity),
    ]);
    const answer = (button: Button): MayAct => {
      if (reason && button !== 'readAudit') return { allowed: false, reason };
      const at = buttons.indexOf(button);
      if (decisions[at].result === AuthorizeResult.ALLOW) {
        return { allowed: true };
      }
      const error = denied(BUTTONS[button], entityRef, ownerOf(entity));
      return {
        allowed: false,
        reason: { code: 'permission_missing', message: error.message },
      };
    };
    return {
      entityRef,
      repositoryUrl: repository?.url,
      rerun: answer('rerun'),
      cancel: answer('cancel'),
      dispatch: answer('dispatch'),
      decide: answer('decide'),
      rollback: answer('rollback'),
      breakGlass: answer('breakGlass'),
      readAudit: answer('readAudit'),
      asOf: this.#options.now(),
    };
  }

  /** Why the caller cannot act on this service whatever their permissions are. */
  async #notAtAll(
    credentials: BackstageCredentials,
    entity: Entity,
  ): Promise<{
    reason?: { code: string; message: string };
    repository?: RepositoryRow;
  }> {
    try {
      const repository = await this.#own(entity);
      const host = repository?.host;
      try {
        await this.#person(credentials);
        if (!this.#options.audit.enabled) {
          throw notAtAll('audit_not_configured');
        }
        if (host !== undefined && !this.#options.providerOf(host)?.acts) {
          throw actsUnsupported(host);
        }
        return { repository };
      } catch (error) {
        return { repository, reason: reasonOf(error) };
      }
    } catch (error) {
      return { reason: reasonOf(error) };
    }
  }

  /** The caller as a person of the catalog, read with the portal's own rights: what they may see plays no part. */
  async #person(credentials: BackstageCredentials): Promise<Actor> {
    const { auth, catalog, permissionsEnabled } = this.#options;
    if (!permissionsEnabled) throw notAtAll('permissions_disabled');
    if (!auth.isPrincipal(credentials, 'user')) throw notAtAll('not_a_person');
    const { actor, userEntityRef } = credentials.principal;
    if (actor) throw notAtAll('on_behalf_of');
    if (isGuest(userEntityRef)) throw notAtAll('not_a_person');
    const user = await catalog.getEntityByRef(userEntityRef, {
      credentials: await auth.getOwnServiceCredentials(),
    });
    if (user?.kind.toLocaleLowerCase('en-US') !== 'user') {
      throw notAtAll('not_a_person');
    }
    return {
      ref: stringifyEntityRef(user),
      user,
      memberOf: (user.relations ?? [])
        .filter(relation => relation.type === RELATION_MEMBER_OF)
        .map(relation => relation.targetRef),
      credentials,
    };
  }

  /** Undefined: nothing was heard of it yet. */
  async #own(entity: Entity): Promise<RepositoryRow | undefined> {
    const entityRef = stringifyEntityRef(entity);
    const result = this.#options.index.claim(entity);
    if (result.kind === 'owned') {
      const { host, slug } = result.claim;
      return this.#options.store.repositoryBySlug(host, slug);
    }
    throw result.kind === 'refused'
      ? foreign(entityRef, result.message, result.code)
      : foreign(
          entityRef,
          `${entityRef} does not say which repository it is made in.`,
          'annotation_missing',
        );
  }
}

/** Ref of the caller for an entry about a refusal. */
export function callerOf(credentials: BackstageCredentials): string {
  const principal = credentials.principal as {
    type?: string;
    userEntityRef?: string;
    subject?: string;
    actor?: { subject?: string };
  };
  if (principal?.type === 'user') {
    const { actor, userEntityRef } = principal;
    return actor
      ? `${userEntityRef} (by ${actor.subject ?? 'somebody else'})`
      : String(userEntityRef);
  }
  return principal?.type === 'service' ? `${principal.subject}` : 'nobody';
}

/** True for a refusal that is about the caller, not about one service. */
export function isNotAtAll(error: unknown): boolean {
  return (codeOf(error)?.code ?? '') in NOT_AT_ALL;
}

function isGuest(userRef: string): boolean {
  return /^user:[^/]+\/guest$/i.test(userRef);
}

function foreign(entityRef: string, message: string, code: string): Error {
  return withCode(new NotAllowedError(message), code, { entityRef });
}

function reasonOf(error: unknown): { code: string; message: string } {
  const known = codeOf(error);
  if (!known) throw error;
  return { code: known.code, message: (error as Error).message };
}
