import type { DoraMetricId } from '../../contract';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Unit of the value of each metric. */
export const DORA_UNIT_OF = {
  lead_time: 'ms',
  deployment_frequency: 'per_day',
  recovery_time: 'ms',
  change_fail_rate: 'ratio',
  rework_rate: 'ratio',
  deployment_duration: 'ms',
  deployment_success_rate: 'ratio',
  rollback_frequency: 'per_week',
  time_to_recovery: 'ms',
} as const satisfies Record<DoraMetricId, string>;

/** `72 h`, `15 min`, `1 h 30 min`, `45 s`: hours are the largest unit, as in the settings. */
export function hoursText(ms: number): string {
  if (ms > 0 && ms < MINUTE) return `${rounded(ms / 1000)} s`;
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.round((ms % HOUR) / MINUTE);
  if (hours === 0) return `${minutes} min`;
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
}

/** A value of a metric with its unit: `15 %`, `4 h`, `7 d`, `0.5 per day`. */
export function valueText(metric: DoraMetricId, value: number): string {
  switch (DORA_UNIT_OF[metric]) {
    case 'ratio':
      return `${rounded(value * 100)} %`;
    case 'per_day':
      return `${rounded(value)} per day`;
    case 'per_week':
      return `${rounded(value)} per week`;
    default:
      return value >= 2 * DAY && value % DAY === 0
        ? `${value / DAY} d`
        : hoursText(value);
  }
}

/** At most two digits behind the point. */
function rounded(value: number): number {
  return Number(value.toFixed(2));
}
