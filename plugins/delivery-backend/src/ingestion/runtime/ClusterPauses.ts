const FIRST_MS = 30_000;
const LONGEST_MS = 10 * 60_000;

interface Pause {
  failures: number;
  until: number;
  problem: { code: string; message: string };
}

/** Who failed is left alone for a while, longer after each further failure. Keys are of clusters and of accounts. */
export class ClusterPauses {
  readonly #pauses = new Map<string, Pause>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why it is not to be asked now; undefined: it may be. */
  of(key: string): Pause['problem'] | undefined {
    const pause = this.#pauses.get(key);
    return pause && this.#now() < pause.until ? pause.problem : undefined;
  }

  failures(key: string): number {
    return this.#pauses.get(key)?.failures ?? 0;
  }

  /** 30 s, doubled up to 10 min. @param atOnce - the longest pause right away: only a person can help */
  failed(key: string, problem: Pause['problem'], atOnce = false): void {
    const failures = this.failures(key) + 1;
    const ms = atOnce
      ? LONGEST_MS
      : Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
    this.#pauses.set(key, { failures, until: this.#now() + ms, problem });
  }

  succeeded(key: string): void {
    this.#pauses.delete(key);
  }
}
