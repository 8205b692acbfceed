import type { RuntimeCall } from 'backstage-plugin-delivery-node';

/** Counts calls to runtimes: for the metric of the portal, and since the last look for whoever asks. */
export class RuntimeCalls {
  readonly #count: ((call: RuntimeCall) => void) | undefined;
  readonly #calls = new Map<string, number>();

  /** @param count - the counter of the portal's metrics */
  constructor(count?: (call: RuntimeCall) => void) {
    this.#count = count;
  }

  readonly add = (call: RuntimeCall): void => {
    const { operation } = call;
    this.#calls.set(operation, (this.#calls.get(operation) ?? 0) + 1);
    this.#count?.(call);
  };

  /** Calls by operation since the last time this was called. */
  take(): Record<string, number> {
    const taken = Object.fromEntries(this.#calls);
    this.#calls.clear();
    return taken;
  }
}
