interface Entry<TValue> {
  value: Promise<TValue>;
  expiresAt: number;
}

/**
 * Keeps outcomes for a short time, at most `maxEntries` of them (the least recently used goes first), and asks only once for what
 * several callers want at the same moment. A failure is never kept.
 */
export class BoundedCache<TValue> {
  readonly #entries = new Map<string, Entry<TValue>>();
  readonly #options: { maxEntries: number; ttlMs: number; now: () => number };

  constructor(options: {
    maxEntries: number;
    ttlMs: number;
    now: () => number;
  }) {
    this.#options = options;
  }

  /** The age counts from the moment the loading began, so nothing older than `ttlMs` is ever given. */
  get(key: string, load: () => Promise<TValue>): Promise<TValue> {
    const now = this.#options.now();
    const known = this.#entries.get(key);
    if (known && known.expiresAt > now) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const entry = { value: load(), expiresAt: now + this.#options.ttlMs };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.maxEntries) break;
      this.#entries.delete(oldest);
    }
    return entry.value;
  }

  /** Also what is being loaded now is forgotten: the next caller asks anew. */
  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }
}
