import { createPublicKey, verify, type JsonWebKey } from 'crypto';
import { AwsError } from '../cloud';
import type { AwsRecords, RoleRecord } from '../records';
import { findRole, parseRoleArn } from './roles';
import { readTrust } from './trust';
import type { ConditionContext } from './policyDocument';

/** AWS says ExpiredTokenException here, too, but with another status than for keys that have expired. */
export const EXPIRED_IDENTITY_TOKEN = 'ExpiredIdentityToken';

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/** What a token says; times in it are seconds. */
export type Claims = Record<string, unknown>;

const invalid = (message: string) =>
  new AwsError('InvalidIdentityToken', message, 400);

const refused = () =>
  new AwsError('AccessDenied', `Not authorized to perform ${ACTION}`, 403);

function decoded(part: string): Claims {
  const value: unknown = JSON.parse(
    Buffer.from(part, 'base64url').toString('utf8'),
  );
  if (typeof value !== 'object' || value === null) throw new Error('no object');
  return value as Claims;
}

function parts(token: string) {
  const [header = '', payload = '', signature = '', more] = token.split('.');
  try {
    if (more !== undefined) throw new Error('too many parts');
    return {
      header: decoded(header),
      claims: decoded(payload),
      signed: `${header}.${payload}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    throw invalid('The ID Token provided is not a valid JWT.');
  }
}

const hostOf = (issuer: unknown) =>
  typeof issuer === 'string' ? issuer.replace(/^https:\/\//, '') : '';

/**
 * What a token says, when AWS believes it: signed by a key of a provider it knows, for AWS, and not expired.
 * `now` is epoch milliseconds.
 * @throws AwsError InvalidIdentityToken, {@link EXPIRED_IDENTITY_TOKEN}
 */
export function verifiedClaims(
  records: AwsRecords,
  token: string,
  now: number,
): Claims {
  const { header, claims, signed, signature } = parts(token);
  const provider = records.identityProviders?.find(
    ({ host }) => host === hostOf(claims.iss),
  );
  if (!provider) {
    throw invalid(
      `No OpenIDConnect provider found in your account for ${String(
        claims.iss,
      )}`,
    );
  }
  const jwk = provider.keys.find(({ kid }) => kid === header.kid);
  const genuine =
    jwk !== undefined &&
    header.alg === 'RS256' &&
    verify(
      'RSA-SHA256',
      Buffer.from(signed),
      createPublicKey({ key: { ...jwk } as JsonWebKey, format: 'jwk' }),
      signature,
    );
  if (!genuine) {
    throw invalid(
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  const expires = Number(claims.exp);
  const seconds = Math.floor(now / 1000);
  if (!(seconds < expires)) {
    throw new AwsError(
      EXPIRED_IDENTITY_TOKEN,
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${expires}`,
      400,
    );
  }
  const audiences = [claims.aud].flat();
  if (!audiences.some(item => provider.audiences.includes(String(item)))) {
    throw invalid('Incorrect token audience');
  }
  return claims;
}

function contextOf(host: string, claims: Claims): ConditionContext {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([claim, value]) =>
      typeof value === 'string' || Array.isArray(value)
        ? [
            [
              `${host}:${claim}`.toLowerCase(),
              Array.isArray(value) ? value.map(String) : value,
            ],
          ]
        : [],
    ),
  );
}

/** Whether the trust policy of a role lets in who says this; for tests and for telling why not. */
export function isTrusted(role: RoleRecord, claims: Claims): boolean {
  const host = hostOf(claims.iss);
  return readTrust(role.trust)({
    federated: `arn:aws:iam::${role.accountId}:oidc-provider/${host}`,
    action: ACTION,
    context: contextOf(host, claims),
  });
}

/**
 * The role that a token opens.
 * @throws AwsError as {@link verifiedClaims}; AccessDenied for a role that is not there or does not trust the token, with one sentence
 */
export function roleForToken(
  records: AwsRecords,
  asked: { roleArn: string | undefined; token: string },
  now: number,
): { role: RoleRecord; claims: Claims } {
  const claims = verifiedClaims(records, asked.token, now);
  const named = parseRoleArn(asked.roleArn);
  const role = named && findRole(records, named.accountId, named.name);
  if (!role || !isTrusted(role, claims)) throw refused();
  return { role, claims };
}
