/** Knows when nothing is under way: the simulated clock may move only then. */
export class Activity {
  #open = 0;
  #waiting: (() => void)[] = [];

  /** The same object, whose unfinished promises are counted. */
  watch<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name, of);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const result: unknown = value.apply(of, args);
          if (result instanceof Promise) this.#count(result);
          return result;
        };
      },
    });
  }

  /** Resolves when nothing is open and what followed from it has not begun anything new. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      await new Promise<void>(resolve => setImmediate(resolve));
      if (this.#open > 0) {
        quiet = 0;
        await new Promise<void>(resolve => this.#waiting.push(resolve));
      } else quiet += 1;
    }
  }

  #count(promise: Promise<unknown>): void {
    this.#open += 1;
    const done = () => {
      this.#open -= 1;
      if (this.#open === 0) this.#waiting.splice(0).forEach(wake => wake());
    };
    promise.then(done, done);
  }
}
