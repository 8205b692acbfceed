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

/**
 * Credentials by account, as `aws` in app-config says. Names of registries come from task definitions, which anybody who deploys
 * writes; `aws.accountDefaults` would have the portal assume a role of whatever account such a name holds. So an account has to be
 * named by the portal's own configuration: in `aws.accounts`, or by an environment.
 *
 * @throws `NotAllowedError` with code `credentials_missing`
 */
export function ecsCredentials(
  config: Config,
): (accountId: string) => Promise<AwsIdentityProvider> {
  const manager = DefaultAwsCredentialsManager.fromConfig(config);
  const anyAccount = !config.has('aws.accountDefaults.roleName');
  const named = accountsNamed([
    config.getOptional('aws.accounts'),
    config.getOptional('aws.mainAccount'),
    config.getOptional('delivery.environmentSets'),
  ]);
  return async accountId => {
    if (!anyAccount && !named.has(accountId)) {
      throw detailed(
        new NotAllowedError(
          `The portal was not told of account ${accountId}: add it under "aws.accounts" in app-config if it is yours.`,
        ),
        { code: 'credentials_missing', params: { accountId } },
      );
    }
    const { sdkCredentialProvider } = await manager.getCredentialProvider({
      accountId,
    });
    return sdkCredentialProvider;
  };
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
