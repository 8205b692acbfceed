import type {
  Quantiles,
  SpanTotals,
  TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { int, optionalInt, type Raw } from '../DatabaseDeliveryStore/columns';
import {
  addCounts,
  COUNTS,
  MEASURES,
  noCounts,
  type Counts,
  type Measure,
  type MeasureName,
  type TotalsOptions,
} from './measures';
import { isWantedRank, quantilesAt, type Method } from './quantileRanks';
import { segmentsOf } from './segments';
import { all, isOneOf, spanTable, type Sql } from './serviceSet';

/** How rows are put together: by span, or by service. */
interface Groups {
  spans: readonly TimeWindow[];
  ids: readonly number[];
  by: 'span' | 'service';
}

/** Rows of a table in their spans; `cross` keeps SQLite from reading the table first. */
function rowsIn(
  db: Knex,
  { spans, ids, by }: Groups,
  { table, at }: Pick<Measure, 'table' | 'at'>,
): { span: Sql; from: Sql; group: string } {
  const isOf = isOneOf(db, 'd.service_id', ids);
  return {
    span: spanTable(db, spans),
    from: {
      text: `span s cross join ${table} d where d.${at} >= s.f and d.${at} < s.t and ${isOf.text}`,
      values: isOf.values,
    },
    group: by === 'span' ? 's.g' : 'd.service_id',
  };
}

/** Sums of every group that has rows. */
async function countsOf(
  db: Knex,
  groups: Groups,
  asOf: number,
): Promise<Map<number, Counts>> {
  const of = { table: 'dora_deployment', at: 'at' } as const;
  const { span, from, group } = rowsIn(db, groups, of);
  const sums = COUNTS.map(([, column]) => `sum(d.${column}) as ${column}`);
  const rows = await all<Raw>(db, {
    text: `with span as (${span.text}) select ${group} as g, ${sums.join(', ')},
      sum(case when d.provisional_until > ? then 1 else 0 end) as provisional from ${
        from.text
      } group by ${group}`,
    values: [...span.values, asOf, ...from.values],
  });
  return new Map(
    rows.map(row => {
      const counts = noCounts();
      for (const [name, column] of COUNTS) counts[name] = int(row[column]);
      counts.provisional = int(row.provisional);
      return [int(row.g), counts];
    }),
  );
}

/** Percentiles of every group that has values: one statement, which gives the few values that they are made of. */
async function quantilesBy(
  db: Knex,
  groups: Groups,
  measure: Measure,
  method: Method,
): Promise<Map<number, Quantiles>> {
  const { span, from, group } = rowsIn(db, groups, measure);
  const rows = await all<Raw>(db, {
    text: `with span as (${span.text}), ranked as (
        select ${group} as g, d.${measure.value} as v,
          row_number() over (partition by ${group} order by d.${
      measure.value
    }) - 1 as k,
          count(*) over (partition by ${group}) as n
        from ${from.text} and d.${measure.value} is not null)
      select g, k, n, v from ranked where ${isWantedRank('k', 'n')}`,
    values: [...span.values, ...from.values],
  });
  const found = new Map<number, { n: number; values: Map<number, number> }>();
  for (const row of rows) {
    const g = int(row.g);
    const of = found.get(g) ?? { n: int(row.n), values: new Map() };
    of.values.set(int(row.k), int(row.v));
    found.set(g, of);
  }
  return new Map(
    [...found].map(([g, { n, values }]) => [
      g,
      quantilesAt(n, method, rank => optionalInt(values.get(rank))),
    ]),
  );
}

type QuantilesOfAll = Record<MeasureName, Quantiles>;

async function allQuantiles(
  db: Knex,
  groups: Groups,
  method: Method,
): Promise<(group: number) => QuantilesOfAll> {
  const found = new Map<MeasureName, Map<number, Quantiles>>();
  for (const measure of MEASURES) {
    found.set(measure.name, await quantilesBy(db, groups, measure, method));
  }
  const none = quantilesAt(0, method, () => undefined);
  return group =>
    Object.fromEntries(
      MEASURES.map(({ name }) => [name, found.get(name)?.get(group) ?? none]),
    ) as QuantilesOfAll;
}

/** Totals of a set of services, read from its rows: each once for the sums, and once a span for percentiles. */
export async function scanTotals(
  db: Knex,
  ids: readonly number[],
  spans: readonly TimeWindow[],
  { method, asOf }: TotalsOptions,
): Promise<SpanTotals[]> {
  const { segments, ofSpan } = segmentsOf(spans);
  const by = 'span' as const;
  const counts = await countsOf(db, { spans: segments, ids, by }, asOf);
  const quantiles = await allQuantiles(db, { spans, ids, by }, method);
  return spans.map((_, index) => {
    const sums = noCounts();
    for (const segment of ofSpan[index]) {
      addCounts(sums, counts.get(segment) ?? noCounts());
    }
    return { ...sums, ...quantiles(index) };
  });
}

/** Totals of one span for each service. */
export async function scanTotalsByService(
  db: Knex,
  ids: readonly number[],
  span: TimeWindow,
  { method, asOf }: TotalsOptions,
): Promise<Map<number, SpanTotals>> {
  const groups = { spans: [span], ids, by: 'service' as const };
  const counts = await countsOf(db, groups, asOf);
  const quantiles = await allQuantiles(db, groups, method);
  return new Map(
    ids.map(id => [
      id,
      { ...(counts.get(id) ?? noCounts()), ...quantiles(id) },
    ]),
  );
}
