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

/** How long jobs of a run were at work, without gates and queues. Milliseconds. @public */
export interface Work {
  /** Of the stretches that have ended. */
  doneMs: number;
  /** Start of the stretch that goes on now, epoch milliseconds; absent while nothing runs. */
  since?: number;
}

/**
 * Joins the times of jobs into stretches in which at least one of them ran. A gate may hold a run for days: its whole span says how long
 * people thought, this says how long the pipeline took.
 *
 * @param jobs - of one attempt; those that never started count for nothing
 * @returns undefined when none has started
 * @public
 */
export function workOf(
  jobs: { state: State; startedAt?: number; completedAt?: number }[],
): Work | undefined {
  const spans = jobs
    .flatMap(({ state, startedAt, completedAt }) => {
      if (startedAt === undefined) return [];
      if (state.status === 'in_progress') return [{ startedAt, end: Infinity }];
      if (state.status !== 'completed' || state.conclusion === 'skipped') {
        return [];
      }
      const end = completedAt ?? startedAt;
      return end > startedAt ? [{ startedAt, end }] : [];
    })
    .sort((a, b) => a.startedAt - b.startedAt);
  if (spans.length === 0) return undefined;
  let doneMs = 0;
  let { startedAt: from, end: to } = spans[0];
  for (const span of spans.slice(1)) {
    if (span.startedAt > to) {
      doneMs += to - from;
      from = span.startedAt;
      to = span.end;
    } else {
      to = Math.max(to, span.end);
    }
  }
  return to === Infinity
    ? { doneMs, since: from }
    : { doneMs: doneMs + to - from };
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
