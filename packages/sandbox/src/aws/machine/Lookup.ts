/**
 * Finds records by a key without walking the list. Whoever appends to the list directly (the world that seeds it) need not tell: what was
 * added since the last look is indexed then. A later record with the same key replaces the earlier one.
 */
export class Lookup<T> {
  readonly #byKey = new Map<string, T>();
  #seen = 0;

  constructor(
    private readonly list: T[],
    private readonly keyOf: (item: T) => string,
  ) {}

  get(key: string): T | undefined {
    for (; this.#seen < this.list.length; this.#seen += 1) {
      const item = this.list[this.#seen];
      this.#byKey.set(this.keyOf(item), item);
    }
    return this.#byKey.get(key);
  }

  add(item: T): void {
    this.list.push(item);
  }

  remove(item: T): void {
    const key = this.keyOf(item);
    if (this.get(key) !== item) return;
    this.#byKey.delete(key);
    this.list.splice(this.list.indexOf(item), 1);
    this.#seen -= 1;
  }
}
