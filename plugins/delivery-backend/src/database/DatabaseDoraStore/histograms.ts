import type { TimeWindow } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { int, type Raw } from '../DatabaseDeliveryStore/columns';
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
    const bins: Bins = found.get(index) ?? new Map();
    addAll(bins, ends.get(to), 1);
    addAll(bins, ends.get(from), -1);
    return bins;
  });
}

async function wholeDays(
  db: Knex,
  segments: readonly TimeWindow[],
): Promise<Map<number, Bins>> {
  const days = segments.map(({ from, to }) => ({
    from: nearestDay(from),
    to: nearestDay(to),
  }));
  const span = spanTable(db, days);
  const rows = await all<Raw>(db, {
    text: `with span as (${span.text})
      select s.g, d.measure, d.bin, sum(d.n) as n from span s cross join dora_day d
      where d.day >= s.f and d.day < s.t group by s.g, d.measure, d.bin`,
    values: span.values,
  });
  const found = new Map<number, Bins>();
  for (const row of rows) {
    const bins: Bins = found.get(int(row.g)) ?? new Map();
    found.set(int(row.g), bins);
    addTo(bins, int(row.measure), int(row.bin), int(row.n));
  }
  return found;
}

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

const DEPLOYMENTS = { table: 'dora_deployment', at: 'at' } as const;

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
