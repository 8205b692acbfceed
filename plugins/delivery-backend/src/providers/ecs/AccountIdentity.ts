import type { RuntimeCall } from 'backstage-plugin-delivery-node';
import type { AwsIdentityProvider } from './credentials';
import { CredentialsFailure } from './errors';

type Identity = Awaited<ReturnType<AwsIdentityProvider>>;

/** Credentials that end sooner are asked for again; as the SDK does. */
const MARGIN_MS = 5 * 60_000;

/**
 * The credentials of one account, shared by the clients of all services and regions: each would otherwise assume the role for itself.
 */
export class AccountIdentity {
  private asking?: Promise<Identity>;
  private known?: Identity;

  constructor(
    private readonly options: {
      accountId: string;
      credentials: (accountId: string) => Promise<AwsIdentityProvider>;
      clock: () => number;
      onCall?: (call: RuntimeCall) => void;
    },
  ) {}

  /** @throws `CredentialsFailure` */
  async get(region: string): Promise<Identity> {
    if (this.known && !this.endsSoon(this.known)) return this.known;
    this.asking ??= this.ask(region).finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private endsSoon({ expiration }: Identity): boolean {
    return (
      expiration !== undefined &&
      expiration.getTime() - this.options.clock() < MARGIN_MS
    );
  }

  private async ask(region: string): Promise<Identity> {
    const { accountId, credentials } = this.options;
    const told = () =>
      this.options.onCall?.({
        accountId,
        region,
        operation: 'sts.AssumeRole',
      });
    try {
      const provider = await credentials(accountId);
      const identity = await provider();
      // Only a role that was assumed gives credentials that end.
      if (identity.expiration) told();
      this.known = identity;
      return identity;
    } catch (error) {
      if ((error as { $metadata?: object } | undefined)?.$metadata) told();
      throw new CredentialsFailure(error);
    }
  }
}
