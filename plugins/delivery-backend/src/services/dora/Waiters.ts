interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Who waits for the work on something that has not begun yet. */
export class Waiters {
  readonly #waiting = new Map<string, Waiter[]>();

  /** Settled by whoever takes it next. */
  wait(key: string): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const list = this.#waiting.get(key) ?? [];
      this.#waiting.set(key, [...list, { resolve, reject }]);
    });
  }

  /** Those who wait now; whoever comes later waits for the next time. */
  take(key: string): Waiter[] {
    const list = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return list;
  }

  rejectAll(error: unknown): void {
    for (const key of [...this.#waiting.keys()]) {
      this.take(key).forEach(({ reject }) => reject(error));
    }
  }
}
