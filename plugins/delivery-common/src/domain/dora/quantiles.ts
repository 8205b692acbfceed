import type { Quantiles } from './measured';

/** How percentiles are read off: see `percentileMethod` of the settings. */
export type PercentileMethod = 'continuous' | 'lower';

/**
 * Median, 75th and 90th percentile of a set of numbers, whatever its order. `continuous` lies between two values as `percentile_cont` of
 * a database does, `lower` is always one of the values, as `percentile_disc`. What is no finite number is left out; of nothing everything
 * is `null`.
 */
export function quantilesOf(
  values: readonly number[],
  method: PercentileMethod,
): Quantiles {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const at = (p: number) =>
    method === 'continuous' ? between(sorted, p) : stepwise(sorted, p);
  return { n: sorted.length, p50: at(0.5), p75: at(0.75), p90: at(0.9) };
}

/** Positions in a sorted list that the median is made of: one, or two that may be the same. */
export function medianPositions(
  n: number,
  method: PercentileMethod,
): [number, number] | undefined {
  if (n === 0) return undefined;
  if (method === 'lower') {
    const position = Math.ceil(n * 0.5) - 1;
    return [position, position];
  }
  return [Math.floor((n - 1) / 2), Math.ceil((n - 1) / 2)];
}

function between(sorted: Float64Array, p: number): number | null {
  if (sorted.length === 0) return null;
  const position = p * (sorted.length - 1);
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  return low + (high - low) * (position - Math.floor(position));
}

function stepwise(sorted: Float64Array, p: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}
