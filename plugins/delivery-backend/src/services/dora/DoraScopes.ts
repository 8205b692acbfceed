import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  deliveryRunReadPermission,
  type DoraScopeKind,
} from 'backstage-plugin-delivery-common';
import type { DoraStore, ServiceSet } from '../../database/DoraStore';
import type { Access } from '../Access';
import type { CallerServices } from '../CallerServices';
import { withCode } from '../errors';
import type { VisibleService } from '../VisibleServices';

/** What somebody asks the numbers of. */
export interface ScopeQuery {
  scope: DoraScopeKind;
  ref?: string;
}

/** The services behind it that have facts and that the caller may read. */
export interface DoraScope {
  kind: DoraScopeKind;
  ref?: string;
  title?: string;
  /** Sorted by title. */
  services: VisibleService[];
  /** For the store: `undefined` when it is every service there is. */
  set: ServiceSet;
  /** Before it nothing was read of the service that was read longest. */
  dataSince?: number;
}

/** What else can be looked at. */
export type DoraChoices = {
  scope: 'team' | 'system' | 'domain';
  ref: string;
  services: number;
}[];

const ORDER = ['team', 'system', 'domain'];
const KINDS: Record<Exclude<DoraScopeKind, 'portal'>, string> = {
  service: 'component',
  team: 'group',
  system: 'system',
  domain: 'domain',
};

/** What {@link DoraScopes} asks. */
export interface DoraScopesOptions {
  access: Pick<Access, 'require'>;
  callerServices: Pick<CallerServices, 'of'>;
  catalog: CatalogService;
  dora: Pick<DoraStore, 'services'>;
}

/** Finds the services of a team, system, domain or the portal: as the catalog says today, as far as the caller may read them. */
export class DoraScopes {
  readonly #options: DoraScopesOptions;

  constructor(options: DoraScopesOptions) {
    this.#options = options;
  }

