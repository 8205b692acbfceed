import { hashUnit } from '../../engine/random';
import type { AwsRecords } from '../records';

/** Ids and durations: they depend on the seed and on how many ids were given before, never on the moment of looking. */
export class Chance {
  constructor(
    private readonly records: AwsRecords,
    private readonly seed: string,
    private readonly speed: number,
  ) {}

  #unit(what: string | number): number {
    return hashUnit(this.seed, this.records.counter, what);
  }

  /** 32 hexadecimal digits, as ids of tasks. */
  hex(length = 32): string {
    this.records.counter += 1;
    let text = '';
    for (let part = 0; text.length < length; part += 1) {
      text += Math.floor(this.#unit(part) * 0x100000000)
        .toString(16)
        .padStart(8, '0');
    }
    return text.slice(0, length);
  }

  /** 19 decimal digits, as ids of revisions and `ecs-svc/…`. */
  number(): string {
    this.records.counter += 1;
    const part = (what: number, digits: number) =>
      String(Math.floor(this.#unit(what) * 10 ** digits)).padStart(digits, '0');
    return `${1 + Math.floor(this.#unit(0) * 9)}${part(1, 9)}${part(2, 9)}`;
  }

  /** As ids of events. */
  uuid(): string {
    const hex = this.hex();
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `a${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }

  /** Milliseconds of the sandbox for real-world seconds; at least one. */
  seconds(seconds: number): number {
    return Math.max(1, Math.round((seconds * 1000) / this.speed));
  }

  /** As {@link Chance.seconds}, between two; the same for the same words. */
  between(from: number, to: number, ...words: string[]): number {
    return this.seconds(from + hashUnit(this.seed, ...words) * (to - from));
  }
}
