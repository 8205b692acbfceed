import { DORA_METRICS, doraSettingsSchema } from '../../contract';
import type { DoraMetricId } from '../../contract';
import type { SpanTotals, TimeWindow } from './measured';
import { metricsOf } from './metricsOf';
import type { MetricsInput } from './metricsOf';
import { serviceValuesOf } from './metricsOfSpan';
import { totalsOf } from './totals';
import { bucketsOf } from './windows';

const DAY = 86_400_000;
/** A Monday. */
const FROM = Date.UTC(2026, 8, 7);
const WINDOW = { from: FROM, to: FROM + 28 * DAY };
const SETTINGS = doraSettingsSchema.parse({});
const [NONE] = totalsOf(
  { deployments: [], changes: [], incidents: [] },
  [WINDOW],
  { method: 'continuous', asOf: 0 },
);

function metrics(
  totals: Partial<SpanTotals>,
  parts: Partial<MetricsInput> = {},
  weeks: Partial<SpanTotals>[] = [],
) {
  const all = metricsOf({
    window: WINDOW,
    totals: { ...NONE, ...totals },
    previous: {
      window: { from: FROM - 28 * DAY, to: FROM },
      totals: NONE,
    },
    trend: bucketsOf(WINDOW, 'UTC').map((bucket, index) => ({
      bucket,
      totals: { ...NONE, ...weeks[index] },
    })),
    excluded: [],
    settings: SETTINGS,
    targets: [],
    asOf: WINDOW.to - DAY / 2,
    ...parts,
  });
  return Object.fromEntries(all.map(metric => [metric.id, metric])) as Record<
    DoraMetricId,
    (typeof all)[number]
  >;
}

const detail = (
  { details }: { details: { id: string; value: number | null }[] },
  id: string,
) => details.find(each => each.id === id)?.value;

const DEPLOYED = {
  ...{ deployed: 14, judged: 16, failed: 2, reworkJudged: 20, rework: 5 },
  ...{ tried: 25, succeeded: 20, attempts: 40, attemptsSucceeded: 20 },
  rolledBack: 4,
};

