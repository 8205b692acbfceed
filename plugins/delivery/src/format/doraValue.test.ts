import { mockApis } from '@backstage/frontend-test-utils';
import { deliveryTranslationRef } from '../translation/deliveryTranslationRef';
import { changeOf, formatDoraValue, formatSpan } from './doraValue';
import { zonedDay, zonedMoment } from './zonedTime';

const snapshot = mockApis.translation().getTranslation(deliveryTranslationRef);
if (!snapshot.ready) throw new Error('Translations are not ready');
const { t } = snapshot;
const S = 1000;
const M = 60 * S;
const H = 60 * M;

describe('formatSpan', () => {
  it.each([
    [0, '0s'],
    [400, 'under 1s'],
    [48 * S, '48s'],
    [12 * M, '12m'],
    [6 * M + 20 * S, '6m 20s'],
    [5 * H + 12 * M, '5h 12m'],
    [28 * H, '1d 4h'],
    [48 * H, '2d'],
    [-5, '0s'],
  ])('writes %d ms as %s', (ms, words) => {
    expect(formatSpan(ms, t)).toBe(words);
  });
});

describe('formatDoraValue', () => {
  it.each([
    [9 / 189, 'ratio', '4.8 %'],
    [0, 'ratio', '0 %'],
    [0.0004, 'ratio', 'under 0.1 %'],
    [0.9999, 'ratio', 'over 99.9 %'],
    [1, 'ratio', '100 %'],
    [1.8, 'per_day', '1.8 a day'],
    [2 / 7, 'per_day', '2 a week'],
    [1 / 30, 'per_day', '1 in 30 days'],
    [0, 'per_day', '0 a day'],
    [0, 'per_week', '0 a week'],
    [14, 'per_week', '2 a day'],
    [0.3, 'per_week', '1.3 in 30 days'],
    [2.25, 'count', '2.3'],
    [1234, 'count', '1234'],
    [7, 'unknown', '7 (unknown unit)'],
  ] as const)('writes %d of unit %s as %s', (value, unit, words) => {
    expect(formatDoraValue(value, unit, t)).toBe(words);
  });
});

describe('changeOf', () => {
  const change = (
    id: Parameters<typeof changeOf>[0]['id'],
    unit: Parameters<typeof changeOf>[0]['unit'],
    before: number | null,
    value: number | null,
  ) => changeOf({ id, unit, value, previous: { value: before, n: 9 } }, t);

  it.each([
    ['lead_time', 'ms', 25 * H, 28 * H, 'worse', '3h longer'],
    ['lead_time', 'ms', 28 * H, 25 * H, 'better', '3h shorter'],
    ['change_fail_rate', 'ratio', 0.08, 0.05, 'better', '3 points lower'],
    ['rework_rate', 'ratio', 0, 0.015, 'worse', '1.5 points higher'],
    ['deployment_frequency', 'per_day', 2, 1.5, 'worse', '0.5 a day fewer'],
    ['deployment_frequency', 'per_day', 1, 1.5, 'better', '0.5 a day more'],
    ['deployment_success_rate', 'ratio', 0.9, 1, 'better', '10 points higher'],
    ['rollback_frequency', 'per_week', 7, 14, 'worse', '1 a day more'],
  ] as const)(
    'tells %s from %s %d to %d as %s',
    (id, unit, before, value, verdict, by) => {
      expect(change(id, unit, before, value)).toMatchObject({ verdict, by });
    },
  );

  it('says nothing moved when both read the same', () => {
    expect(change('change_fail_rate', 'ratio', 0.0481, 0.0482).verdict).toBe(
      'same',
    );
  });

  it.each([
    [null, 1],
    [1, null],
  ])('compares nothing with no data (%s, %s)', (before, value) => {
    expect(change('lead_time', 'ms', before, value).verdict).toBe('none');
  });
});

describe('zoned times', () => {
  const at = Date.UTC(2026, 4, 12, 23, 30);

  it('tells days of the zone, not of the browser', () => {
    expect(zonedDay(at, 'Europe/Oslo')).toBe('May 13');
    expect(zonedDay(at, 'UTC')).toBe('May 12');
    expect(zonedMoment(at, 'Europe/Oslo')).toBe('May 13, 01:30');
  });

  it('falls back to UTC for a zone nobody knows', () => {
    expect(zonedDay(at, 'Mars/Olympus')).toBe('May 12');
  });
});
