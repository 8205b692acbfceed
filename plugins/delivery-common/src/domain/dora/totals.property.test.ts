import * as fc from 'fast-check';
import type { SpanTotals, TimeWindow } from './measured';
import { quantilesOf } from './quantiles';
import { arbitraryRows } from './__testUtils__/linkedArbitrary';
import type { LinkedRows } from './__testUtils__/linkedArbitrary';
import { totalsOf } from './totals';

const DAY = 86_400_000;
const FROM = Date.UTC(2025, 0, 1);
const ALL: TimeWindow = { from: FROM, to: FROM + 200 * DAY };
const OPTIONS = { method: 'continuous', asOf: FROM + 60 * DAY } as const;

const COUNTS = [
  'deployed',
  'judged',
  'failed',
  'reworkJudged',
  'rework',
  'tried',
  'succeeded',
  'attempts',
  'attemptsSucceeded',
  'rolledBack',
  'open',
  'provisional',
] as const;
const SETS = [
  'lead',
  'recovery',
  'duration',
  'queued',
  'waited',
  'detect',
  'incidentOpen',
] as const;

function stored({ deployments, changes, incidents }: LinkedRows) {
  return {
    deployments: deployments.map(({ deployment, verdicts }) => ({
      verdicts,
      provisionalUntil: deployment.provisionalUntil,
    })),
    changes,
    incidents,
  };
}

function countsOf(totals: SpanTotals): number[] {
  return [
    ...COUNTS.map(name => totals[name]),
    ...SETS.map(name => totals[name].n),
  ];
}

describe('totals of random rows', () => {
  it('of a window are the sum of those of its parts', () => {
    fc.assert(
      fc.property(
        arbitraryRows(),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 0, max: 200 }),
        (rows, a, b) => {
          const [first, second] = [a, b].sort((x, y) => x - y);
          const cuts = [0, first, second, 200].map(day => FROM + day * DAY);
          const parts = cuts
            .slice(1)
            .map((to, index) => ({ from: cuts[index], to }));
          const [whole, ...pieces] = totalsOf(
            stored(rows),
            [ALL, ...parts],
            OPTIONS,
          ).map(countsOf);
          expect(
            pieces.reduce((sum, piece) => sum.map((n, i) => n + piece[i])),
          ).toEqual(whole);
        },
      ),
    );
  });

  it('do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(
        arbitraryRows().chain(rows =>
          fc.record({
            rows: fc.constant(stored(rows)),
            shuffled: fc.record({
              deployments: permutation(stored(rows).deployments),
              changes: permutation(rows.changes),
              incidents: permutation(rows.incidents),
            }),
          }),
        ),
        ({ rows, shuffled }) => {
          expect(totalsOf(shuffled, [ALL], OPTIONS)).toEqual(
            totalsOf(rows, [ALL], OPTIONS),
          );
        },
      ),
    );
  });

  it('hold the bounds of their rates', () => {
    fc.assert(
      fc.property(arbitraryRows(), rows => {
        const [totals] = totalsOf(stored(rows), [ALL], OPTIONS);
        expect(totals.failed).toBeLessThanOrEqual(totals.judged);
        expect(totals.rework).toBeLessThanOrEqual(totals.reworkJudged);
        expect(totals.succeeded).toBeLessThanOrEqual(totals.tried);
        expect(totals.attemptsSucceeded).toBeLessThanOrEqual(totals.attempts);
        expect(totals.deployed).toBeLessThanOrEqual(totals.judged);
        expect(totals.judged).toBeLessThanOrEqual(totals.reworkJudged);
        expect(totals.provisional).toBeLessThanOrEqual(totals.reworkJudged);
      }),
    );
  });

  it('pool all values of a span, whatever service or bucket they are of', () => {
    fc.assert(
      fc.property(arbitraryRows(), rows => {
        const [totals] = totalsOf(stored(rows), [ALL], OPTIONS);
        const leads = rows.changes
          .filter(({ verdicts }) => verdicts.at !== undefined)
          .flatMap(({ verdicts }) => verdicts.leadsMs);
        expect(totals.lead).toEqual(quantilesOf(leads, 'continuous'));
      }),
    );
  });
});

function permutation<T>(items: T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray(items, {
    minLength: items.length,
    maxLength: items.length,
  });
}
