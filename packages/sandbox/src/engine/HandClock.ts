import type { Clock } from '../state';

interface Timer {
  at: number;
  order: number;
  fn: (() => void) | null;
}

const before = (a: Timer, b: Timer) =>
  a.at === b.at ? a.order < b.order : a.at < b.at;

/** A clock that moves only when told: for tests, and for playing 90 days of history in seconds. */
export class HandClock implements Clock {
  #now: number;
  #order = 0;
  /** Binary heap, the next timer first. */
  readonly #heap: Timer[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer: Timer = {
      at: this.#now + Math.max(0, Math.round(ms)),
      order: this.#order,
      fn,
    };
    this.#order += 1;
    this.#push(timer);
    return () => {
      timer.fn = null;
    };
  }

  /** Time of the next timer; Infinity when nothing is planned. */
  nextAt(): number {
    while (this.#heap.length > 0 && this.#heap[0].fn === null) this.#pop();
    return this.#heap.length > 0 ? this.#heap[0].at : Infinity;
  }

  /** Runs everything that is due until `time`, in order, and stands at `time` afterwards. */
  advanceTo(time: number): void {
    while (this.#heap.length > 0 && this.#heap[0].at <= time) {
      const timer = this.#pop();
      this.#now = Math.max(this.#now, timer.at);
      timer.fn?.();
    }
    this.#now = Math.max(this.#now, time);
  }

  /** As {@link advanceTo}, by a number of milliseconds. */
  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  /** Runs until nothing is planned any more or `limit` timers have run; returns how many ran. */
  runAll(limit = 100_000): number {
    let ran = 0;
    while (this.#heap.length > 0 && ran < limit) {
      this.advanceTo(this.#heap[0].at);
      ran += 1;
    }
    return ran;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(heap[index], heap[parent])) break;
      [heap[index], heap[parent]] = [heap[parent], heap[index]];
      index = parent;
    }
  }

  #pop(): Timer {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last && heap.length > 0) {
      heap[0] = last;
      let index = 0;
      for (;;) {
        const left = index * 2 + 1;
        let next = index;
        if (left < heap.length && before(heap[left], heap[next])) next = left;
        if (left + 1 < heap.length && before(heap[left + 1], heap[next])) {
          next = left + 1;
        }
        if (next === index) break;
        [heap[index], heap[next]] = [heap[next], heap[index]];
        index = next;
      }
    }
    return first;
  }
}
