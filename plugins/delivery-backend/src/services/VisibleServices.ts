import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import {
  type Entity,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type PermissionCondition,
  type PermissionCriteria,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  ANNOTATION_PROJECT_SLUG,
  deliveryRunReadPermission as permission,
} from 'backstage-plugin-delivery-common';
import { applyEntityConditions } from '../permissions/applyEntityConditions';

/** A service that a caller may read, as far as a list shows it. */
export interface VisibleService {
  entityRef: string;
  title: string;
  system?: string;
  owner?: string;
}

const PAGE = 1_000;
/** Questions that one call to the permission framework carries. */
const TOGETHER = 500;
const SHOWN = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'spec.system',
  'spec.owner',
  'relations',
];
/** A rule may look at anything; only of these two it is known at what. */
const WHOLE = ['apiVersion', 'kind', 'metadata', 'spec', 'relations'];
const FRUGAL = ['IS_ENTITY_OWNER', 'IS_ENTITY_KIND'];

/** Finds all services that a caller sees in the catalog and may read, in a few questions whatever their number. */
export class VisibleServices {
  readonly #catalog: CatalogService;
  readonly #permissions: PermissionsService;

  constructor(options: {
    catalog: CatalogService;
    permissions: PermissionsService;
  }) {
    this.#catalog = options.catalog;
    this.#permissions = options.permissions;
  }

  async of(credentials: BackstageCredentials): Promise<VisibleService[]> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.DENY) return [];
    const pages = this.#catalog.streamEntities(
      {
        filter: {
          [`metadata.annotations.${ANNOTATION_PROJECT_SLUG}`]:
            CATALOG_FILTER_EXISTS,
        },
        fields: isFrugal(decision) ? SHOWN : WHOLE,
        pageSize: PAGE,
      },
      { credentials },
    );
    const visible: VisibleService[] = [];
    const asked: VisibleService[] = [];
    for await (const page of pages) {
      for (const entity of page) {
        const allowed = applyEntityConditions(decision, entity);
        if (allowed === undefined) asked.push(toService(entity));
        else if (allowed) visible.push(toService(entity));
      }
    }
    return [...visible, ...(await this.#ask(credentials, asked))];
  }

  /** A rule of the portal's own: the permission framework is asked for many at once. */
  async #ask(
    credentials: BackstageCredentials,
    services: VisibleService[],
  ): Promise<VisibleService[]> {
    const allowed: VisibleService[] = [];
    for (let from = 0; from < services.length; from += TOGETHER) {
      const part = services.slice(from, from + TOGETHER);
      const decisions = await this.#permissions.authorize(
        part.map(({ entityRef }) => ({ permission, resourceRef: entityRef })),
        { credentials },
      );
      allowed.push(
        ...part.filter(
          (_, index) => decisions[index].result === AuthorizeResult.ALLOW,
        ),
      );
    }
    return allowed;
  }
}

function isFrugal(decision: PolicyDecision): boolean {
  return (
    decision.result === AuthorizeResult.ALLOW ||
    (decision.result === AuthorizeResult.CONDITIONAL &&
      rulesOf(decision.conditions).every(rule => FRUGAL.includes(rule)))
  );
}

function rulesOf(criteria: PermissionCriteria<PermissionCondition>): string[] {
  if ('allOf' in criteria) return criteria.allOf.flatMap(rulesOf);
  if ('anyOf' in criteria) return criteria.anyOf.flatMap(rulesOf);
  if ('not' in criteria) return rulesOf(criteria.not);
  return [criteria.rule];
}

function toService(entity: Entity): VisibleService {
  const { name, title } = entity.metadata;
  const related = (type: string, kind?: string) =>
    entity.relations?.find(
      item =>
        item.type === type && (!kind || item.targetRef.startsWith(`${kind}:`)),
    )?.targetRef;
  const text = (value: unknown) =>
    typeof value === 'string' ? value : undefined;
  return {
    entityRef: stringifyEntityRef(entity),
    title: title ?? name,
    system: related(RELATION_PART_OF, 'system') ?? text(entity.spec?.system),
    owner: related(RELATION_OWNED_BY) ?? text(entity.spec?.owner),
  };
}
