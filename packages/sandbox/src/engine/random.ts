/**
 * A number in [0, 1) that depends on nothing but the parts: the same job of the same run gets the same duration
 * and result when it is played live, computed for the past, or taken up again after a restart.
 */
export function hashUnit(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = parts.join('\u0000');
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  // FNV-1a alone leaves neighbours (run 7, run 8) close together; the finaliser of murmur3 spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x100000000;
}

/** Source of numbers in [0, 1), like `Math.random`. */
export type Random = () => number;

/** A repeatable source: the same seed gives the same sequence. */
export function seededRandom(seed: string): Random {
  let state = Math.floor(hashUnit(seed) * 0x100000000);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}

/** One of the items; `items` must not be empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.min(items.length - 1, Math.floor(random() * items.length))];
}

/** GitHub-like node id for a numeric id: a type prefix and the number in URL-safe base64. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(`kwDO${id}`).toString('base64url')}`;
}
