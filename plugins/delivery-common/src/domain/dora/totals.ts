import type { DoraIncident } from './linked';
import type {
  ChangeVerdicts,
  DeploymentVerdicts,
  Quantiles,
  SpanTotals,
  TimeWindow,
} from './measured';
import { quantilesOf } from './quantiles';
import type { PercentileMethod } from './quantiles';

/** What is added up. */
export interface TotalsRows {
  deployments: readonly {
    verdicts: DeploymentVerdicts;
    provisionalUntil?: number;
  }[];
  changes: readonly { verdicts: ChangeVerdicts }[];
  incidents: readonly DoraIncident[];
}

const COUNTS = [
  'deployed',
  'judged',
  'failed',
  'reworkJudged',
  'rework',
  'tried',
  'succeeded',
  'rolledBack',
  'open',
] as const;
const DURATIONS = [
  'lead',
  'recovery',
  'duration',
  'queued',
  'waited',
  'detect',
  'incidentOpen',
] as const;
type DurationName = (typeof DURATIONS)[number];

const NO_SUMS: Omit<SpanTotals, DurationName> = {
  deployed: 0,
  judged: 0,
  failed: 0,
  reworkJudged: 0,
  rework: 0,
  tried: 0,
  succeeded: 0,
  attempts: 0,
  attemptsSucceeded: 0,
  rolledBack: 0,
  open: 0,
  provisional: 0,
};

/**
 * Sums and percentiles of spans of time (half-open, they may overlap), whatever the order of the rows. Every row is in one cohort:
 * deployments by their finish, recoveries with their time to detect by the moment of recovery, changes by their deployment, incidents by
 * when they were resolved. Percentiles are of all values of the span.
 */
export function totalsOf(
  rows: TotalsRows,
  spans: readonly TimeWindow[],
  options: { method: PercentileMethod; asOf: number },
): SpanTotals[] {
  return spans.map(span => totalsOfSpan(rows, span, options));
}

function totalsOfSpan(
  rows: TotalsRows,
  span: TimeWindow,
  { method, asOf }: { method: PercentileMethod; asOf: number },
): SpanTotals {
  const sums = { ...NO_SUMS };
  const values = new Map<DurationName, number[]>(
    DURATIONS.map(name => [name, []]),
  );
  const add = (name: DurationName, value: number | undefined) => {
    if (value !== undefined) values.get(name)!.push(value);
  };
  for (const { verdicts, provisionalUntil } of rows.deployments) {
    if (isWithin(verdicts.at, span)) {
      for (const name of COUNTS) if (verdicts[name]) sums[name] += 1;
      sums.attempts += verdicts.attempts;
      sums.attemptsSucceeded += verdicts.attemptsSucceeded;
      // Whatever else is judged is judged for rework, too.
      if (verdicts.reworkJudged && (provisionalUntil ?? -Infinity) > asOf) {
        sums.provisional += 1;
      }
      add('duration', verdicts.durationMs);
      add('queued', verdicts.queuedMs);
      add('waited', verdicts.waitedMs);
    }
    if (isWithin(verdicts.recoveredAt, span)) {
      add('recovery', verdicts.recoveryMs);
      add('detect', verdicts.detectMs);
    }
  }
  for (const { verdicts } of rows.changes) {
    if (isWithin(verdicts.at, span)) {
      for (const lead of verdicts.leadsMs) add('lead', lead);
    }
  }
  for (const { resolvedAt, openMs } of rows.incidents) {
    if (isWithin(resolvedAt, span)) add('incidentOpen', openMs);
  }
  const quantiles = Object.fromEntries(
    DURATIONS.map(name => [name, quantilesOf(values.get(name)!, method)]),
  ) as Record<DurationName, Quantiles>;
  return { ...sums, ...quantiles };
}

/** Half-open; a moment that is not known is in no span. */
export function isWithin(at: number | undefined, span: TimeWindow): boolean {
  return at !== undefined && at >= span.from && at < span.to;
}
