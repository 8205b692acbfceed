interface Entry<T> {
  at: number;
  key: string;
  item: T;
}

const before = <T>(a: Entry<T>, b: Entry<T>) =>
  a.at === b.at ? a.key < b.key : a.at < b.at;

/**
 * What is due when, the earliest first; of the same instant the smaller key first, so that the order does not depend on how the agenda was
 * filled. The records hold the truth: an entry whose record has got another time since is passed over.
 */
export class Agenda<T> {
  /** Binary heap. */
  readonly #heap: Entry<T>[] = [];

  constructor(
    private readonly dueAt: (item: T) => number | null,
    private readonly keyOf: (item: T) => string,
  ) {}

  /** Call whenever the time of `item` was set. */
  note(item: T): void {
    const at = this.dueAt(item);
    if (at === null) return;
    const heap = this.#heap;
    let index = heap.push({ at, key: this.keyOf(item), item }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(heap[index], heap[parent])) break;
      [heap[index], heap[parent]] = [heap[parent], heap[index]];
      index = parent;
    }
  }

  next(): { at: number; item: T } | undefined {
    while (this.#heap.length > 0) {
      const [first] = this.#heap;
      if (this.dueAt(first.item) === first.at) return first;
      this.take();
    }
    return undefined;
  }

  /** Takes away what {@link Agenda.next} gave. */
  take(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      let least = index;
      if (left < heap.length && before(heap[left], heap[least])) least = left;
      if (left + 1 < heap.length && before(heap[left + 1], heap[least])) {
        least = left + 1;
      }
      if (least === index) return;
      [heap[index], heap[least]] = [heap[least], heap[index]];
      index = least;
    }
  }
}
