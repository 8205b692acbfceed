import type { TimeWindow } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { int, json, type Raw } from '../DatabaseDeliveryStore/columns';
import { isSqlite } from '../DatabaseDeliveryStore/connect';
import { dayOf, startOfDay } from './dayCounts';
import { COUNTS, MEASURES, type Measure } from './measures';
import { all, spanTable } from './serviceSet';

/** How many there are of each bin, by number of the measure (a count has the one bin 0). */
export type Bins = Map<number, Map<number, number>>;

function addTo(bins: Bins, measure: number, bin: number, n: number): void {
  const of = bins.get(measure) ?? new Map<number, number>();
  bins.set(measure, of);
  of.set(bin, (of.get(bin) ?? 0) + n);
}

function addAll(to: Bins, more: Bins | undefined, times: number): void {
  for (const [measure, bins] of more ?? []) {
    for (const [bin, n] of bins) addTo(to, measure, bin, n * times);
  }
}

/** The midnight UTC that is nearest, as a day: less than half a day of rows is read besides. */
function nearestDay(at: number): number {
  const day = dayOf(at);
  return at - startOfDay(day) < startOfDay(day + 1) - at ? day : day + 1;
}

/** The whole portal's counts of each segment, from whole days, and from the rows between a midnight and where a segment ends. */
export async function binsOf(
  db: Knex,
  segments: readonly TimeWindow[],
): Promise<Bins[]> {
  const found = await wholeDays(db, segments);
  const ends = await rowsAtEnds(db, segments);
  return segments.map(({ from, to }, index) => {
    const bins = found[index];
    addAll(bins, ends.get(to), 1);
    addAll(bins, ends.get(from), -1);
    return bins;
  });
}

/** Days that follow each other without a gap, with the number of the segment that each one is in. */
interface Stretch {
  from: number;
  segmentOf: number[];
}

function stretchesOf(segments: readonly TimeWindow[]): Stretch[] {
  const stretches: Stretch[] = [];
  segments.forEach((segment, index) => {
    const from = nearestDay(segment.from);
    const days = nearestDay(segment.to) - from;
    const last = stretches.at(-1);
    const segmentOf = new Array<number>(days).fill(index);
    if (last && last.from + last.segmentOf.length === from) {
      last.segmentOf.push(...segmentOf);
    } else {
      stretches.push({ from, segmentOf });
    }
  });
  return stretches;
}

/** Lists of a day in one row each: grouping them in the database would sort what the index has in order, and rows are dear to read. */
async function wholeDays(
  db: Knex,
  segments: readonly TimeWindow[],
): Promise<Bins[]> {
  const list = (column: string) =>
    isSqlite(db) ? `json_group_array(${column})` : `json_agg(${column})::text`;
  const found = segments.map((): Bins => new Map());
  for (const { from, segmentOf } of stretchesOf(segments)) {
    const rows = await all<Raw>(db, {
      text: `select day, measure, ${list('bin')} as bins, ${list('n')} as counts
        from dora_day where day >= ? and day < ? group by day, measure`,
      values: [from, from + segmentOf.length],
    });
    for (const row of rows) {
      const bins = found[segmentOf[int(row.day) - from]];
      const counts = json<number[]>(row.counts);
      json<number[]>(row.bins).forEach((bin, index) =>
        addTo(bins, int(row.measure), bin, counts[index]),
      );
    }
  }
  return found;
}

const DEPLOYMENTS = { table: 'dora_deployment', at: 'at' } as const;

/** By an end of segments: what is to be added to the whole days before it; below zero where the midnight is later. */
async function rowsAtEnds(
  db: Knex,
  segments: readonly TimeWindow[],
): Promise<Map<number, Bins>> {
  const ends = [...new Set(segments.flatMap(({ from, to }) => [from, to]))]
    .map(end => ({ end, midnight: startOfDay(nearestDay(end)) }))
    .filter(({ end, midnight }) => end !== midnight);
  const found = new Map<number, Bins>(ends.map(({ end }) => [end, new Map()]));
  if (ends.length === 0) return found;
  const spans = ends.map(({ end, midnight }) => ({
    from: Math.min(end, midnight),
    to: Math.max(end, midnight),
  }));
  const add = (group: unknown, measure: number, bin: unknown, n: unknown) => {
    const { end, midnight } = ends[int(group)];
    const times = end > midnight ? 1 : -1;
    addTo(found.get(end) ?? new Map(), measure, int(bin), int(n) * times);
  };
  const sums = COUNTS.map(([, column]) => `sum(d.${column}) as ${column}`);
  for (const row of await rowsOf(db, spans, DEPLOYMENTS, sums.join(', '))) {
    COUNTS.forEach(([, column], number) => add(row.g, number, 0, row[column]));
  }
  for (const measure of MEASURES) {
    const rows = await rowsOf(db, spans, measure, 'count(*) as n');
    for (const row of rows) add(row.g, measure.number, row.bin, row.n);
  }
  return found;
}

function rowsOf(
  db: Knex,
  spans: TimeWindow[],
  { table, at, bin }: Pick<Measure, 'table' | 'at'> & { bin?: string },
  what: string,
): Promise<Raw[]> {
  const span = spanTable(db, spans);
  return all<Raw>(db, {
    text: `with span as (${span.text}) select s.g${
      bin ? `, d.${bin} as bin` : ''
    }, ${what}
      from span s cross join ${table} d where d.hidden = 0 and d.${at} >= s.f and d.${at} < s.t${
      bin ? ` and d.${bin} is not null` : ''
    } group by s.g${bin ? `, d.${bin}` : ''}`,
    values: span.values,
  });
}

/** What several segments have together. */
export function sumOf(parts: Bins[]): Bins {
  const sum: Bins = new Map();
  for (const part of parts) addAll(sum, part, 1);
  return sum;
}
