import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  type Entity,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type PolicyDecision,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import { applyEntityConditions } from '../permissions/applyEntityConditions';
import { BoundedCache } from './BoundedCache';
import { withCode } from './errors';

type EntityPermission = ResourcePermission<'catalog-entity'>;

type Outcome =
  | { kind: 'allowed'; entity: Entity }
  | { kind: 'denied'; owner?: string }
  | { kind: 'missing' };

/**
 * A stale "allowed" is a security property: nothing is believed longer than ten seconds. An outcome rests on a decision that may be
 * old already, so the two ages share them; a decision is kept just long enough for the many entities of one page.
 */
const OUTCOME_TTL_MS = 9_000;
const DECISION_TTL_MS = 1_000;

/**
 * Says whether a caller may read something of a service. The entity is loaded with the caller's own credentials, so what the
 * catalog hides stays hidden. Outcomes are kept at most ten seconds per (caller, entity, permission).
 */
export class Access {
  readonly #catalog: CatalogService;
  readonly #permissions: PermissionsService;
  readonly #outcomes: BoundedCache<Outcome[]>;
  readonly #decisions: BoundedCache<PolicyDecision>;

  constructor(options: {
    catalog: CatalogService;
    permissions: PermissionsService;
    now: () => number;
  }) {
    this.#catalog = options.catalog;
    this.#permissions = options.permissions;
    const { now } = options;
    this.#decisions = new BoundedCache({
      maxEntries: 2_000,
      ttlMs: DECISION_TTL_MS,
      now,
    });
    this.#outcomes = new BoundedCache({
      maxEntries: 5_000,
      ttlMs: OUTCOME_TTL_MS,
      now,
    });
  }

  /**
   * The entity, when the caller may read it and has the permission on it.
   *
   * @throws `NotFoundError` when the caller cannot see the entity
   * @throws `NotAllowedError` naming the permission and who owns the service
   */
  async require(
    credentials: BackstageCredentials,
    entityRef: string,
    permission: EntityPermission,
  ): Promise<Entity> {
    const [outcome] = await this.#ask(credentials, [entityRef], permission);
    if (outcome.kind === 'allowed') return outcome.entity;
    if (outcome.kind === 'missing') {
      throw withCode(
        new NotFoundError(
          `There is no ${entityRef} in the catalog, or you may not see it.`,
        ),
        'entity_not_found',
        { entityRef },
      );
    }
    throw denied(permission, entityRef, outcome.owner);
  }

  /** Those of the entities that the caller may read and has the permission on, and those whose permission is what is missing. */
  async sort(
    credentials: BackstageCredentials,
    entityRefs: string[],
    permission: EntityPermission,
  ): Promise<{ allowed: Entity[]; denied: NotAllowedError[] }> {
    const outcomes = await this.#ask(credentials, entityRefs, permission);
    return {
      allowed: outcomes.flatMap(item =>
        item.kind === 'allowed' ? [item.entity] : [],
      ),
      denied: outcomes.flatMap((item, index) =>
        item.kind === 'denied'
          ? [denied(permission, entityRefs[index], item.owner)]
          : [],
      ),
    };
  }

  #ask(
    credentials: BackstageCredentials,
    entityRefs: string[],
    permission: EntityPermission,
  ): Promise<Outcome[]> {
    // The whole principal, not only its name: an actor or a restricted token must not profit from what the plain user may do.
    const caller = JSON.stringify(credentials.principal);
    return this.#outcomes.get(
      `${permission.name} ${entityRefs.join()} ${caller}`,
      async () => {
        const [{ items }, decision] = await Promise.all([
          this.#catalog.getEntitiesByRefs({ entityRefs }, { credentials }),
          this.#decisions.get(`${permission.name} ${caller}`, () =>
            this.#decide(credentials, permission),
          ),
        ]);
        return Promise.all(
          entityRefs.map(async (entityRef, index): Promise<Outcome> => {
            const entity = items[index];
            if (!entity) return { kind: 'missing' };
            const allowed =
              applyEntityConditions(decision, entity) ??
              (await this.#askCatalog(credentials, entityRef, permission));
            return allowed
              ? { kind: 'allowed', entity }
              : { kind: 'denied', owner: ownerOf(entity) };
          }),
        );
      },
    );
  }

  async #decide(
    credentials: BackstageCredentials,
    permission: EntityPermission,
  ): Promise<PolicyDecision> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    return decision;
  }

  async #askCatalog(
    credentials: BackstageCredentials,
    resourceRef: string,
    permission: EntityPermission,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorize(
      [{ permission, resourceRef }],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }
}

/** The refusal that names the permission, and who can help. */
export function denied(
  permission: EntityPermission,
  entityRef: string,
  owner: string | undefined,
): NotAllowedError {
  return withCode(
    new NotAllowedError(
      `You need the permission ${permission.name} on ${entityRef}; ${
        owner
          ? `it is owned by ${owner}, ask there.`
          : 'it has no owner, ask the platform team.'
      }`,
    ),
    'permission_missing',
    { permission: permission.name, entityRef, ...(owner ? { owner } : {}) },
  );
}

/** Ref of who owns an entity; undefined: nobody. */
export function ownerOf(entity: Entity): string | undefined {
  return entity.relations?.find(
    relation =>
      relation.type === RELATION_OWNED_BY &&
      relation.targetRef !== stringifyEntityRef(entity),
  )?.targetRef;
}
