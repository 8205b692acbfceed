import type { Knex } from 'knex';
import { chunks, int, type Raw } from '../DatabaseDeliveryStore/columns';
import { lock } from '../DatabaseDeliveryStore/connect';
import { COUNTS, MEASURES } from './measures';

const DAY = 86_400_000;

export function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

export function startOfDay(day: number): number {
  return day * DAY;
}

/** By how much counts of `dora_day` go up or down. */
export class DayDeltas {
  readonly #deltas = new Map<string, number>();

  /** Adds what a row of a narrow table counts for, `times` 1 or -1. */
  add(table: string, row: Raw, times: number): void {
    if (table === 'dora_deployment') {
      COUNTS.forEach(([, column], number) =>
        this.#move(row.at, number, 0, int(row[column]) * times),
      );
    }
    for (const measure of MEASURES) {
      if (measure.table !== table) continue;
      const bin = row[measure.bin];
      if (bin === null || bin === undefined) continue;
      this.#move(row[measure.at], measure.number, int(bin), times);
    }
  }

  #move(at: unknown, measure: number, bin: number, by: number): void {
    if (by === 0 || at === null || at === undefined) return;
    const key = `${dayOf(int(at))} ${measure} ${bin}`;
    this.#deltas.set(key, (this.#deltas.get(key) ?? 0) + by);
  }

  /** Writes them; the last thing of its transaction, because all services share these rows. */
  async save(tx: Knex): Promise<void> {
    const rows = [...this.#deltas]
      .filter(([, by]) => by !== 0)
      .map(([key, by]) => [...key.split(' ').map(Number), by]);
    if (rows.length === 0) return;
    await lock(tx, ['dora_day']);
    for (const part of chunks(rows, 2000)) {
      await tx.raw(
        `insert into dora_day (day, measure, bin, n) values ${part
          .map(() => '(?, ?, ?, ?)')
          .join(', ')}
         on conflict (day, measure, bin) do update set n = dora_day.n + excluded.n`,
        part.flat(),
      );
    }
  }
}
