import type {
  DoraBand,
  DoraMetric,
  DoraMetricId,
  DoraSettings,
  DoraUnit,
} from '../../contract';
import type { Excluded, LinkedFacts } from './linked';

/** Half-open, epoch milliseconds. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** A part of a window that begins and ends with weeks or months of the time zone, but for the first and last. */
export interface Bucket extends TimeWindow {
  /** Cut by the window. */
  partial: boolean;
}

/**
 * How one deployment counts. Made by `verdictsOf` alone, stored beside the row, so that a database only adds up what the rules said.
 * `at` is the moment the cohort goes by (finish); a deployment without it counts nowhere.
 */
export interface DeploymentVerdicts {
  at?: number;
  /** In deployment frequency. */
  deployed: boolean;
  /** Below, and above, the line of change fail rate. */
  judged: boolean;
  failed: boolean;
  /** Below, and above, the line of rework rate. */
  reworkJudged: boolean;
  rework: boolean;
  /** Below, and above, the line of the success rate of deployments. */
  tried: boolean;
  succeeded: boolean;
  /** The same for each attempt. */
  attempts: number;
  attemptsSucceeded: number;
  /** In rollback frequency: a rollback, or one that the runtime took back. */
  rolledBack: boolean;
  /** In the percentiles of duration; otherwise absent. Milliseconds. */
  durationMs?: number;
  queuedMs?: number;
  waitedMs?: number;
  /** A failure that ended: when, and how long it lasted. */
  recoveredAt?: number;
  recoveryMs?: number;
  detectMs?: number;
  /** A failure without an end. */
  open: boolean;
  /** Why it is not in deployment frequency; other metrics count some of these (see `excludedOf`). */
  excluded?: Excluded['reason'];
}

/** How one change counts. */
export interface ChangeVerdicts {
  /** When it was deployed. */
  at?: number;
  /** Milliseconds, one a value that counts (several with `leadTimeStart: commit`); empty: excluded. */
  leadsMs: number[];
  excluded?: Excluded['reason'];
}

/** Percentiles of a set of durations in milliseconds; null: none. */
export interface Quantiles {
  n: number;
  p50: number | null;
  p75: number | null;
  p90: number | null;
}

/** Sums and percentiles of one span of time, whoever added them up. */
export interface SpanTotals {
  deployed: number;
  judged: number;
  failed: number;
  reworkJudged: number;
  rework: number;
  tried: number;
  succeeded: number;
  attempts: number;
  attemptsSucceeded: number;
  rolledBack: number;
  /** Failures that were not over at the end of what is known; by the finish of the deployment. */
  open: number;
  lead: Quantiles;
  recovery: Quantiles;
  duration: Quantiles;
  queued: Quantiles;
  waited: Quantiles;
  detect: Quantiles;
  /** Open to resolved, of incidents resolved in the span. */
  incidentOpen: Quantiles;
  /** Counted rows that late evidence may still change. */
  provisional: number;
}

/** What only single services have. */
export interface Rhythm {
  /** Median of days with a deployment, over whole ISO weeks; null: no whole week. */
  daysPerWeek: number | null;
  /** Median milliseconds between two deployments; null: fewer than two. */
  gapMs: number | null;
}

/** A metric as `computeDora` gives it, with its rows. */
export interface MeasuredMetric extends Omit<DoraMetric, 'id' | 'unit'> {
  id: DoraMetricId;
  unit: DoraUnit;
  window: TimeWindow;
  settingsHash: string;
  /** Ids of deployments, or of changes for lead time; as many as `n` (with `leadTimeStart: commit` one an entry of `commitLeadsMs`). */
  rows: string[];
}

/** What `yarn dora` prints. */
export interface DoraResult {
  window: TimeWindow;
  previous: TimeWindow;
  settings: DoraSettings;
  settingsHash: string;
  metrics: Record<DoraMetricId, MeasuredMetric>;
  linked: LinkedFacts;
}

/** Own targets beside the survey; absent: none. Units as of the metric. */
export interface DoraTarget {
  metric: DoraMetricId;
  /** At most (times, rates of failure) or at least (frequency, success). */
  value: number;
  year: number;
}

export type { DoraBand };