  /**
   * @throws `InputError` for a ref that is missing or of another kind, `NotFoundError` and `NotAllowedError` as the catalog and the
   * permission say
   */
  async of(
    credentials: BackstageCredentials,
    query: ScopeQuery,
  ): Promise<DoraScope> {
    const known = new Map(
      (await this.#options.dora.services()).map(item => [
        item.service,
        item.dataSince,
      ]),
    );
    if (query.scope === 'portal') {
      return this.#portal(credentials, known);
    }
    const ref = refOf(query.scope, query.ref);
    const found =
      query.scope === 'service'
        ? await this.#service(credentials, ref)
        : await this.#group(credentials, query.scope, ref);
    const services = found.services.filter(item => known.has(item.entityRef));
    return {
      ...{ kind: query.scope, ref, title: found.title, services },
      set: services.map(item => item.entityRef),
      dataSince: earliest(services, known),
    };
  }

  /** Teams, systems and domains with services of which something is known; sorted by kind and ref. */
  async choices(credentials: BackstageCredentials): Promise<DoraChoices> {
    const { callerServices, catalog, dora } = this.#options;
    const [rows, visible, systems] = await Promise.all([
      dora.services(),
      callerServices.of(credentials),
      catalog.getEntities(
        {
          filter: { kind: 'system' },
          fields: ['kind', 'metadata.name', 'metadata.namespace', 'relations'],
        },
        { credentials },
      ),
    ]);
    const domainOf = new Map(
      systems.items.map(item => [
        stringifyEntityRef(item),
        item.relations?.find(
          relation =>
            relation.type === RELATION_PART_OF &&
            relation.targetRef.startsWith('domain:'),
        )?.targetRef,
      ]),
    );
    const known = new Set(rows.map(item => item.service));
    const counts = new Map<string, DoraChoices[number]>();
    const count = (
      scope: 'team' | 'system' | 'domain',
      ref: string | undefined,
    ) => {
      if (ref === undefined) return;
      const key = `${scope} ${ref}`;
      const choice = counts.get(key) ?? { scope, ref, services: 0 };
      counts.set(key, { ...choice, services: choice.services + 1 });
    };
    for (const { entityRef, owner, system } of visible) {
      if (!known.has(entityRef)) continue;
      const systemRef = asRef(system, 'system');
      count('team', asRef(owner, 'group'));
      count('system', systemRef);
      count('domain', systemRef && domainOf.get(systemRef));
    }
    return [...counts.values()].sort(
      (a, b) =>
        ORDER.indexOf(a.scope) - ORDER.indexOf(b.scope) ||
        (a.ref < b.ref ? -1 : 1),
    );
  }

  async #portal(
    credentials: BackstageCredentials,
    known: Map<string, number | undefined>,
  ): Promise<DoraScope> {
    const visible = await this.#options.callerServices.of(credentials);
    const services = byTitle(visible.filter(item => known.has(item.entityRef)));
    return {
      ...{ kind: 'portal', services },
      // Without a list the database need not look at one.
      set:
        services.length === known.size
          ? undefined
          : services.map(item => item.entityRef),
      dataSince: earliest(services, known),
    };
  }

  async #service(credentials: BackstageCredentials, ref: string) {
    const entity = await this.#options.access.require(
      ...([credentials, ref, deliveryRunReadPermission] as const),
    );
    const title = entity.metadata.title ?? entity.metadata.name;
    return { title, services: [{ entityRef: ref, title }] };
  }

  async #group(
    credentials: BackstageCredentials,
    kind: 'team' | 'system' | 'domain',
    ref: string,
  ) {
    const { callerServices, catalog } = this.#options;
    const [entity, visible] = await Promise.all([
      catalog.getEntityByRef(ref, { credentials }),
      callerServices.of(credentials),
    ]);
    if (!entity) {
      throw withCode(
        new NotFoundError(
          `There is no ${ref} in the catalog, or you may not see it.`,
        ),
        'entity_not_found',
        { entityRef: ref },
      );
    }
    const systems =
      kind === 'domain' ? await this.#systemsOf(credentials, ref) : [ref];
    const belongs = (item: VisibleService) =>
      kind === 'team'
        ? asRef(item.owner, 'group') === ref
        : systems.includes(asRef(item.system, 'system') ?? '');
    return {
      title: entity.metadata.title ?? entity.metadata.name,
      services: byTitle(visible.filter(belongs)),
    };
  }

  async #systemsOf(
    credentials: BackstageCredentials,
    domain: string,
  ): Promise<string[]> {
    const { items } = await this.#options.catalog.getEntities(
      {
        filter: { kind: 'system', [`relations.${RELATION_PART_OF}`]: domain },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      { credentials },
    );
    return items.map(item => stringifyEntityRef(item));
  }
}

function refOf(
  scope: Exclude<DoraScopeKind, 'portal'>,
  written: string | undefined,
): string {
  const kind = KINDS[scope];
  try {
    const ref = parseEntityRef(written ?? '', { defaultKind: kind });
    const isKind = scope === 'service' || ref.kind.toLowerCase() === kind;
    if (isKind) return stringifyEntityRef(ref);
  } catch {
    // Falls through to the one sentence below.
  }
  throw withCode(
    new InputError(
      `The scope ${scope} needs the ref of a ${kind}, for example ref=${kind}:default/payments.`,
    ),
    'ref_missing',
    { scope },
  );
}

/** The catalog tells a relation as a ref; without one the text of the entity may leave parts out. */
function asRef(
  value: string | undefined,
  defaultKind: string,
): string | undefined {
  if (value === undefined) return undefined;
  try {
    const ref = parseEntityRef(value, { defaultKind });
    return ref.kind.toLowerCase() === defaultKind
      ? stringifyEntityRef(ref)
      : undefined;
  } catch {
    return undefined;
  }
}

function byTitle(services: VisibleService[]): VisibleService[] {
  return [...services].sort(
    (a, b) =>
      (a.title < b.title ? -1 : Number(a.title > b.title)) ||
      (a.entityRef < b.entityRef ? -1 : 1),
  );
}

function earliest(
  services: VisibleService[],
  known: Map<string, number | undefined>,
): number | undefined {
  const times = services.flatMap(item => known.get(item.entityRef) ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}
