import type { TimeWindow } from 'backstage-plugin-delivery-common/domain';

/**
 * Spans that may overlap, cut at every end of one: rows are read once for each segment, and a window is the sum of the weeks it is made of.
 */
export interface Segments {
  /** In order, none of them empty, and none of them outside all spans. */
  segments: TimeWindow[];
  /** Of each span the numbers of its segments. */
  ofSpan: number[][];
}

export function segmentsOf(spans: readonly TimeWindow[]): Segments {
  const ends = [
    ...new Set(spans.flatMap(({ from, to }) => (from < to ? [from, to] : []))),
  ].sort((a, b) => a - b);
  const segments: TimeWindow[] = [];
  const ofSpan: number[][] = spans.map(() => []);
  for (let index = 0; index + 1 < ends.length; index += 1) {
    const [from, to] = [ends[index], ends[index + 1]];
    const inside = spans.flatMap((span, at) =>
      span.from <= from && to <= span.to ? [at] : [],
    );
    if (inside.length === 0) continue;
    for (const at of inside) ofSpan[at].push(segments.length);
    segments.push({ from, to });
  }
  return { segments, ofSpan };
}
