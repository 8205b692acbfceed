import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
} from 'crypto';
import type { AwsRecords } from '../../aws/records';
import type { SandboxState } from '../../state';
import { ISSUER_HOST } from './claims';

/** Under this key of `state.saved` lies the private key (PEM), so that tokens stay genuine after a restart. */
const KEY = 'oidc-key';

/** A public key as `/.well-known/jwks` tells it. */
export interface PublicJwk {
  kid: string;
  kty: string;
  alg: string;
  n: string;
  e: string;
}

/** Signs the ID tokens of jobs, as GitHub does. The key is made when the first one is asked for. */
export class TokenIssuer {
  #key: KeyObject | null = null;
  #jwk: PublicJwk | null = null;

  constructor(private readonly state: SandboxState) {}

  #privateKey(): KeyObject {
    if (this.#key) return this.#key;
    const saved = this.state.saved.get(KEY);
    if (typeof saved === 'string') this.#key = createPrivateKey(saved);
    else {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
      });
      this.#key = privateKey;
      this.state.saved.set(
        KEY,
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      );
      this.state.changed();
    }
    return this.#key;
  }

  /** The key that {@link sign} can be checked with. */
  publicKey(): PublicJwk {
    if (!this.#jwk) {
      const jwk = createPublicKey(this.#privateKey()).export({
        format: 'jwk',
      });
      const { kty = '', n = '', e = '' } = jwk;
      const kid = createHash('sha256').update(n).digest('hex').slice(0, 40);
      this.#jwk = { kid, kty, alg: 'RS256', n, e };
    }
    return this.#jwk;
  }

  /** A token (JWS, RS256) that says this. */
  sign(claims: Record<string, unknown>): string {
    const { kid } = this.publicKey();
    const part = (value: object) =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ typ: 'JWT', alg: 'RS256', kid })}.${part(claims)}`;
    const signature = createSign('RSA-SHA256')
      .update(signed)
      .sign(this.#privateKey());
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** AWS looks up the issuer's keys, as it does when it meets a token of a provider it has been told of. */
  introduceTo(aws: AwsRecords): void {
    const key = this.publicKey();
    const known = aws.identityProviders?.find(
      ({ host }) => host === ISSUER_HOST,
    );
    if (known?.keys.some(({ kid }) => kid === key.kid)) return;
    if (known) known.keys = [key];
    else {
      aws.identityProviders = [
        ...(aws.identityProviders ?? []),
        { host: ISSUER_HOST, audiences: ['sts.amazonaws.com'], keys: [key] },
      ];
    }
  }
}
