import type {
  DoraBand,
  DoraMetric,
  DoraPoint,
} from 'backstage-plugin-delivery-common';
import { MINUTE, NOW } from './fixtures';

const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** End of the day of {@link NOW} in UTC. */
export const WINDOW_TO = Math.ceil(NOW / DAY) * DAY;
export const WINDOW_FROM = WINDOW_TO - 90 * DAY;
/** 1970 began on a Thursday. */
const FIRST_MONDAY = Math.ceil((WINDOW_FROM - 4 * DAY) / WEEK) * WEEK + 4 * DAY;

/** The weeks of the window, cut by it. */
export const weeks: { from: number; to: number; partial: boolean }[] = [];
for (let at = FIRST_MONDAY - WEEK; at < WINDOW_TO; at += WEEK) {
  const from = Math.max(at, WINDOW_FROM);
  const to = Math.min(at + WEEK, WINDOW_TO);
  if (to > from) weeks.push({ from, to, partial: to - from < WEEK });
}
const last = weeks.length - 1;

export function point(overrides: Partial<DoraPoint> = {}): DoraPoint {
  return {
    ...weeks[0],
    value: 1,
    n: 10,
    provisional: false,
    ...overrides,
  };
}

function trend(of: (week: number) => Partial<DoraPoint>): DoraPoint[] {
  return weeks.map((week, index) =>
    point({ ...week, provisional: index === last, ...of(index) }),
  );
}

/** A week in which nothing happened. */
const QUIET_WEEK = 5;
const FAILED = [0, 1, 0, 2, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1];
const DEPLOYED = [10, 15, 12, 15, 13, 0, 17, 15, 16, 14, 12, 14, 22, 14];

const lead = (week: number): Partial<DoraPoint> => {
  if (week === QUIET_WEEK) return { value: null, n: 0, p75: null, p90: null };
  const value = (20 + ((week * 7) % 18)) * HOUR;
  return { value, n: 16 + week, p75: value * 1.8, p90: value * 3 };
};
const rate =
  (hits: (week: number) => number) =>
  (week: number): Partial<DoraPoint> => {
    const n = DEPLOYED[week];
    if (n === 0) return { value: null, n, hits: 0 };
    return { value: hits(week) / n, n, hits: hits(week) };
  };
const spans = (of: (week: number) => number | null) => (week: number) => ({
  value: of(week),
  n: of(week) === null ? 0 : Math.max(1, FAILED[week]),
});

export function band(overrides: Partial<DoraBand> = {}): DoraBand {
  return {
    scale: 'quick_check',
    year: 2025,
    label: 'one day to one week',
    verdict: 'about',
    text: 'about the mean of the survey (5.5 ± 2.4, 2025)',
    ...overrides,
  };
}

const better = band({
  verdict: 'better',
  label: '5 %',
  text: 'better than the mean (19 % ± 21, 2025)',
});
const tier = band({
  scale: 'tiers',
  year: 2023,
  label: 'elite',
  verdict: 'none',
  text: 'elite in the tiers of 2023',
});

export function metric(overrides: Partial<DoraMetric> = {}): DoraMetric {
  return {
    id: 'change_fail_rate',
    value: 9 / 189,
    n: 189,
    hits: 9,
    unit: 'ratio',
    definition:
      'Share of deployments to production between 12 Feb and 12 May that failed there. A deployment counts as failed at most once, on the strongest evidence; rollbacks are shown apart. Deployments younger than 72 h may still change.',
    provisional: true,
    small: false,
    excluded: [
      { reason: 'rollback', count: 4 },
      { reason: 'redeploy', count: 3 },
      { reason: 'failed_before_production', count: 6 },
      { reason: 'no_environment', count: 1 },
    ],
    details: [],
    previous: { value: 14 / 176, n: 176 },
    bands: [better, tier],
    trend: trend(rate(week => FAILED[week])),
    ...overrides,
  };
}

const recovery: Partial<DoraMetric> = {
  value: 12 * MINUTE,
  n: 8,
  hits: undefined,
  unit: 'ms',
  provisional: false,
  definition:
    'Median of 8 failures that ended in the window, from live to restored.',
  excluded: [{ reason: 'not_recovered', count: 1 }],
  details: [
    { id: 'p90', value: 5 * HOUR, unit: 'ms', n: 8 },
    { id: 'detect', value: 3 * MINUTE, unit: 'ms', n: 6 },
    { id: 'incident_open', value: 2 * HOUR, unit: 'ms', n: 2 },
    { id: 'open', value: 1, unit: 'count' },
  ],
  previous: { value: 12 * MINUTE, n: 9 },
  bands: [
    band({
      verdict: 'better',
      label: 'under one hour',
      text: 'better than the mean (7.4 ± 2.1, 2025)',
    }),
  ],
  trend: trend(spans(week => (FAILED[week] ? (8 + week) * MINUTE : null))),
};

