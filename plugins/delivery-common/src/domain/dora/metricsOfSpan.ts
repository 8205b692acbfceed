import { DORA_METRICS } from '../../contract';
import type { DoraMetricId } from '../../contract';
import type { SpanTotals, TimeWindow } from './measured';
import { dateText, dayStart, daysIn } from './windows';

/** How far back something is known, for numbers that are of time itself. */
export interface DataReach {
  /** Before this moment nothing was read. */
  dataSince?: number;
  /** The first deployment that is known. */
  first?: number;
  /** False: no deployment was ever seen, so that there is no frequency either. */
  known: boolean;
  asOf: number;
  timeZone: string;
}

/** A number with what it is made of. */
export interface Measured {
  value: number | null;
  n: number;
  hits?: number;
}

/** One metric of one span. A ratio or median of nothing is `null`, and so is a frequency where nothing is known. */
export function measure(
  metric: DoraMetricId,
  totals: SpanTotals,
  span: TimeWindow,
  reach: DataReach,
): Measured {
  const days = () => knownDays(span, reach);
  return measureOver(metric, totals, days);
}

/**
 * All metrics of one service, for a distribution. Frequencies are over all of `days`; they are `null` of a service in which nothing was
 * deployed or tried.
 *
 * @param days - calendar days of the window
 */
export function serviceValuesOf(
  totals: SpanTotals,
  days: number,
): { metric: DoraMetricId; value: number | null; n: number; hits?: number }[] {
  const seen = totals.tried + totals.rolledBack > 0;
  return DORA_METRICS.map(metric => ({
    metric,
    ...measureOver(metric, totals, () => (seen && days > 0 ? days : null)),
  }));
}

function measureOver(
  metric: DoraMetricId,
  totals: SpanTotals,
  days: () => number | null,
): Measured {
  switch (metric) {
    case 'lead_time':
      return { value: totals.lead.p50, n: totals.lead.n };
    case 'deployment_frequency':
      return frequency(totals.deployed, days(), 1);
    case 'rollback_frequency':
      return frequency(totals.rolledBack, days(), 7);
    case 'change_fail_rate':
      return rate(totals.failed, totals.judged);
    case 'rework_rate':
      return rate(totals.rework, totals.reworkJudged);
    case 'deployment_success_rate':
      return rate(totals.succeeded, totals.tried);
    case 'deployment_duration':
      return { value: totals.duration.p50, n: totals.duration.n };
    default:
      return { value: totals.recovery.p50, n: totals.recovery.n };
  }
}

function frequency(n: number, days: number | null, unit: number): Measured {
  return { value: days === null ? null : n / (days / unit), n };
}

function rate(hits: number, n: number): Measured {
  return { value: ratioOf(hits, n), n, hits };
}

/** A share; of nothing it is `null`. */
export function ratioOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Days of a span of which it is known what was deployed; null: none of it. */
function knownDays(span: TimeWindow, reach: DataReach): number | null {
  if (!reach.known || span.from >= reach.asOf) return null;
  const from = Math.max(span.from, beginOf(reach)?.at ?? -Infinity);
  return from < span.to ? daysIn({ from, to: span.to }, reach.timeZone) : null;
}

/** From when on frequencies are known, and what says so; whole days: what began an hour ago is not done 24 times a day. */
function beginOf({
  first,
  dataSince,
  timeZone,
}: DataReach): { at: number; isFirst: boolean } | undefined {
  const at = Math.max(first ?? -Infinity, dataSince ?? -Infinity);
  if (at === -Infinity) return undefined;
  return { at: dayStart(at, timeZone), isFirst: at === first };
}

/** A sentence for a frequency that is not over the whole window; otherwise empty. */
export function beginText(span: TimeWindow, reach: DataReach): string {
  const begin = beginOf(reach);
  if (!begin || begin.at <= span.from || begin.at >= span.to) return '';
  const date = dateText(begin.at, reach.timeZone, false);
  return begin.isFirst
    ? `Days count from ${date} on, when the first known deployment was.`
    : `Days count from ${date} on; nothing was read before.`;
}
