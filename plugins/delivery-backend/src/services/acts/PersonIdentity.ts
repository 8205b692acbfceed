import type {
  DeliveryProvider,
  IdentityResolver,
  UserToken,
  VendorIdentity,
} from 'backstage-plugin-delivery-node';
import type { Actor } from './ActRunner';
import { refuse } from './Refusal';

/** What {@link PersonIdentity} is made of. */
export interface PersonIdentityOptions {
  providerOf: (host: string) => DeliveryProvider | undefined;
  resolver: IdentityResolver;
}

/** Whether a token is of the very person who is signed in. */
export class PersonIdentity {
  readonly #options: PersonIdentityOptions;

  constructor(options: PersonIdentityOptions) {
    this.#options = options;
  }

  /**
   * @throws `Refusal` `identity_mismatch` when the account is nobody's, several people's or somebody else's, `acts_unsupported`
   * @throws `VendorRefusal` when the token is not one of this portal's own application
   */
  async prove(
    actor: Pick<Actor, 'ref'>,
    host: string,
    token: UserToken,
    signal: AbortSignal,
  ): Promise<VendorIdentity> {
    const acts = this.#options.providerOf(host)?.acts;
    if (!acts) {
      return refuse(
        'acts_unsupported',
        409,
        `Nothing can be done at ${host} from here; do it on its own page.`,
        { host },
      );
    }
    const identity = await acts.identify(host, token, signal);
    const refs = await this.#options.resolver.resolve(identity);
    const isSelf =
      identity.host === host && refs.length === 1 && same(refs[0], actor.ref);
    if (isSelf) return identity;
    const { login } = identity;
    if (refs.length === 0) {
      return mismatch(
        `No user of the catalog stands for the account ${login} at ${host}. The platform team lets an org provider write github.com/user-id to your User entity.`,
        { login, host, reason: 'none' },
      );
    }
    if (refs.length > 1) {
      return mismatch(
        `Several users of the catalog stand for the account ${login} at ${host}, so nobody can act with it. Tell the platform team.`,
        { login, host, reason: 'several' },
      );
    }
    return mismatch(
      `The account ${login} at ${host} is not yours, ${actor.ref}. Sign in there with your own account and try again.`,
      { login, host, reason: 'other' },
    );
  }
}

function mismatch(message: string, params: Record<string, string>): never {
  return refuse(
    'identity_mismatch',
    403,
    `Nothing was sent. ${message}`,
    params,
  );
}

/** Refs ignore case. */
function same(a: string, b: string): boolean {
  return a.toLocaleLowerCase('en-US') === b.toLocaleLowerCase('en-US');
}
