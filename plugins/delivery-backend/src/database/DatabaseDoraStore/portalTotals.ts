import type {
  Quantiles,
  SpanTotals,
  TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { chunks, int, text, type Raw } from '../DatabaseDeliveryStore/columns';
import { isSqlite } from '../DatabaseDeliveryStore/connect';
import { binsOf, sumOf, type Bins } from './histograms';
import {
  COUNTS,
  MEASURES,
  noCounts,
  type Counts,
  type Measure,
  type MeasureName,
  type TotalsOptions,
} from './measures';
import { quantilesAt, ranksOf } from './quantileRanks';
import { segmentsOf } from './segments';
import { all } from './serviceSet';

/**
 * Totals of the whole portal without reading its rows. Sums and the number of values in each bin are added up from counts by day, once for
 * every piece of time that the spans are cut into. They say in which bin a percentile lies, and how many are smaller: only the values of
 * that bin are sorted. What comes out is exact.
 */
export async function portalTotals(
  db: Knex,
  spans: readonly TimeWindow[],
  { method, asOf }: TotalsOptions,
): Promise<SpanTotals[]> {
  const { segments, ofSpan } = segmentsOf(spans);
  const bySegment = await binsOf(db, segments);
  const bySpan = ofSpan.map(own => sumOf(own.map(at => bySegment[at])));
  const provisional = await provisionalOf(db, spans, asOf);
  const quantiles = new Map<MeasureName, Quantiles[]>();
  for (const measure of MEASURES) {
    const bins = bySpan.map(each => sortedBins(each, measure));
    const found = await quantilesOfSpans(db, spans, bins, measure, method);
    quantiles.set(measure.name, found);
  }
  return spans.map((_, index) => ({
    ...countsOf(bySpan[index]),
    provisional: provisional[index],
    ...(Object.fromEntries(
      [...quantiles].map(([name, found]) => [name, found[index]]),
    ) as Record<MeasureName, Quantiles>),
  }));
}

function countsOf(bins: Bins): Counts {
  const counts = noCounts();
  COUNTS.forEach(([name], number) => {
    counts[name] = bins.get(number)?.get(0) ?? 0;
  });
  return counts;
}

/** Late evidence concerns the last days only: spans before the first row of them are not looked at. */
async function provisionalOf(
  db: Knex,
  spans: readonly TimeWindow[],
  asOf: number,
): Promise<number[]> {
  const late = `from dora_deployment d where d.hidden = 0 and d.provisional_until is not null and d.provisional_until > ?`;
  // The sign before `at` keeps databases from going through its index instead: Postgres would do so for half a minute.
  const [ends] = await all<Raw>(db, {
    text: `select min(+d.at) as first, max(+d.at) as last ${late}`,
    values: [asOf],
  });
  const counts = spans.map(() => 0);
  for (const [index, { from, to }] of spans.entries()) {
    const isOutside =
      ends.first === null || to <= int(ends.first) || from > int(ends.last);
    if (isOutside) continue;
    const [row] = await all<Raw>(db, {
      text: `select count(*) as n ${late} and +d.at >= ? and +d.at < ?`,
      values: [asOf, from, to],
    });
    counts[index] = int(row.n);
  }
  return counts;
}

type SortedBins = { bin: number; n: number }[];

function sortedBins(bins: Bins, { number }: Measure): SortedBins {
  return [...(bins.get(number) ?? [])]
    .map(([bin, n]) => ({ bin, n }))
    .filter(({ n }) => n !== 0)
    .sort((a, b) => a.bin - b.bin);
}

/** Neighbouring values of one bin and span: `count` of them from the one at `place` on. */
interface Wanted {
  span: number;
  bin: number;
  place: number;
  count: number;
  /** Position of the first one among all values of the span. */
  rank: number;
}

function wantedOf(span: number, bins: SortedBins, ranks: number[]): Wanted[] {
  const wanted: Wanted[] = [];
  let before = 0;
  let at = 0;
  for (const rank of ranks) {
    while (at < bins.length && before + bins[at].n <= rank) {
      before += bins[at].n;
      at += 1;
    }
    if (at === bins.length) break;
    const { bin } = bins[at];
    const last = wanted.at(-1);
    if (last && last.bin === bin && last.rank + last.count === rank) {
      last.count += 1;
    } else {
      wanted.push({ span, bin, place: rank - before, count: 1, rank });
    }
  }
  return wanted;
}

async function quantilesOfSpans(
  db: Knex,
  spans: readonly TimeWindow[],
  bins: SortedBins[],
  measure: Measure,
  method: TotalsOptions['method'],
): Promise<Quantiles[]> {
  const sizes = bins.map(of => of.reduce((sum, { n }) => sum + n, 0));
  const wanted = bins.flatMap((of, span) =>
    wantedOf(span, of, ranksOf(sizes[span], method)),
  );
  const lists = await valuesOf(db, spans, measure, wanted);
  const values = spans.map(() => new Map<number, number>());
  wanted.forEach(({ span, rank }, index) =>
    lists[index].forEach((value, more) => values[span].set(rank + more, value)),
  );
  return sizes.map((n, span) =>
    quantilesAt(n, method, rank => values[span].get(rank)),
  );
}

/** As many bins in one statement as SQLite takes without complaint; each part reads and sorts one bin of one span. */
const PARTS = 100;

async function valuesOf(
  db: Knex,
  spans: readonly TimeWindow[],
  { table, at, value, bin }: Measure,
  wanted: Wanted[],
): Promise<number[][]> {
  const gathered = isSqlite(db) ? 'json_group_array(v)' : 'json_agg(v)::text';
  const one = `(select ${gathered} from (select d.${value} as v from ${table} d
    where d.hidden = 0 and d.${bin} = ? and d.${at} >= ? and d.${at} < ? order by d.${value} limit ? offset ?) as part)`;
  const found: number[][] = [];
  for (const part of chunks(wanted, PARTS)) {
    const parts = part.map(
      (_, index) => `select ${index} as g, ${one} as found`,
    );
    const rows = await all<Raw>(db, {
      text: parts.join(' union all '),
      values: part.flatMap(each => {
        const { from, to } = spans[each.span];
        return [each.bin, from, to, each.count, each.place];
      }),
    });
    const lists = new Map(rows.map(row => [int(row.g), row.found]));
    for (let index = 0; index < part.length; index += 1) {
      found.push(JSON.parse(text(lists.get(index) ?? '[]')));
    }
  }
  return found;
}
