import type { DoraMetric, DoraUnit } from 'backstage-plugin-delivery-common';
import type { T } from '../translation/deliveryTranslationRef';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Unit = DoraUnit | 'unknown';

/** The two largest units of a time, and no zero: `1d 4h`, `12m`, `5h 12m`, `48s`. */
export function formatSpan(ms: number, t: T): string {
  const rest = Math.max(0, ms);
  if (rest > 0 && rest < SECOND) return t('dora.value.subsecond');
  const days = t('dora.value.days', { d: `${Math.floor(rest / DAY)}` });
  const hours = t('dora.value.hours', { h: `${Math.floor(rest / HOUR) % 24}` });
  const minutes = t('dora.value.minutes', {
    m: `${Math.floor(rest / MINUTE) % 60}`,
  });
  const seconds = t('dora.value.seconds', {
    s: `${Math.floor(rest / SECOND) % 60}`,
  });
  const pair = (a: string, b: string, unit: number, within: number) =>
    Math.floor((rest % within) / unit) === 0
      ? a
      : t('dora.value.pair', { a, b });
  if (rest >= DAY) return pair(days, hours, HOUR, DAY);
  if (rest >= HOUR) return pair(hours, minutes, MINUTE, HOUR);
  if (rest >= MINUTE) return pair(minutes, seconds, SECOND, MINUTE);
  return seconds;
}

/** One decimal where it says something: `1.8`, `13`, `0.04`. */
export function formatAmount(n: number): string {
  if (n === 0) return '0';
  const size = Math.abs(n);
  if (size >= 100) return `${Math.round(n)}`;
  return `${Number(size >= 1 ? n.toFixed(1) : n.toPrecision(1))}`;
}

/** Never `0 %` for a little, nor `100 %` for nearly all. */
function formatPercent(ratio: number, t: T): string {
  const percent = ratio * 100;
  if (percent > 0 && percent < 0.1) return t('dora.value.percentUnder');
  if (percent < 100 && percent > 99.9) return t('dora.value.percentOver');
  return t('dora.value.percent', { n: `${Number(percent.toFixed(1))}` });
}

const PACES = [
  { days: 1, key: 'dora.value.perDay' },
  { days: 7, key: 'dora.value.perWeek' },
  { days: 30, key: 'dora.value.per30Days' },
] as const;

/** The shortest time in which it happens about once. */
function paceOf(perDay: number) {
  return (
    PACES.find(({ days }) => perDay * days >= 0.95) ?? PACES[PACES.length - 1]
  );
}

function perDayOf(value: number, unit: Unit): number | undefined {
  if (unit === 'per_day') return value;
  return unit === 'per_week' ? value / 7 : undefined;
}

/** A frequency in the words of another one (`like`), so that both can be compared. */
function formatPace(perDay: number, like: number, t: T): string {
  const { days, key } = paceOf(like);
  return t(key, { n: formatAmount(perDay * days) });
}

/** A value in words: `1d 4h`, `4.8 %`, `1.8 a day`. */
export function formatDoraValue(value: number, unit: Unit, t: T): string {
  const perDay = perDayOf(value, unit);
  if (perDay !== undefined) {
    return perDay === 0
      ? t(unit === 'per_day' ? PACES[0].key : PACES[1].key, { n: '0' })
      : formatPace(perDay, perDay, t);
  }
  switch (unit) {
    case 'ms':
      return formatSpan(value, t);
    case 'ratio':
      return formatPercent(value, t);
    case 'count':
      return formatAmount(value);
    default:
      return t('dora.value.unknown', { n: formatAmount(value) });
  }
}

/** Of these, more is better; of every other metric less is. */
const MORE_IS_BETTER: readonly string[] = [
  'deployment_frequency',
  'deployment_success_rate',
];

/** How a value moved against the window before. */
export interface DoraChange {
  verdict: 'better' | 'worse' | 'same' | 'none';
  rising: boolean;
  /** `2h 10m shorter`; empty when there is nothing to say. */
  by: string;
}

function difference(value: number, before: number, unit: Unit, t: T): string {
  const up = value > before;
  const by = Math.abs(value - before);
  if (unit === 'ms') {
    const n = formatSpan(by, t);
    return up
      ? t('dora.change.longer', { n })
      : t('dora.change.shorter', { n });
  }
  if (unit === 'ratio') {
    const n = t('dora.change.points', { n: formatAmount(by * 100) });
    return up ? t('dora.change.higher', { n }) : t('dora.change.lower', { n });
  }
  const perDay = perDayOf(by, unit);
  const n =
    perDay === undefined
      ? formatAmount(by)
      : formatPace(
          perDay,
          perDayOf(Math.max(value, before), unit) ?? perDay,
          t,
        );
  return up ? t('dora.change.more', { n }) : t('dora.change.fewer', { n });
}

/** Compares a metric with the window before it; what reads the same is the same. */
export function changeOf(
  metric: Pick<DoraMetric, 'id' | 'unit' | 'value' | 'previous'>,
  t: T,
): DoraChange {
  const { id, unit, value } = metric;
  const before = metric.previous.value;
  if (value === null || before === null) {
    return { verdict: 'none', rising: false, by: '' };
  }
  if (formatDoraValue(value, unit, t) === formatDoraValue(before, unit, t)) {
    return { verdict: 'same', rising: false, by: '' };
  }
  const rising = value > before;
  return {
    verdict: rising === MORE_IS_BETTER.includes(id) ? 'better' : 'worse',
    rising,
    by: difference(value, before, unit, t),
  };
}
