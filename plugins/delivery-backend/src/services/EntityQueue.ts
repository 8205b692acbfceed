/** Runs something after a while; injected so that tests need not wait. */
export type Later = (ms: number, run: () => void) => { cancel(): void };

/** What it works with. */
export interface EntityQueueOptions {
  quietMs: number;
  parallel: number;
  later: Later;
  work: (entityRef: string) => Promise<void>;
}

/**
 * Works on services by their refs: what happens to one within `quietMs` is worked on once, a few at the same time, and one under way
 * that is asked for again is worked on again afterwards.
 */
export class EntityQueue {
  readonly #options: EntityQueueOptions;
  readonly #waiting = new Map<string, { cancel(): void } | undefined>();
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  #closed = false;

  constructor(options: EntityQueueOptions) {
    this.#options = options;
  }

  /** After the quiet time, counted from the first of a burst. */
  add(entityRefs: Iterable<string>): void {
    for (const ref of entityRefs) {
      if (this.#closed || this.#waiting.has(ref) || this.#ready.has(ref)) {
        continue;
      }
      // A timer that runs at once would come before it is remembered.
      this.#waiting.set(ref, undefined);
      const timer = this.#options.later(this.#options.quietMs, () => {
        if (this.#waiting.delete(ref)) this.now([ref]);
      });
      if (this.#waiting.has(ref)) this.#waiting.set(ref, timer);
    }
  }

  /** Without the quiet time; in the order given, after those that are ready. */
  now(entityRefs: Iterable<string>): void {
    if (this.#closed) return;
    for (const ref of entityRefs) {
      this.#waiting.get(ref)?.cancel();
      this.#waiting.delete(ref);
      this.#ready.add(ref);
    }
    this.#start();
  }

  /** Resolves when nothing is ready or under way; what waits for its quiet time is not waited for. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Ends after what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.forEach(timer => timer?.cancel());
    this.#waiting.clear();
    this.#ready.clear();
    await this.idle();
  }

  #start() {
    for (const ref of this.#ready) {
      if (this.#running.size >= this.#options.parallel) return;
      if (this.#running.has(ref)) continue;
      this.#ready.delete(ref);
      this.#running.set(
        ref,
        this.#options.work(ref).finally(() => {
          this.#running.delete(ref);
          this.#start();
        }),
      );
    }
  }
}
