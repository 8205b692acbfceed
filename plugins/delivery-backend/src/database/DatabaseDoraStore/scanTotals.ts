import {
  quantilesOf,
  type Quantiles,
  type SpanTotals,
  type TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { chunks, int, json, type Raw } from '../DatabaseDeliveryStore/columns';
import { isSqlite } from '../DatabaseDeliveryStore/connect';
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
import { segmentsOf } from './segments';
import { all, isOneOf } from './serviceSet';

/** Services read by one statement: SQLite lets nothing else happen meanwhile. */
const SERVICES = 500;

/** What rows come to before percentiles are read off. */
interface Read {
  counts: Counts;
  values: Map<MeasureName, number[]>;
}

const nothingRead = (): Read => ({ counts: noCounts(), values: new Map() });

/** Totals of a set of services from its rows. Each is read once for its piece of time, whichever spans that is in. */
export async function scanTotals(
  db: Knex,
  ids: readonly number[],
  spans: readonly TimeWindow[],
  { method, asOf }: TotalsOptions,
): Promise<SpanTotals[]> {
  const { segments, ofSpan } = segmentsOf(spans);
  const read: Read[] = [];
  for (const span of segments) {
    const parts = await readRows(db, { span, ids, by: 'all', asOf });
    read.push(parts.get(0) ?? nothingRead());
  }
  return ofSpan.map(own =>
    totalsOfParts(
      own.map(at => read[at]),
      method,
    ),
  );
}

/** Totals of one span for each service. */
export async function scanTotalsByService(
  db: Knex,
  ids: readonly number[],
  span: TimeWindow,
  { method, asOf }: TotalsOptions,
): Promise<Map<number, SpanTotals>> {
  const totals = new Map<number, SpanTotals>();
  for (const part of chunks(ids, SERVICES)) {
    const of = { span, ids: part, by: 'service', asOf } as const;
    const read = await readRows(db, of);
    for (const id of part) {
      const own = read.get(id);
      totals.set(id, totalsOfParts(own ? [own] : [], method));
    }
  }
  return totals;
}

function totalsOfParts(
  parts: Read[],
  method: TotalsOptions['method'],
): SpanTotals {
  const counts = noCounts();
  for (const part of parts) addCounts(counts, part.counts);
  const quantiles = MEASURES.map(({ name }): [MeasureName, Quantiles] => {
    const values = parts.flatMap(part => part.values.get(name) ?? []);
    return [name, quantilesOf(values, method)];
  });
  return {
    ...counts,
    ...(Object.fromEntries(quantiles) as Record<MeasureName, Quantiles>),
  };
}

interface Wanted {
  span: TimeWindow;
  ids: readonly number[];
  /** `all`: in one group, 0. */
  by: 'all' | 'service';
  asOf: number;
}

/** Measures that one statement can read: the same rows of the same table. */
const TOGETHER: Measure[][] = [
  ...new Map(
    MEASURES.map(({ table, at }) => [
      `${table} ${at}`,
      MEASURES.filter(other => other.table === table && other.at === at),
    ]),
  ).values(),
];

async function readRows(db: Knex, wanted: Wanted): Promise<Map<number, Read>> {
  const found = new Map<number, Read>();
  for (const measures of TOGETHER) {
    for (const row of await readTable(db, wanted, measures)) {
      const read = found.get(int(row.g)) ?? nothingRead();
      found.set(int(row.g), read);
      for (const { name, value } of measures) {
        if (row[value] !== null) read.values.set(name, json(row[value]));
      }
      if (isCounted(measures)) read.counts = countsOf(row);
    }
  }
  return found;
}

/** Deployments by their moment are what is counted. */
function isCounted([{ table, at }]: Measure[]): boolean {
  return table === 'dora_deployment' && at === 'at';
}

/** Values of a group are one list: as many rows would cost more than reading them. */
function readTable(
  db: Knex,
  { span, ids, by, asOf }: Wanted,
  measures: Measure[],
): Promise<Raw[]> {
  const [{ table, at }] = measures;
  const list = isSqlite(db) ? 'json_group_array' : 'json_agg';
  const columns = measures.map(
    ({ value }) =>
      `cast(${list}(${value}) filter (where ${value} is not null) as text) as ${value}`,
  );
  const counts = isCounted(measures)
    ? [
        ...COUNTS.map(([, column]) => `sum(${column}) as ${column}`),
        'sum(case when provisional_until > ? then 1 else 0 end) as provisional',
      ]
    : [];
  const isOf = isOneOf(db, 'service_id', ids);
  return all<Raw>(db, {
    text: `select ${by === 'all' ? '0' : 'service_id'} as g, ${[
      ...columns,
      ...counts,
    ].join(', ')} from ${table} where ${at} >= ? and ${at} < ? and ${
      isOf.text
    }${by === 'all' ? '' : ' group by service_id'}`,
    values: [
      ...(counts.length > 0 ? [asOf] : []),
      ...[span.from, span.to],
      ...isOf.values,
    ],
  });
}

/** Sums of no rows are null. */
function countsOf(row: Raw): Counts {
  const counts = noCounts();
  for (const [name, column] of COUNTS) counts[name] = int(row[column] ?? 0);
  counts.provisional = int(row.provisional ?? 0);
  return counts;
}
