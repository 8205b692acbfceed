import type { RuntimeServiceFact } from 'backstage-plugin-delivery-common';
import { signatureOf } from './wants';

/** After this it is looked again for what is missing; what is there costs no call. */
const BELIEVED_MS = 60 * 60_000;
/** So many keys that the vendor does not know any more are remembered. */
const MAX_GONE = 20_000;

/** What this process knows of services, so that one that stands still costs neither calls nor queries. */
export class DetailMemory {
  /** Services of which nothing is missing. */
  readonly #complete = new Map<string, { signature: string; until: number }>();
  /** What the vendor left out of its answers, and until when that is believed. */
  readonly #gone = new Map<string, number>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  isComplete(service: RuntimeServiceFact): boolean {
    const known = this.#complete.get(service.runtimeKey);
    return (
      known?.signature === signatureOf(service) && this.#clock() < known.until
    );
  }

  /** @param service - undefined: something of it is missing */
  complete(runtimeKey: string, service: RuntimeServiceFact | undefined): void {
    if (!service) {
      this.#complete.delete(runtimeKey);
      return;
    }
    const until = this.#clock() + BELIEVED_MS;
    this.#complete.set(runtimeKey, { signature: signatureOf(service), until });
  }

  isGone(key: string): boolean {
    return this.#clock() < (this.#gone.get(key) ?? 0);
  }

  /** What the vendor left out of its answer is not asked for again for a while. */
  answered(asked: string[], got: string[]): void {
    const there = new Set(got);
    if (this.#gone.size > MAX_GONE) this.#gone.clear();
    asked
      .filter(key => !there.has(key))
      .forEach(key => this.#gone.set(key, this.#clock() + BELIEVED_MS));
  }
}
