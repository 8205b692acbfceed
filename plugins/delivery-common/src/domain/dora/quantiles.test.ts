import * as fc from 'fast-check';
import { medianPositions, quantilesOf } from './quantiles';

describe('percentiles', () => {
  it('lie between two values, or are one of them', () => {
    const values = [372, 119, 119, 625];
    expect(quantilesOf(values, 'continuous').p50).toBe(245.5);
    expect(quantilesOf(values, 'lower').p50).toBe(119);
  });

  it.each<['continuous' | 'lower', (number | null)[]]>([
    // What percentile_cont and percentile_disc say of one to ten.
    ['continuous', [5.5, 7.75, 9.1]],
    ['lower', [5, 8, 9]],
  ])('are those of a database (%s)', (method, expected) => {
    const { p50, p75, p90 } = quantilesOf(
      [10, 1, 9, 2, 8, 3, 7, 4, 6, 5],
      method,
    );
    expect([p50, p75, p90]).toEqual(expected);
  });

  it('of one value are that value, of nothing null', () => {
    for (const method of ['continuous', 'lower'] as const) {
      expect(quantilesOf([7], method)).toEqual({
        ...{ n: 1, p50: 7, p75: 7, p90: 7 },
      });
      expect(quantilesOf([NaN, Infinity], method)).toEqual({
        ...{ n: 0, p50: null, p75: null, p90: null },
      });
    }
  });

  it('sort numbers as numbers', () => {
    expect(quantilesOf([10, 9, 100], 'lower').p50).toBe(10);
  });

  it('are made of the values in the middle', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.constantFrom('continuous' as const, 'lower' as const),
        (values, method) => {
          const sorted = [...values].sort((a, b) => a - b);
          const [low, high] = medianPositions(values.length, method)!;
          expect(quantilesOf(values, method).p50).toBe(
            (sorted[low] + sorted[high]) / 2,
          );
        },
      ),
    );
    expect(medianPositions(0, 'lower')).toBeUndefined();
  });
});