/** All nine, as the backend gives them. */
export const metrics: DoraMetric[] = [
  metric({
    id: 'lead_time',
    value: 28 * HOUR,
    n: 231,
    hits: undefined,
    unit: 'ms',
    definition:
      'Median of 231 changes first deployed to production between 12 Feb and 12 May, from their first commit.',
    excluded: [
      { reason: 'no_base', count: 5 },
      { reason: 'not_deployed', count: 7 },
    ],
    details: [
      { id: 'p75', value: 52 * HOUR, unit: 'ms' },
      { id: 'p90', value: 96 * HOUR, unit: 'ms' },
    ],
    previous: { value: 25 * HOUR, n: 207 },
    bands: [
      band(),
      { ...tier, label: 'high', text: 'high in the tiers of 2023' },
    ],
    provisional: false,
    trend: trend(lead),
  }),
  metric({
    id: 'deployment_frequency',
    value: 186 / 90,
    n: 186,
    hits: undefined,
    unit: 'per_day',
    definition:
      'Deployments that succeeded in production between 12 Feb and 12 May, a day.',
    details: [
      { id: 'days_per_week', value: 4, unit: 'count', n: 12 },
      { id: 'gap', value: 5 * HOUR, unit: 'ms', n: 185 },
    ],
    previous: { value: 170 / 90, n: 170 },
    bands: [
      band({
        verdict: 'better',
        text: 'better than the mean (4.8 ± 2.8, 2025)',
      }),
    ],
    provisional: false,
    trend: trend(week => ({
      value: DEPLOYED[week] / 7,
      n: DEPLOYED[week],
      beside: week % 4 === 3 ? 1 : 0,
    })),
  }),
  metric({ id: 'recovery_time', ...recovery }),
  metric(),
  metric({
    id: 'rework_rate',
    value: 6 / 193,
    n: 193,
    hits: 6,
    definition:
      'Share of all deployments to production, rollbacks among them, that were not planned.',
    previous: { value: null, n: 0 },
    bands: [
      band({
        verdict: 'better',
        text: 'better than the mean (22 % ± 22, 2025)',
      }),
    ],
    trend: trend(rate(week => (week % 2 === 0 ? FAILED[week] : 0))),
  }),
  metric({
    id: 'deployment_duration',
    value: 6 * MINUTE + 20_000,
    n: 186,
    hits: undefined,
    unit: 'ms',
    definition: 'Median from the start to the end of what succeeded.',
    details: [
      { id: 'p90', value: 11 * MINUTE, unit: 'ms', n: 186 },
      { id: 'queue', value: 14_000, unit: 'ms', n: 180 },
      { id: 'wait', value: 26 * MINUTE, unit: 'ms', n: 186 },
    ],
    previous: { value: 7 * MINUTE, n: 170 },
    bands: [],
    provisional: false,
    trend: trend(spans(week => (week === QUIET_WEEK ? null : 6 * MINUTE))),
  }),
  metric({
    id: 'deployment_success_rate',
    value: 186 / 195,
    n: 195,
    hits: 186,
    definition: 'Share of deployments that succeeded.',
    details: [{ id: 'per_attempt', value: 0.91, unit: 'ratio', n: 204 }],
    previous: { value: 0.93, n: 182 },
    bands: [],
    trend: trend(rate(week => Math.max(0, DEPLOYED[week] - FAILED[week]))),
  }),
  metric({
    id: 'rollback_frequency',
    value: 4 / (90 / 7),
    n: 4,
    hits: undefined,
    unit: 'per_week',
    definition: 'Rollbacks a week, those of the runtime among them.',
    excluded: [],
    details: [{ id: 'per_100', value: 2.2, unit: 'count' }],
    previous: { value: 0.4, n: 5 },
    bands: [],
    small: true,
    provisional: false,
    trend: trend(week => ({
      value: week % 4 === 3 ? 1 : 0,
      n: week % 4 === 3 ? 1 : 0,
    })),
  }),
  metric({
    ...recovery,
    id: 'time_to_recovery',
    bands: [],
  }),
];
