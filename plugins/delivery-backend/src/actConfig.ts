import { createPrivateKey } from 'node:crypto';
import type { Config } from '@backstage/config';
import type { DeliveryConfig, SignInApplication } from './config';

function wrong(key: string, what: string): Error {
  return new Error(`Wrong configuration: ${key} ${what}.`);
}

/** Everything that acting in somebody's name rests on, beside the vendors. */
export function readActing(
  root: Config,
): Pick<DeliveryConfig, 'identity' | 'auditKey' | 'permissionsEnabled'> {
  return {
    identity: {
      matchLogin: readFlag(root, 'delivery.identity.matchLogin'),
      userOrigins: readOrigins(root),
    },
    auditKey: readAuditKey(root),
    permissionsEnabled: root.getOptionalBoolean('permission.enabled') ?? false,
  };
}

/** Applications that people sign in with; by default the Apps of the integrations, as far as they have a client secret. */
export function readSignIn(
  root: Config,
  integrations: {
    host: string;
    apps?: { clientId: string; clientSecret: string }[];
  }[],
): SignInApplication[] {
  const key = 'delivery.providers.github.signIn';
  const written = root.getOptional(key);
  if (written === undefined) {
    return integrations.flatMap(({ host, apps = [] }) =>
      apps
        .filter(app => app.clientId && app.clientSecret)
        .map(({ clientId, clientSecret }) => ({
          ...{ host, clientId, clientSecret },
        })),
    );
  }
  if (!Array.isArray(written)) {
    throw wrong(key, 'must be a list of { host, clientId, clientSecret }');
  }
  return written.map((item, index) => {
    const entry = Object(item) as Record<string, unknown>;
    const text = (name: string): string => {
      const value = entry[name];
      if (typeof value === 'string' && value !== '') return value;
      throw wrong(`${key}[${index}].${name}`, 'must be a text');
    };
    const host = text('host');
    if (!integrations.some(known => known.host === host)) {
      throw wrong(
        `${key}[${index}].host`,
        `must be a host of integrations.github, not ${host}`,
      );
    }
    return {
      host,
      clientId: text('clientId'),
      clientSecret: text('clientSecret'),
    };
  });
}

/** Name of the role that people act with. */
export function readActRole(config: Config | undefined): string | undefined {
  const key = 'providers.ecs.actRoleName';
  const value = config?.getOptional(key);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[\w+=,.@-]{1,64}$/.test(value)) {
    return value;
  }
  throw wrong(
    `delivery.${key}`,
    'must be the name of a role, not its ARN, for example delivery-act',
  );
}

function readFlag(root: Config, key: string): boolean {
  const value = root.getOptional(key) ?? false;
  if (typeof value === 'boolean') return value;
  throw wrong(key, 'must be true or false');
}

function readOrigins(root: Config): string[] | undefined {
  const key = 'delivery.identity.userOrigins';
  const value = root.getOptional(key);
  if (value === undefined) return undefined;
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(item => typeof item === 'string' && item !== '')
  ) {
    return value.map(String);
  }
  throw wrong(
    key,
    "must be a list of beginnings of locations, for example [ 'url:https://github.com/acme' ]",
  );
}

function readAuditKey(root: Config): string | undefined {
  const key = 'delivery.audit.signingKey';
  const value = root.getOptional(key);
  if (value === undefined) return undefined;
  const sentence =
    'must be the private key of an Ed25519 pair as PEM; docs/audit.md shows the command that makes one';
  if (typeof value !== 'string') throw wrong(key, sentence);
  try {
    if (createPrivateKey(value).asymmetricKeyType === 'ed25519') return value;
  } catch {
    // Falls through: what the parser says could hold parts of the key.
  }
  throw wrong(key, sentence);
}
