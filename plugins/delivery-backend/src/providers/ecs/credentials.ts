import type { Config } from '@backstage/config';
import { NotAllowedError } from '@backstage/errors';
import {
  DefaultAwsCredentialsManager,
  type AwsCredentialProvider,
} from '@backstage/integration-aws-node';
import { detailed } from './errors';

/** What the SDK's clients take: asked again whenever the last credentials are about to end. */
export type AwsIdentityProvider =
  AwsCredentialProvider['sdkCredentialProvider'];

/** What a person's session is made from. */
export interface ActSource {
  /** The portal's own, of the main account: the trust policy of the role names it. */
  credentials: AwsIdentityProvider;
  /** As configured for the account; a trust policy that asks for none takes no notice of it. */
  externalId?: string;
}

/** The portal's credentials by account, for reading. */
export interface EcsCredentials {
  (accountId: string): Promise<AwsIdentityProvider>;
  /** What sessions of persons are made from; absent: nobody acts. */
  actSources?: (accountId: string) => Promise<ActSource>;
}

/**
 * Credentials by account, as `aws` in app-config says. Names of registries come from task definitions, which anybody who deploys
 * writes; `aws.accountDefaults` would have the portal assume a role of whatever account such a name holds. So an account has to be
 * named by the portal's own configuration: in `aws.accounts`, or by an environment.
 *
 * @throws `NotAllowedError` with code `credentials_missing`
 */
export function ecsCredentials(config: Config): EcsCredentials {
  const manager = DefaultAwsCredentialsManager.fromConfig(config);
  const anyAccount = !config.has('aws.accountDefaults.roleName');
  const named = accountsNamed([
    config.getOptional('aws.accounts'),
    config.getOptional('aws.mainAccount'),
    config.getOptional('delivery.environmentSets'),
  ]);
  const forReading = async (accountId: string) => {
    if (!anyAccount && !named.has(accountId)) throw notNamed(accountId);
    const { sdkCredentialProvider } = await manager.getCredentialProvider({
      accountId,
    });
    return sdkCredentialProvider;
  };
  return Object.assign(forReading, { actSources: ecsActSources(config) });
}

/**
 * Where sessions of persons come from, by account. Unlike reading, acting asks that the configuration names the account, whatever
 * `aws.accountDefaults` says.
 *
 * @throws `NotAllowedError` with code `credentials_missing`
 */
function ecsActSources(
  config: Config,
): (accountId: string) => Promise<ActSource> {
  const manager = DefaultAwsCredentialsManager.fromConfig(config);
  const named = accountsNamed([
    config.getOptional('aws.accounts'),
    config.getOptional('aws.mainAccount'),
    config.getOptional('delivery.environmentSets'),
  ]);
  const accounts = config.getOptionalConfigArray('aws.accounts') ?? [];
  return async accountId => {
    if (!named.has(accountId)) throw notNamed(accountId);
    const own = accounts.find(
      account => String(account.getOptional('accountId')) === accountId,
    );
    const { sdkCredentialProvider } = await manager.getCredentialProvider();
    return {
      credentials: sdkCredentialProvider,
      externalId: own
        ? own.getOptionalString('externalId')
        : config.getOptionalString('aws.accountDefaults.externalId'),
    };
  };
}

function notNamed(accountId: string): Error {
  return detailed(
    new NotAllowedError(
      `The portal was not told of account ${accountId}: add it under "aws.accounts" in app-config if it is yours.`,
    ),
    { code: 'credentials_missing', params: { accountId } },
  );
}

/** Every `accountId` in a piece of configuration. */
function accountsNamed(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'accountId') found.add(String(inner));
    else accountsNamed(inner, found);
  }
  return found;
}