describe('metrics', () => {
  it('come in the order in which they are shown', () => {
    expect(Object.keys(metrics({}))).toEqual([...DORA_METRICS]);
  });

  it('are made of sums', () => {
    const all = metrics(DEPLOYED);
    expect(all.deployment_frequency).toMatchObject({
      value: 0.5,
      n: 14,
      unit: 'per_day',
      small: false,
    });
    expect(all.change_fail_rate).toMatchObject({
      ...{ value: 0.125, hits: 2, n: 16, unit: 'ratio' },
    });
    expect(all.rework_rate).toMatchObject({ value: 0.25, hits: 5, n: 20 });
    expect(all.deployment_success_rate).toMatchObject({ value: 0.8, n: 25 });
    expect(detail(all.deployment_success_rate, 'per_attempt')).toBe(0.5);
    expect(all.rollback_frequency).toMatchObject({ value: 1, n: 4 });
    expect(detail(all.rollback_frequency, 'per_100')).toBe(25);
  });

  it('and of percentiles with what is beside them', () => {
    const spread = { n: 3, p50: 10, p75: 20, p90: 30 };
    const all = metrics({
      ...{ lead: spread, recovery: spread, duration: spread },
      detect: { ...spread, p50: 4 },
      incidentOpen: { ...spread, p50: 50 },
      queued: { ...spread, p50: 1 },
      waited: { ...spread, n: 0, p50: null },
      ...{ open: 2, reworkJudged: 9 },
    });
    expect(all.lead_time).toMatchObject({ value: 10, n: 3, small: true });
    expect(detail(all.lead_time, 'p90')).toBe(30);
    expect(all.recovery_time.value).toBe(all.time_to_recovery.value);
    expect(detail(all.recovery_time, 'detect')).toBe(4);
    expect(detail(all.recovery_time, 'open')).toBe(2);
    expect(all.recovery_time.excluded).toEqual([
      { reason: 'not_recovered', count: 2 },
    ]);
    expect(detail(all.time_to_recovery, 'incident_open')).toBe(50);
    expect(detail(all.deployment_duration, 'queue')).toBe(1);
    expect(detail(all.deployment_duration, 'wait')).toBeNull();
  });

  it('have no frequency where no deployment was ever seen, and 0 where one was', () => {
    expect(metrics({}).deployment_frequency.value).toBeNull();
    expect(detail(metrics({}).deployment_frequency, 'count')).toBeNull();
    const since = { since: FROM - 100 * DAY };
    expect(metrics({}, since).deployment_frequency.value).toBe(0);
    expect(metrics({}, since).rollback_frequency.value).toBe(0);
    const later = { since: WINDOW.to + DAY };
    expect(metrics({}, later).deployment_frequency.value).toBeNull();
  });

  it('begin with the first deployment of a young service', () => {
    const young = metrics(
      { deployed: 7, tried: 7 },
      { since: FROM + 14 * DAY + 5 },
      [{}, {}, { deployed: 7, tried: 7 }, {}],
    );
    expect(young.deployment_frequency.value).toBe(0.5);
    expect(young.deployment_frequency.previous.value).toBeNull();
    expect(young.deployment_frequency.definition).toContain(
      'Days count from 21 Sep on, when the first known deployment was.',
    );
    expect(young.change_fail_rate.definition).not.toContain('21 Sep');
    expect(young.deployment_frequency.trend.map(({ value }) => value)).toEqual([
      null,
      null,
      1,
      0,
    ]);
  });

  it('show no 0 where nothing had been read yet', () => {
    const totals = { deployed: 7, tried: 7 };
    const { trend, definition } = metrics(
      totals,
      {
        since: FROM - DAY,
        previous: {
          window: { from: FROM - 28 * DAY, to: FROM },
          totals: NONE,
          dataSince: FROM + 7 * DAY,
        },
      },
      [{}, { deployed: 7, rolledBack: 2 }, {}, {}],
    ).deployment_frequency;
    expect(trend.map(({ value }) => value)).toEqual([null, 1, 0, 0]);
    expect(trend.map(({ beside }) => beside)).toEqual([0, 2, 0, 0]);
    expect(definition).toContain(
      'Days count from 14 Sep on; nothing was read before.',
    );
  });

  it('do not look into the future', () => {
    const { trend } = metrics(
      { deployed: 7, tried: 7 },
      { asOf: FROM + 8 * DAY, since: FROM },
      [{ deployed: 7 }, {}, {}, {}],
    ).deployment_frequency;
    expect(trend.map(({ value }) => value)).toEqual([1, 0, null, null]);
  });

  it('are provisional where late evidence may come', () => {
    const all = metrics({ ...DEPLOYED, provisional: 1 }, {}, [
      ...[{}, {}, {}],
      { provisional: 1 },
    ]);
    expect(
      Object.values(all)
        .filter(({ provisional }) => provisional)
        .map(({ id }) => id),
    ).toEqual([
      'recovery_time',
      'change_fail_rate',
      'rework_rate',
      'time_to_recovery',
    ]);
    expect(
      all.change_fail_rate.trend.map(({ provisional }) => provisional),
    ).toEqual([false, false, false, true]);
  });

  it('take what was left out of them, and not what they count', () => {
    const all = metrics(DEPLOYED, {
      excluded: [
        { what: 'deployment', reason: 'rollback', count: 3 },
        { what: 'deployment', reason: 'failed_in_production', count: 2 },
        { what: 'deployment', reason: 'cancelled', count: 7 },
        { what: 'change', reason: 'no_base', count: 5 },
        { what: 'incident', reason: 'too_long_after', count: 1 },
      ],
    });
    const reasons = (id: DoraMetricId) =>
      all[id].excluded.map(({ reason, count }) => `${reason} ${count}`);
    expect(reasons('deployment_frequency')).toEqual([
      'cancelled 7',
      'rollback 3',
      'failed_in_production 2',
    ]);
    expect(reasons('change_fail_rate')).toEqual([
      'cancelled 7',
      'rollback 3',
      'too_long_after 1',
    ]);
    expect(reasons('rework_rate')).toEqual(['cancelled 7']);
    expect(reasons('lead_time')).toEqual(['no_base 5']);
  });
});

it('gives the values of one service for a distribution', () => {
  const window: TimeWindow = WINDOW;
  const values = serviceValuesOf({ ...NONE, ...DEPLOYED }, 28);
  const all = metrics(DEPLOYED, { window });
  expect(values.map(({ metric, value }) => [metric, value])).toEqual(
    DORA_METRICS.map(id => [id, all[id].value]),
  );
  expect(serviceValuesOf(NONE, 28).map(({ value }) => value)).toEqual(
    DORA_METRICS.map(() => null),
  );
});
