import { PreparedJson } from './PreparedJson';

interface Entry {
  json: Promise<PreparedJson>;
  expiresAt: number;
  bytes: number;
}

/** What the cache works with. */
export interface OverviewCacheOptions {
  /** Bodies are kept up to this size together; the least recently used go first. */
  maxBytes: number;
  ttlMs: number;
  now: () => number;
}

/** Ready answers per service. What is being made while news arrives is handed out to those who wait, but not kept. */
export class OverviewCache {
  readonly #options: OverviewCacheOptions;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(options: OverviewCacheOptions) {
    this.#options = options;
  }

  get(entityRef: string, make: () => Promise<unknown>): Promise<PreparedJson> {
    const now = this.#options.now();
    const known = this.#entries.get(entityRef);
    if (known && known.expiresAt > now) {
      this.#entries.delete(entityRef);
      this.#entries.set(entityRef, known);
      return known.json;
    }
    this.forget(entityRef);
    const entry: Entry = {
      json: make().then(value => PreparedJson.of(value)),
      expiresAt: now + this.#options.ttlMs,
      bytes: 0,
    };
    this.#entries.set(entityRef, entry);
    entry.json.then(
      json => this.#weigh(entityRef, entry, json.body.byteLength),
      () => {
        if (this.#entries.get(entityRef) === entry) this.forget(entityRef);
      },
    );
    return entry.json;
  }

  forget(entityRef: string): void {
    this.#bytes -= this.#entries.get(entityRef)?.bytes ?? 0;
    this.#entries.delete(entityRef);
  }

  get bytes(): number {
    return this.#bytes;
  }

  #weigh(entityRef: string, entry: Entry, bytes: number) {
    if (this.#entries.get(entityRef) !== entry) return;
    entry.bytes = bytes;
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#options.maxBytes) break;
      this.forget(oldest);
    }
  }
}
