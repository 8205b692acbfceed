import type { DoraBand, DoraMetricId } from '../../contract';
import type { DoraTarget } from './measured';
import { valueText } from './words';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 30 * DAY;
const HALF_YEAR = 182 * DAY;

const SURVEY_YEAR = 2025;
const TIERS_YEAR = 2023;
/** Half a step of the survey, in its points from 0 to 10: nearer to the mean than that is about the mean. */
const ABOUT = 1;

type Verdict = DoraBand['verdict'];

/** Mean and standard deviation over all industries, in points of the survey; `text` as DORA prints it. */
interface SurveyMean {
  mean: number;
  text: string;
}

const MEANS: Partial<Record<DoraMetricId, SurveyMean>> = {
  lead_time: { mean: 5.5, text: '5.5 of 10 ± 2.4' },
  deployment_frequency: { mean: 4.8, text: '4.8 of 10 ± 2.8' },
  recovery_time: { mean: 7.4, text: '7.4 of 10 ± 2.1' },
  change_fail_rate: { mean: 8.1, text: '19 % ± 21' },
  rework_rate: { mean: 7.8, text: '22 % ± 22' },
};

/** Steps of the survey from the best, each with the value below which it holds; the answers are two points apart. */
const TIME_STEPS: [number, string][] = [
  [HOUR, 'less than one hour'],
  [DAY, 'one hour to one day'],
  [WEEK, 'one day to one week'],
  [MONTH, 'one week to one month'],
  [HALF_YEAR, 'one month to six months'],
  [Infinity, 'more than six months'],
];
/** The same for deployments a day, each with the value from which it holds. */
const FREQUENCY_STEPS: [number, string][] = [
  [24, 'more than once an hour'],
  [1, 'once an hour to once a day'],
  [1 / 7, 'once a day to once a week'],
  [1 / 30, 'once a week to once a month'],
  [1 / 182, 'once a month to once in six months'],
  [0, 'less than once in six months'],
];

/**
 * What a value may be compared with, each with its year: the answers of DORA's Quick Check, the tiers of 2023, and own targets. The survey
 * is what people say of themselves; the value is measured. There is no band of no value, and never one tier over several metrics.
 *
 * @param value - in the unit of the metric
 * @param options - `daysPerWeek`: median days with a deployment (the tiers of deployment frequency are told by it; absent for more than
 *   one service, which have no such tier)
 */
export function bandsOf(
  metric: DoraMetricId,
  value: number | null,
  options: { targets: readonly DoraTarget[]; daysPerWeek?: number | null },
): DoraBand[] {
  if (value === null || !Number.isFinite(value)) return [];
  return [
    ...quickCheckOf(metric, value),
    ...tierOf(metric, value, options.daysPerWeek ?? null),
    ...options.targets
      .filter(target => target.metric === metric)
      .map(target => targetBand(target, value)),
  ];
}

function quickCheckOf(metric: DoraMetricId, value: number): DoraBand[] {
  const mean = MEANS[metric];
  const found = answerOf(metric, value);
  if (!mean || !found) return [];
  const { label, score } = found;
  const verdict = score === null ? 'none' : verdictOf(score - mean.mean);
  const words = { better: 'better than', about: 'about', worse: 'worse than' };
  const text =
    verdict === 'none'
      ? `mean ${mean.text}, ${SURVEY_YEAR}`
      : `${words[verdict]} mean (${mean.text}, ${SURVEY_YEAR})`;
  return [{ scale: 'quick_check', year: SURVEY_YEAR, label, verdict, text }];
}

function verdictOf(points: number): 'better' | 'about' | 'worse' {
  if (Math.abs(points) < ABOUT) return 'about';
  return points > 0 ? 'better' : 'worse';
}

/** The answer of the survey that a measured value comes to, and its points; null: too little is known for points. */
function answerOf(
  metric: DoraMetricId,
  value: number,
): { label: string; score: number | null } | undefined {
  switch (metric) {
    case 'lead_time':
    case 'recovery_time':
      return answer(TIME_STEPS, limit => value < limit);
    case 'deployment_frequency':
      // None in thirty days does not say how many there are in six months.
      return value > 0
        ? answer(FREQUENCY_STEPS, least => value >= least)
        : { label: 'none in this time', score: null };
    case 'change_fail_rate':
    case 'rework_rate':
      return { label: valueText(metric, value), score: 10 - value * 10 };
    default:
      return undefined;
  }
}

function answer(
  steps: [number, string][],
  holds: (limit: number) => boolean,
): { label: string; score: number } {
  const index = steps.findIndex(([limit]) => holds(limit));
  return { label: steps[index][1], score: 2 * (steps.length - 1 - index) };
}

const TIERS = ['elite', 'high', 'medium', 'low'] as const;
const TIME_TIERS: Partial<Record<DoraMetricId, [number, string][]>> = {
  lead_time: [
    [DAY, 'less than one day'],
    [WEEK, 'less than one week'],
    [MONTH, 'less than one month'],
  ],
  recovery_time: [
    [HOUR, 'less than one hour'],
    [DAY, 'less than one day'],
    [WEEK, 'less than one week'],
  ],
};
const RATE_TIERS: [number, string][] = [
  [0.05, '5 % or less'],
  [0.1, '10 % or less'],
  [0.15, '15 % or less'],
];
const FREQUENCY_TIERS: [number, string][] = [
  [5, 'on five days a week or more'],
  [1, 'once a week or more'],
  [7 / 30, 'once a month or more'],
];

function tierOf(
  metric: DoraMetricId,
  value: number,
  daysPerWeek: number | null,
): DoraBand[] {
  if (metric === 'change_fail_rate') {
    return [tierBand(RATE_TIERS, limit => value <= limit)];
  }
  if (metric === 'deployment_frequency') {
    if (daysPerWeek === null) return [];
    // The first tier is of days, so that a burst on one day makes none; the others are of deployments.
    return [
      tierBand(FREQUENCY_TIERS, least =>
        least === 5 ? daysPerWeek >= least : value * 7 >= least,
      ),
    ];
  }
  const times = TIME_TIERS[metric];
  return times ? [tierBand(times, limit => value < limit)] : [];
}

function tierBand(
  limits: [number, string][],
  holds: (limit: number) => boolean,
): DoraBand {
  const found = limits.findIndex(([limit]) => holds(limit));
  const label = TIERS[found < 0 ? limits.length : found];
  const rule =
    found < 0 ? `not ${limits[limits.length - 1][1]}` : limits[found][1];
  return {
    scale: 'tiers',
    year: TIERS_YEAR,
    label,
    verdict: 'none',
    text: `${label} in the tiers of ${TIERS_YEAR} (${rule})`,
  };
}

/** Of these more is better. */
const UPWARD: ReadonlySet<DoraMetricId> = new Set<DoraMetricId>([
  'deployment_frequency',
  'deployment_success_rate',
]);

function targetBand(target: DoraTarget, value: number): DoraBand {
  const upward = UPWARD.has(target.metric);
  const met = upward ? value >= target.value : value <= target.value;
  const verdict: Verdict = met ? 'met' : 'missed';
  const limit = valueText(target.metric, target.value);
  const label = `${upward ? 'at least' : 'at most'} ${limit}`;
  return {
    scale: 'target',
    year: target.year,
    label,
    verdict,
    text: `target ${verdict} (${label}, ${target.year})`,
  };
}
