import type { State } from '../model';

/** Fewest comparable successes that make an expectation; with fewer there is none rather than an invented one. @public */
export const MIN_SAMPLES = 3;

/** A median with how many durations it stands on. Milliseconds. @public */
export interface Median {
  durationMs: number;
  n: number;
}

/** Durations of one comparable success: of the run, and of its jobs by name. Milliseconds. @public */
export interface DurationSample {
  durationMs: number;
  jobs: { name: string; durationMs: number }[];
}

/** Middle value, or the mean of the two in the middle; undefined for none. Values that are no duration are left out. @public */
export function medianOf(values: number[]): number | undefined {
  const sorted = values.filter(isDuration).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Medians per run and per job name; each only from {@link MIN_SAMPLES} successes on.
 *
 * @param samples - successes that can be compared (same pipeline, same `runClass`)
 * @public
 */
export function mediansOf(samples: DurationSample[]): {
  run?: Median;
  /** By job name. */
  jobs: Map<string, Median>;
} {
  const byName = new Map<string, number[]>();
  for (const { name, durationMs } of samples.flatMap(sample => sample.jobs)) {
    byName.set(name, [...(byName.get(name) ?? []), durationMs]);
  }
  const jobs = new Map<string, Median>();
  for (const [name, durations] of byName) {
    const median = enough(durations);
    if (median) jobs.set(name, median);
  }
  return { run: enough(samples.map(sample => sample.durationMs)), jobs };
}

/**
 * When something that moves is expected to complete. Undefined without enough history, for what does not move (a gate opens when a
 * person opens it), and for what is overdue: a time in the past is no expectation.
 *
 * @param options - times in epoch milliseconds
 * @public
 */
export function expectedAt(options: {
  state: State;
  startedAt: number | undefined;
  median: Median | undefined;
  now: number;
}): number | undefined {
  const { state, startedAt, median, now } = options;
  if (state.status !== 'in_progress') return undefined;
  if (startedAt === undefined || !median) return undefined;
  const at = Math.round(startedAt + median.durationMs);
  return at > now ? at : undefined;
}

function enough(durations: number[]): Median | undefined {
  const n = durations.filter(isDuration).length;
  const durationMs = n < MIN_SAMPLES ? undefined : medianOf(durations);
  return durationMs === undefined ? undefined : { durationMs, n };
}

function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
