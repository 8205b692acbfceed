import type { SpanTotals } from 'backstage-plugin-delivery-common/domain';

/** What is counted of deployments, by their moment, with the column that holds it and its number in `dora_day`. */
export const COUNTS = [
  ['deployed', 'deployed'],
  ['judged', 'judged'],
  ['failed', 'failed'],
  ['reworkJudged', 'rework_judged'],
  ['rework', 'rework'],
  ['tried', 'tried'],
  ['succeeded', 'succeeded'],
  ['attempts', 'attempts'],
  ['attemptsSucceeded', 'attempts_succeeded'],
  ['rolledBack', 'rolled_back'],
  ['open', 'open'],
] as const;
export type CountName = (typeof COUNTS)[number][0];

/** Durations that percentiles are made of: where they are, and which moment says when they count. */
export interface Measure {
  name: Exclude<keyof SpanTotals, CountName | 'provisional'>;
  /** In `dora_day`; counts have the numbers below 20. */
  number: number;
  table: 'dora_deployment' | 'dora_change' | 'dora_incident';
  at: 'at' | 'recovered_at' | 'resolved_at';
  value: string;
  bin: string;
}

export const MEASURES: readonly Measure[] = [
  {
    ...{ name: 'lead', number: 20, table: 'dora_change' },
    ...{ at: 'at', value: 'lead_ms', bin: 'lead_bin' },
  },
  {
    ...{ name: 'recovery', number: 21, table: 'dora_deployment' },
    ...{ at: 'recovered_at', value: 'recovery_ms', bin: 'recovery_bin' },
  },
  {
    ...{ name: 'duration', number: 22, table: 'dora_deployment' },
    ...{ at: 'at', value: 'duration_ms', bin: 'duration_bin' },
  },
  {
    ...{ name: 'queued', number: 23, table: 'dora_deployment' },
    ...{ at: 'at', value: 'queued_ms', bin: 'queued_bin' },
  },
  {
    ...{ name: 'waited', number: 24, table: 'dora_deployment' },
    ...{ at: 'at', value: 'waited_ms', bin: 'waited_bin' },
  },
  {
    ...{ name: 'detect', number: 25, table: 'dora_deployment' },
    ...{ at: 'recovered_at', value: 'detect_ms', bin: 'detect_bin' },
  },
  {
    ...{ name: 'incidentOpen', number: 26, table: 'dora_incident' },
    ...{ at: 'resolved_at', value: 'open_ms', bin: 'open_bin' },
  },
];

export type MeasureName = Measure['name'];

export type Counts = Record<CountName | 'provisional', number>;
/** As of DoraStore.totals. */
export interface TotalsOptions {
  method: 'continuous' | 'lower';
  asOf: number;
}

export function noCounts(): Counts {
  return {
    ...(Object.fromEntries(COUNTS.map(([name]) => [name, 0])) as Counts),
    provisional: 0,
  };
}

export function addCounts(to: Counts, more: Counts): void {
  for (const name of Object.keys(to) as (keyof Counts)[]) {
    to[name] += more[name];
  }
}

const DOUBLE = new DataView(new ArrayBuffer(8));

/**
 * Bin of a duration: exponent and four bits behind it, so sixteen bins each doubling. Never smaller for a greater value, which is all
 * that finding the k-th smallest needs; values below zero share one.
 */
export function binOf(ms: number): number {
  if (ms < 0) return -1;
  DOUBLE.setFloat64(0, ms);
  return DOUBLE.getUint16(0);
}
