import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
} from 'node:crypto';
import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { AuditContent, AuditEntry } from '../../database/AuditStore';

/** Signs entries and exports with one Ed25519 key; pure, so that a store can ask for it within a transaction. */
export interface AuditSigner {
  readonly keyId: string;
  /** PEM. */
  readonly publicKey: string;
  /** Hash and signature of an entry at its place in the chain. */
  seal(
    content: AuditContent,
    seq: number,
    previousHash: string,
  ): Pick<AuditEntry, 'hash' | 'signature' | 'keyId'>;
  /** Base64 signature of what an export says of itself. */
  signExport(about: unknown): string;
}

/** What an entry is hashed as: its place, what came before, what it says. */
export function hashOf(
  content: AuditContent,
  seq: number,
  previousHash: string,
): string {
  return sha256(`${previousHash}\n${seq}\n${canonical(content)}`);
}

/**
 * @param pem - private key as PEM
 * @throws `Error` when it is none of Ed25519; says nothing of what was given
 */
export function createAuditSigner(pem: string): AuditSigner {
  const key = readKey(pem);
  const publicKey = createPublicKey(key);
  const keyId = idOf(publicKey.export({ format: 'der', type: 'spki' }));
  const signHash = (hash: string) =>
    sign(null, Buffer.from(hash, 'hex'), key).toString('base64');
  return {
    keyId,
    publicKey: String(publicKey.export({ format: 'pem', type: 'spki' })),
    seal: (content, seq, previousHash) => {
      const hash = hashOf(content, seq, previousHash);
      return { hash, signature: signHash(hash), keyId };
    },
    signExport: about =>
      signHash(sha256(`delivery-audit export\n${canonical(about)}`)),
  };
}

/** Id of a public key given as PEM; undefined: it is none. */
export function keyIdOf(publicKey: string): string | undefined {
  try {
    const key = createPublicKey(publicKey);
    return idOf(key.export({ format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}

function readKey(pem: string) {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Falls through: what the parser says could hold parts of the key.
  }
  throw new Error('The signing key of the audit is not an Ed25519 key as PEM.');
}

function idOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
