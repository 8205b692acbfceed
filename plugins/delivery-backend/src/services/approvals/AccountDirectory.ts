import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** Annotations that name an account or a team at the vendor. */
export const ANNOTATION_LOGIN = 'github.com/user-login';
export const ANNOTATION_NODE_ID = 'github.com/user-id';
export const ANNOTATION_TEAM = 'github.com/team-slug';

const TTL_MS = 60_000;
const MAX_ENTRIES = 5_000;
/** Names that one question to the catalog carries. */
const TOGETHER = 100;

/** What the directory reads. */
export interface AccountDirectoryOptions {
  catalog: Pick<CatalogService, 'getEntities'>;
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  logger: LoggerService;
  now: () => number;
}

/**
 * Users and groups of the catalog by their names at the vendor. Good for showing and notifying only: names change hands, so that nobody
 * may do anything because of what is found here.
 */
export class AccountDirectory {
  readonly #options: AccountDirectoryOptions;
  readonly #known = new Map<
    string,
    { ref: string | undefined; until: number }
  >();

  constructor(options: AccountDirectoryOptions) {
    this.#options = options;
  }

  /** By lower-case login; a login that nobody or several have is missing. Never throws. */
  users(logins: (string | undefined)[]): Promise<Map<string, string>> {
    return this.#find('User', ANNOTATION_LOGIN, logins);
  }

  /** By lower-case `org/team`. Never throws. */
  groups(slugs: (string | undefined)[]): Promise<Map<string, string>> {
    return this.#find('Group', ANNOTATION_TEAM, slugs);
  }

  /** The user of one login. */
  async user(login: string | undefined): Promise<string | undefined> {
    if (login === undefined) return undefined;
    return (await this.users([login])).get(login.toLowerCase());
  }

  async #find(
    kind: string,
    annotation: string,
    names: (string | undefined)[],
  ): Promise<Map<string, string>> {
    const now = this.#options.now();
    const wanted = [
      ...new Set(names.flatMap(name => (name ? name.toLowerCase() : []))),
    ];
    const keyOf = (name: string) => `${annotation} ${name}`;
    const unknown = wanted.filter(
      name => (this.#known.get(keyOf(name))?.until ?? 0) <= now,
    );
    for (let from = 0; from < unknown.length; from += TOGETHER) {
      const part = unknown.slice(from, from + TOGETHER);
      const found = await this.#ask(kind, annotation, part);
      for (const name of found ? part : []) {
        const refs = found?.get(name) ?? [];
        this.#known.delete(keyOf(name));
        this.#known.set(keyOf(name), {
          ref: refs.length === 1 ? refs[0] : undefined,
          until: now + TTL_MS,
        });
      }
    }
    const result = new Map<string, string>();
    for (const name of wanted) {
      const ref = this.#known.get(keyOf(name))?.ref;
      if (ref) result.set(name, ref);
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_ENTRIES) break;
      this.#known.delete(oldest);
    }
    return result;
  }

  async #ask(
    kind: string,
    annotation: string,
    names: string[],
  ): Promise<Map<string, string[]> | undefined> {
    const { catalog, auth, logger } = this.#options;
    try {
      const { items } = await catalog.getEntities(
        {
          filter: { kind, [`metadata.annotations.${annotation}`]: names },
          fields: ['kind', 'metadata'],
        },
        { credentials: await auth.getOwnServiceCredentials() },
      );
      return byAnnotation(items, annotation);
    } catch (error) {
      logger.warn('Accounts could not be looked up in the catalog', {
        ...{ kind, reason: String(error) },
      });
      return undefined;
    }
  }
}

function byAnnotation(
  entities: Entity[],
  annotation: string,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const entity of entities) {
    const name = entity.metadata.annotations?.[annotation]?.toLowerCase();
    if (!name) continue;
    found.set(name, [...(found.get(name) ?? []), stringifyEntityRef(entity)]);
  }
  return found;
}
