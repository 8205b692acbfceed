import * as fc from 'fast-check';
import { DORA_METRICS } from '../../contract';
import { excludedCountsOf, excludedOf } from './excludedOf';
import type { TimeWindow } from './measured';
import { metricsOf } from './metricsOf';
import { atMedian, openFailuresOf, rowsOfMetric } from './rows';
import { arbitraryRows } from './__testUtils__/linkedArbitrary';
import type { LinkedRows } from './__testUtils__/linkedArbitrary';
import { totalsOf } from './totals';
import { bucketsOf, previousWindow } from './windows';

const DAY = 86_400_000;
const FROM = Date.UTC(2025, 0, 1);
const AS_OF = FROM + 121 * DAY;

function totals(rows: LinkedRows, spans: readonly TimeWindow[]) {
  return totalsOf(
    {
      deployments: rows.deployments.map(({ deployment, verdicts }) => ({
        verdicts,
        provisionalUntil: deployment.provisionalUntil,
      })),
      changes: rows.changes,
      incidents: rows.incidents,
    },
    spans,
    { method: rows.settings.percentileMethod, asOf: AS_OF },
  );
}

function measured(rows: LinkedRows, window: TimeWindow) {
  const { settings } = rows;
  const previous = previousWindow(window, settings.timeZone);
  const buckets = bucketsOf(window, settings.timeZone);
  const [now, before, ...trend] = totals(rows, [window, previous, ...buckets]);
  return metricsOf({
    window,
    totals: now,
    previous: { window: previous, totals: before },
    trend: buckets.map((bucket, i) => ({ bucket, totals: trend[i] })),
    excluded: excludedCountsOf({ ...rows, excluded: [] }, window),
    settings,
    targets: [],
    asOf: AS_OF,
  });
}

/** Nothing has no value but how often it happened, and a share is a share. */
function holds(
  unit: string,
  { value, n, hits = 0 }: { value: number | null; n: number; hits?: number },
): boolean {
  if (n === 0) return value === null || unit.startsWith('per_');
  if (value === null || value < 0) return false;
  return unit !== 'ratio' || (value <= 1 && value === hits / n);
}

const windows = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 60 }))
  .map(([start, days]) => ({
    from: FROM + start * DAY,
    to: FROM + (start + days) * DAY,
  }));

describe('metrics of random rows', () => {
  it('have as many rows as they say, and these make the number', () => {
    fc.assert(
      fc.property(arbitraryRows(), windows, (rows, window) => {
        for (const metric of measured(rows, window)) {
          const { deployments, changes, total } = rowsOfMetric(
            metric.id,
            rows,
            window,
          );
          const shown =
            deployments.length +
            changes.flatMap(({ verdicts }) => verdicts.leadsMs).length;
          expect([metric.id, shown, total]).toEqual([
            metric.id,
            metric.n,
            metric.n,
          ]);
        }
      }),
    );
  });

  it('are null without rows, and never outside their bounds', () => {
    fc.assert(
      fc.property(arbitraryRows({ maxLength: 6 }), windows, (rows, window) => {
        const wrong = measured(rows, window).flatMap(
          ({ id, unit, value, n, hits, trend }) =>
            [{ value, n, hits }, ...trend]
              .filter(point => !holds(unit, point))
              .map(point => ({ id, point })),
        );
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('of the buckets have together as many rows as the window', () => {
    fc.assert(
      fc.property(arbitraryRows(), windows, (rows, window) => {
        for (const { n, hits, trend } of measured(rows, window)) {
          const sum = (key: 'n' | 'hits') =>
            trend.reduce((all, point) => all + (point[key] ?? 0), 0);
          expect(sum('n')).toBe(n);
          expect(sum('hits')).toBe(hits ?? 0);
        }
      }),
    );
  });

  it('list what was left out as often as they count it', () => {
    fc.assert(
      fc.property(arbitraryRows(), windows, (rows, window) => {
        for (const { id, excluded } of measured(rows, window)) {
          const listed = excludedOf(id, { ...rows, excluded: [] }, window);
          const counts = new Map<string, number>();
          for (const { reason } of listed) {
            counts.set(reason, (counts.get(reason) ?? 0) + 1);
          }
          expect([id, counts]).toEqual([
            id,
            new Map(excluded.map(({ reason, count }) => [reason, count])),
          ]);
        }
      }),
    );
  });

  it('leave nothing out and count it at the same time', () => {
    fc.assert(
      fc.property(arbitraryRows(), windows, (rows, window) => {
        for (const id of DORA_METRICS) {
          const shown = rowsOfMetric(id, rows, window);
          const ids = new Set(
            [
              ...shown.deployments.map(row => row.deployment),
              ...shown.changes.map(row => row.change),
            ].map(row => row.id),
          );
          const both = excludedOf(id, { ...rows, excluded: [] }, window).filter(
            row => ids.has(row.id),
          );
          expect([id, both]).toEqual([id, []]);
        }
      }),
    );
  });

  it('show failures first, and the open ones apart', () => {
    fc.assert(
      fc.property(arbitraryRows(), windows, (rows, window) => {
        const { deployments } = rowsOfMetric('change_fail_rate', rows, window);
        const failed = deployments.map(({ verdicts }) => verdicts.failed);
        expect(failed).toEqual(
          [...failed].sort((a, b) => Number(b) - Number(a)),
        );
        const [{ open }] = totals(rows, [window]);
        expect(openFailuresOf(rows.deployments, window)).toHaveLength(open);
      }),
    );
  });

  it('mark the changes that the median is made of', () => {
    fc.assert(
      fc.property(arbitraryRows(), windows, (rows, window) => {
        const { changes } = rowsOfMetric('lead_time', rows, window);
        const { percentileMethod: method } = rows.settings;
        const [{ lead }] = totals(rows, [window]);
        const marked = changes.filter(({ change }) =>
          atMedian(changes, method).has(change.id),
        );
        expect(marked.length > 0).toBe(lead.n > 0);
        const leads = marked.flatMap(({ verdicts }) => verdicts.leadsMs);
        const middle = lead.p50 ?? NaN;
        expect(leads.some(each => each <= middle)).toBe(lead.n > 0);
        expect(leads.some(each => each >= middle)).toBe(lead.n > 0);
        expect(marked.length).toBeLessThanOrEqual(method === 'lower' ? 1 : 2);
      }),
    );
  });
});
