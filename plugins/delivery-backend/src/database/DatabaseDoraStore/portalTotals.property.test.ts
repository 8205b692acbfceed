import { quantilesOf } from 'backstage-plugin-delivery-common/domain';
import * as fc from 'fast-check';
import { binOf } from './measures';
import { quantilesAt, ranksOf } from './quantileRanks';
import { segmentsOf } from './segments';

const ms = fc.oneof(
  fc.maxSafeNat(),
  fc.nat({ max: 100 }),
  fc.integer({ min: -5, max: 5 }),
);

describe('What the totals of the portal are made of', () => {
  it('a longer time is never in a smaller bin, and every bin fits its column', () => {
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(binOf(less)).toBeLessThanOrEqual(binOf(more));
        expect(Math.abs(binOf(more))).toBeLessThan(2 ** 15);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells minutes that differ by a tenth apart', () => {
    expect(binOf(66_000)).toBeGreaterThan(binOf(60_000));
    expect(binOf(0)).toBeLessThan(binOf(1));
  });

  it('percentiles need the values at few positions only', () => {
    fc.assert(
      fc.property(
        fc.array(ms, { maxLength: 200 }),
        fc.constantFrom('continuous', 'lower'),
        (values, method) => {
          const sorted = [...values].sort((a, b) => a - b);
          const ranks = ranksOf(values.length, method);
          const known = new Map(ranks.map(rank => [rank, sorted[rank]]));
          expect(ranks.length).toBeLessThanOrEqual(6);
          expect(
            quantilesAt(values.length, method, rank => known.get(rank)),
          ).toEqual(quantilesOf(values, method));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('says so when counts and rows do not fit together', () => {
    expect(() => quantilesAt(3, 'lower', () => undefined)).toThrow(
      'The value at position 1 of 3 was not found',
    );
  });

  it('a span is the sum of its pieces, and no piece is read twice', () => {
    const span = fc
      .tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 }))
      .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), spans => {
        const { segments, ofSpan } = segmentsOf(spans);
        const ends = segments.flatMap(({ from, to }) => [from, to]);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        expect(segments.every(({ from, to }) => from < to)).toBe(true);
        spans.forEach(({ from, to }, index) => {
          const own = ofSpan[index].map(at => segments[at]);
          const length = own.reduce(
            (sum, part) => sum + part.to - part.from,
            0,
          );
          expect(length).toBe(to - from);
          expect(own.every(part => part.from >= from && part.to <= to)).toBe(
            true,
          );
        });
      }),
    );
  });
});
