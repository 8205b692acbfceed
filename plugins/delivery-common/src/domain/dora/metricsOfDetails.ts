import type { DoraMetric, DoraMetricId } from '../../contract';
import type { Rhythm, SpanTotals } from './measured';
import { ratioOf } from './metricsOfSpan';

type Detail = DoraMetric['details'][number];

/** The numbers beside the value of a metric; also a count is null where nothing is known to count. */
export function detailsOf(
  metric: DoraMetricId,
  value: number | null,
  totals: SpanTotals,
  rhythm: Rhythm | undefined,
): Detail[] {
  const count = (id: string, n: number, known: boolean): Detail => ({
    id,
    value: known ? n : null,
    unit: 'count',
  });
  switch (metric) {
    case 'lead_time':
      return [
        time('p75', totals.lead.p75, totals.lead.n),
        time('p90', totals.lead.p90, totals.lead.n),
      ];
    case 'deployment_frequency':
      return [
        count('count', totals.deployed, value !== null),
        ...(value === null ? [] : rhythmDetails(rhythm)),
      ];
    case 'recovery_time':
      return [
        time('p90', totals.recovery.p90, totals.recovery.n),
        time('detect', totals.detect.p50, totals.detect.n),
        count('open', totals.open, totals.reworkJudged > 0),
      ];
    case 'time_to_recovery':
      return [
        time('p90', totals.recovery.p90, totals.recovery.n),
        time('incident_open', totals.incidentOpen.p50, totals.incidentOpen.n),
      ];
    case 'deployment_duration':
      return [
        time('p90', totals.duration.p90, totals.duration.n),
        time('queue', totals.queued.p50, totals.queued.n),
        time('wait', totals.waited.p50, totals.waited.n),
      ];
    case 'deployment_success_rate':
      return [
        {
          id: 'per_attempt',
          value: ratioOf(totals.attemptsSucceeded, totals.attempts),
          unit: 'ratio',
          n: totals.attempts,
        },
      ];
    case 'rollback_frequency':
      return [
        count('count', totals.rolledBack, value !== null),
        per100(totals),
      ];
    default:
      return [];
  }
}

/** Rollbacks for a hundred deployments that reached production and are judged by change fail rate. */
function per100({ rolledBack, judged }: SpanTotals): Detail {
  const ratio = ratioOf(rolledBack, judged);
  return {
    id: 'per_100',
    value: ratio === null ? null : ratio * 100,
    unit: 'count',
    n: judged,
  };
}

function rhythmDetails(rhythm: Rhythm | undefined): Detail[] {
  if (!rhythm) return [];
  return [
    { id: 'days_per_week', value: rhythm.daysPerWeek, unit: 'per_week' },
    { id: 'gap', value: rhythm.gapMs, unit: 'ms' },
  ];
}

function time(id: string, value: number | null, n: number): Detail {
  return { id, value, unit: 'ms', n };
}
