import { createHash } from 'crypto';

/** Longest part of a run's id before the dot. */
const MAX = 40;

/**
 * Name of a host inside keys and addresses: letters, digits, `_` and `-` only. Two hosts never share one: `_` cannot be in a host
 * name, and a long name ends with a digest of the whole.
 */
export function hostKey(host: string): string {
  const key = host.toLowerCase().replace(/[^a-z0-9-]/g, '_');
  if (key.length <= MAX) return key;
  const digest = createHash('sha256').update(host).digest('hex').slice(0, 10);
  return `${key.slice(0, MAX - 11)}_${digest}`;
}

/** Keys of a host's things; vendors number them, so they survive renames. */
export function keysOf(host: string) {
  const prefix = hostKey(host);
  return {
    repository: (id: number) => `${prefix}/${id}`,
    pipeline: (repoKey: string, id: number) => `${repoKey}/${id}`,
    /** Of a run, job, deployment, status or check. */
    thing: (id: number) => `${prefix}.${id}`,
  };
}

/** The vendor's number in a key of a thing. */
export function numberOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('.') + 1));
}
