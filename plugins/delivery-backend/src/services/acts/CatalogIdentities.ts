import type { AuthService } from '@backstage/backend-plugin-api';
import {
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  IdentityResolver,
  VendorIdentity,
} from 'backstage-plugin-delivery-node';
import type { IdentityConfig } from '../../config';

const USER_ID = 'github.com/user-id';
const USER_LOGIN = 'github.com/user-login';

/** What {@link CatalogIdentities} reads. */
export interface CatalogIdentitiesOptions {
  catalog: CatalogService;
  auth: AuthService;
  identity: IdentityConfig;
}

/** Finds who an account is by what an org provider wrote of users in the catalog; e-mail addresses prove nothing. */
export class CatalogIdentities implements IdentityResolver {
  readonly #options: CatalogIdentitiesOptions;

  constructor(options: CatalogIdentitiesOptions) {
    this.#options = options;
  }

  async resolve(account: VendorIdentity): Promise<string[]> {
    const { identity } = this.#options;
    const byId = await this.#users(USER_ID, account.nodeId);
    // The catalog's filters ignore case, and node ids differ by nothing else.
    const found = byId.filter(
      user => annotation(user, USER_ID) === account.nodeId,
    );
    if (identity.matchLogin) {
      const login = lower(account.login);
      const byLogin = await this.#users(USER_LOGIN, account.login);
      found.push(
        ...byLogin.filter(
          user =>
            lower(annotation(user, USER_LOGIN)) === login &&
            // Whoever has an id is somebody by that id, and by nothing weaker.
            [undefined, account.nodeId].includes(annotation(user, USER_ID)),
        ),
      );
    }
    const refs = found
      .filter(user => isBelieved(user, identity.userOrigins))
      .map(user => stringifyEntityRef(user));
    return [...new Set(refs)].sort();
  }

  async #users(key: string, value: string): Promise<Entity[]> {
    if (value === '') return [];
    const { items } = await this.#options.catalog.getEntities(
      {
        filter: { kind: 'User', [`metadata.annotations.${key}`]: value },
        fields: ['kind', 'metadata'],
      },
      { credentials: await this.#options.auth.getOwnServiceCredentials() },
    );
    return items;
  }
}

function annotation(user: Entity, key: string): string | undefined {
  return user.metadata.annotations?.[key];
}

function lower(text: string | undefined): string {
  return (text ?? '').toLocaleLowerCase('en-US');
}

/** Authors of a repository must not be able to write a user who is somebody else's account. */
function isBelieved(user: Entity, origins: string[] | undefined): boolean {
  const location = annotation(user, ANNOTATION_ORIGIN_LOCATION);
  if (!location) return false;
  const isFile = isRepositoryFile(location);
  if (!origins) return !isFile;
  return origins.some(
    origin =>
      beginsWith(location, origin) && (!isFile || isRepositoryFile(origin)),
  );
}

/** `url:https://github.com/acme` is no beginning of `url:https://github.com/acme-evil`. */
function beginsWith(location: string, origin: string): boolean {
  if (!location.startsWith(origin)) return false;
  const next = location.charAt(origin.length);
  return next === '' || /[/:?#]$/.test(origin) || /[/?#]/.test(next);
}

/** By the addresses that hosts of repositories use for a file, and by the ending of its name. */
function isRepositoryFile(location: string): boolean {
  if (!location.startsWith('url:')) return false;
  const [address, query = ''] = location.slice('url:'.length).split('?');
  return (
    /\/(?:blob|tree|raw|contents|src|browse|edit)\//i.test(address) ||
    /^https?:\/\/raw\./i.test(address) ||
    /\.(?:ya?ml|json)(?:#.*)?$/i.test(address) ||
    /(?:^|&)path=/i.test(query)
  );
}
