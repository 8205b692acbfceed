import { DORA_METRICS } from '../../contract';
import type {
  DoraMetric,
  DoraMetricId,
  DoraSettings,
  DoraUnit,
} from '../../contract';
import { bandsOf } from './bands';
import { definitionOf } from './definitions';
import { excludedCountsFor } from './excludedOf';
import type { ExcludedCount } from './excludedOf';
import type {
  Bucket,
  DoraTarget,
  Rhythm,
  SpanTotals,
  TimeWindow,
} from './measured';
import { detailsOf } from './metricsOfDetails';
import { beginText, measure } from './metricsOfSpan';
import type { DataReach } from './metricsOfSpan';
import { DORA_UNIT_OF } from './words';

/** What the metrics of a window are made of; the sums are of `totalsOf`, or of a database that adds up the same verdicts. */
export interface MetricsInput {
  window: TimeWindow;
  totals: SpanTotals;
  previous: {
    window: TimeWindow;
    totals: SpanTotals;
    /** Before this moment nothing was read; absent: not known to be so. */
    dataSince?: number;
  };
  trend: readonly { bucket: Bucket; totals: SpanTotals }[];
  /** Of the whole window; each metric takes its own. */
  excluded: readonly ExcludedCount[];
  /** Of one service only. */
  rhythm?: Rhythm;
  /** The first deployment known to have been tried, also when that is before the window: frequencies begin with its day. */
  since?: number;
  settings: DoraSettings;
  targets: readonly DoraTarget[];
  asOf: number;
}

/** A metric of which id and unit are known words. */
export type KnownMetric = DoraMetric & { id: DoraMetricId; unit: DoraUnit };

/** Only these change with late evidence; the others are facts as soon as a deployment has ended. */
const JUDGED_LATE: ReadonlySet<DoraMetricId> = new Set<DoraMetricId>([
  'change_fail_rate',
  'rework_rate',
  'recovery_time',
  'time_to_recovery',
]);

const SPREAD: Partial<
  Record<
    DoraMetricId,
    (totals: SpanTotals) => { p75: number | null; p90: number | null }
  >
> = {
  lead_time: ({ lead }) => lead,
  recovery_time: ({ recovery }) => recovery,
  time_to_recovery: ({ recovery }) => recovery,
  deployment_duration: ({ duration }) => duration,
};

/** All nine metrics of a window, in the order of `DORA_METRICS`. Values of nothing are `null`. */
export function metricsOf(input: MetricsInput): KnownMetric[] {
  return DORA_METRICS.map(metric => metricOf(metric, input));
}

function metricOf(metric: DoraMetricId, input: MetricsInput): KnownMetric {
  const { window, totals, previous, settings, rhythm } = input;
  const reach: DataReach = {
    dataSince: previous.dataSince,
    first: input.since,
    known:
      input.since !== undefined ||
      totals.tried + totals.rolledBack > 0 ||
      previous.totals.tried + previous.totals.rolledBack > 0,
    asOf: input.asOf,
    timeZone: settings.timeZone,
  };
  const now = measure(metric, totals, window, reach);
  const before = measure(metric, previous.totals, previous.window, reach);
  const isFrequency = DORA_UNIT_OF[metric].startsWith('per_');
  return {
    id: metric,
    ...now,
    unit: DORA_UNIT_OF[metric],
    definition: [
      definitionOf(metric, settings, window),
      ...(isFrequency ? [beginText(window, reach)] : []),
    ]
      .filter(Boolean)
      .join(' '),
    provisional: isProvisional(metric, totals),
    // How often something happens is a count: it is as sure with two as with two hundred.
    small: !isFrequency && now.n < settings.smallSample,
    excluded: excludedCountsFor(metric, input.excluded, {
      totals,
      onlySucceeded: settings.changeFailDenominator === 'succeeded',
    }),
    details: detailsOf(metric, now.value, totals, rhythm),
    previous: { value: before.value, n: before.n },
    bands: bandsOf(metric, now.value, {
      targets: input.targets,
      daysPerWeek: rhythm?.daysPerWeek,
    }),
    trend: input.trend.map(point => pointOf(metric, point, reach)),
  };
}

function pointOf(
  metric: DoraMetricId,
  { bucket, totals }: MetricsInput['trend'][number],
  reach: DataReach,
): KnownMetric['trend'][number] {
  const { from, to, partial } = bucket;
  const spread = SPREAD[metric]?.(totals);
  return {
    from,
    to,
    ...measure(metric, totals, bucket, reach),
    ...(spread && { p75: spread.p75, p90: spread.p90 }),
    ...(metric === 'deployment_frequency' && { beside: totals.rolledBack }),
    partial,
    provisional: isProvisional(metric, totals),
  };
}

function isProvisional(metric: DoraMetricId, totals: SpanTotals): boolean {
  return JUDGED_LATE.has(metric) && totals.provisional > 0;
}
