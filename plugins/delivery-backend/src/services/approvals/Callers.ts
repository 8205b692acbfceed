import type {
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { RELATION_MEMBER_OF } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { ANNOTATION_LOGIN, ANNOTATION_NODE_ID } from './AccountDirectory';

/** A signed-in person, as far as it matters for what is shown to them. */
export interface Caller {
  ref: string;
  /** The person and their groups. */
  refs: Set<string>;
  /** Of their account at the vendor, as the catalog says; lower case. */
  login?: string;
  nodeId?: string;
}

/** Says who asks. Nothing may be done because of it: who acts is decided anew. */
export class Callers {
  readonly #catalog: Pick<CatalogService, 'getEntityByRef'>;
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials' | 'isPrincipal'>;
  readonly #logger: LoggerService;

  constructor(options: {
    catalog: Pick<CatalogService, 'getEntityByRef'>;
    auth: Pick<AuthService, 'getOwnServiceCredentials' | 'isPrincipal'>;
    logger: LoggerService;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#logger = options.logger;
  }

  /** Undefined: no person asks. */
  async of(credentials: BackstageCredentials): Promise<Caller | undefined> {
    if (!this.#auth.isPrincipal(credentials, 'user')) return undefined;
    const ref = credentials.principal.userEntityRef;
    try {
      const user = await this.#catalog.getEntityByRef(ref, {
        credentials: await this.#auth.getOwnServiceCredentials(),
      });
      const groups = (user?.relations ?? []).flatMap(({ type, targetRef }) =>
        type === RELATION_MEMBER_OF ? targetRef : [],
      );
      const { annotations = {} } = user?.metadata ?? {};
      return {
        ...{ ref, refs: new Set([ref, ...groups]) },
        login: annotations[ANNOTATION_LOGIN]?.toLowerCase(),
        nodeId: annotations[ANNOTATION_NODE_ID],
      };
    } catch (error) {
      this.#logger.warn('A user could not be looked up in the catalog', {
        ...{ user: ref, reason: String(error) },
      });
      return { ref, refs: new Set([ref]) };
    }
  }
}
