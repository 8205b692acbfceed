import type { Quantiles } from 'backstage-plugin-delivery-common/domain';

export type Method = 'continuous' | 'lower';

const SHARES = [0.5, 0.75, 0.9] as const;

/** Positions in a sorted list, from 0, between which the percentile lies; as `quantilesOf` does. */
function positionsOf(n: number, share: number, method: Method) {
  if (method === 'lower') {
    const position = Math.max(0, Math.ceil(share * n) - 1);
    return { low: position, high: position, between: 0 };
  }
  const position = share * (n - 1);
  const low = Math.floor(position);
  return { low, high: Math.ceil(position), between: position - low };
}

/** Which of `n` sorted values the percentiles are made of, ascending. */
export function ranksOf(n: number, method: Method): number[] {
  if (n === 0) return [];
  const ranks = SHARES.flatMap(share => {
    const { low, high } = positionsOf(n, share, method);
    return [low, high];
  });
  return [...new Set(ranks)].sort((a, b) => a - b);
}

/** Percentiles of `n` values of which those at `ranksOf` are known. */
export function quantilesAt(
  n: number,
  method: Method,
  valueAt: (rank: number) => number | undefined,
): Quantiles {
  if (n === 0) return { n, p50: null, p75: null, p90: null };
  const known = (rank: number) => {
    const value = valueAt(rank);
    if (value === undefined) {
      throw new Error(`The value at position ${rank} of ${n} was not found`);
    }
    return value;
  };
  const [p50, p75, p90] = SHARES.map(share => {
    const { low, high, between } = positionsOf(n, share, method);
    const value = known(low);
    return value + (known(high) - value) * between;
  });
  return { n, p50, p75, p90 };
}
