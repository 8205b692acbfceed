import type { DoraMetricId } from '../../contract';
import { compareText } from '../canonical';
import type { DoraChange, DoraDeployment, Excluded } from './linked';
import type {
  ChangeVerdicts,
  DeploymentVerdicts,
  SpanTotals,
  TimeWindow,
} from './measured';
import { isWithin } from './totals';
import { changeMomentOf, momentOf } from './verdicts';

type What = Excluded['what'];
type Reason = Excluded['reason'];

/** How many things were left out for a reason. */
export interface ExcludedCount {
  what: What;
  reason: Reason;
  count: number;
}

/** Rows with how they count, and what linking left out. */
export interface ExcludedRows {
  deployments: readonly {
    deployment: DoraDeployment;
    verdicts: DeploymentVerdicts;
  }[];
  changes: readonly { change: DoraChange; verdicts: ChangeVerdicts }[];
  excluded: readonly Excluded[];
}

/**
 * Reasons of deployments that keep one out of frequency only: the metric counts what has them, or is not about it. All other reasons keep a
 * deployment out of every metric.
 */
const COUNTED: Record<DoraMetricId, ReadonlySet<Reason>> = {
  lead_time: new Set(),
  deployment_frequency: new Set(),
  // With `changeFailDenominator: succeeded` it does not count these: see `concerns`.
  change_fail_rate: new Set<Reason>(['failed_in_production']),
  rework_rate: new Set<Reason>(['failed_in_production', 'rollback']),
  deployment_success_rate: reachedOrTried(),
  deployment_duration: new Set<Reason>(['rollback', 'redeploy']),
  rollback_frequency: reachedOrTried(),
  recovery_time: reachedOrTried(),
  time_to_recovery: reachedOrTried(),
};

function reachedOrTried(): ReadonlySet<Reason> {
  return new Set<Reason>([
    'rollback',
    'redeploy',
    'failed_in_production',
    'failed_before_production',
  ]);
}

const OF_FAILURES: ReadonlySet<DoraMetricId> = new Set<DoraMetricId>([
  'change_fail_rate',
  'recovery_time',
  'time_to_recovery',
]);
const OF_RECOVERY: ReadonlySet<DoraMetricId> = new Set<DoraMetricId>([
  'recovery_time',
  'time_to_recovery',
]);

/** True when something that was left out belongs to the list of a metric. */
function concerns(
  metric: DoraMetricId,
  what: What,
  reason: Reason,
  options: { onlySucceeded: boolean },
): boolean {
  switch (what) {
    case 'fact':
      return true;
    case 'change':
      return metric === 'lead_time';
    case 'incident':
    case 'override':
      return OF_FAILURES.has(metric);
    default:
      if (metric === 'lead_time') return false;
      if (metric === 'change_fail_rate' && options.onlySucceeded) return true;
      return !COUNTED[metric].has(reason);
  }
}

/**
 * What "Why not counted?" lists for a metric, newest first. What has no time is in every window, so that nothing goes unseen. Its counts by
 * reason are those of `excludedCountsFor`.
 */
export function excludedOf(
  metric: DoraMetricId,
  rows: ExcludedRows,
  window: TimeWindow,
): Excluded[] {
  const onlySucceeded = rows.deployments.some(
    ({ verdicts }) =>
      verdicts.excluded === 'failed_in_production' && !verdicts.judged,
  );
  const listed = allExcluded(rows, window).filter(({ what, reason }) =>
    concerns(metric, what, reason, { onlySucceeded }),
  );
  if (OF_RECOVERY.has(metric)) {
    for (const { deployment, verdicts } of rows.deployments) {
      if (verdicts.open && isWithin(verdicts.at, window)) {
        listed.push(ofDeployment(deployment, verdicts.at, 'not_recovered'));
      }
    }
  }
  return listed.sort(newestFirst);
}

/** Counts of everything that was left out in a window, by what it is and why: what a database counts for `metricsOf`. */
export function excludedCountsOf(
  rows: ExcludedRows,
  window: TimeWindow,
): ExcludedCount[] {
  const counts = new Map<string, ExcludedCount>();
  for (const { what, reason } of allExcluded(rows, window)) {
    const key = `${what} ${reason}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { what, reason, count: 1 });
  }
  return [...counts.values()].sort((a, b) =>
    compareText(`${a.what} ${a.reason}`, `${b.what} ${b.reason}`),
  );
}

/** What of all counts belongs to one metric, most first. */
export function excludedCountsFor(
  metric: DoraMetricId,
  counts: readonly ExcludedCount[],
  options: { totals: SpanTotals; onlySucceeded: boolean },
): { reason: Reason; count: number }[] {
  const byReason = new Map<Reason, number>();
  const add = (reason: Reason, count: number) => {
    if (count > 0) byReason.set(reason, (byReason.get(reason) ?? 0) + count);
  };
  for (const { what, reason, count } of counts) {
    if (concerns(metric, what, reason, options)) add(reason, count);
  }
  if (OF_RECOVERY.has(metric)) add('not_recovered', options.totals.open);
  return [...byReason]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || compareText(a.reason, b.reason));
}

function allExcluded(rows: ExcludedRows, window: TimeWindow): Excluded[] {
  const inWindow = ({ at }: Excluded) =>
    at === undefined || isWithin(at, window);
  return [
    ...rows.excluded,
    ...rows.deployments.flatMap(({ deployment, verdicts }) =>
      verdicts.excluded
        ? [ofDeployment(deployment, momentOf(deployment), verdicts.excluded)]
        : [],
    ),
    ...rows.changes.flatMap(({ change, verdicts }) =>
      verdicts.excluded ? [ofChange(change, verdicts.excluded)] : [],
    ),
  ].filter(inWindow);
}

function ofDeployment(
  { id, service, title, url }: DoraDeployment,
  at: number | undefined,
  reason: Reason,
): Excluded {
  return withoutAbsent({
    what: 'deployment',
    id,
    service,
    at,
    reason,
    title,
    url,
  });
}

function ofChange(change: DoraChange, reason: Reason): Excluded {
  const { id, service, title, url } = change;
  const at = changeMomentOf(change);
  return withoutAbsent({ what: 'change', id, service, at, reason, title, url });
}

function withoutAbsent(excluded: Excluded): Excluded {
  return Object.fromEntries(
    Object.entries(excluded).filter(([, value]) => value !== undefined),
  ) as unknown as Excluded;
}

function newestFirst(a: Excluded, b: Excluded): number {
  return (
    (b.at ?? Infinity) - (a.at ?? Infinity) ||
    compareText(a.id, b.id) ||
    compareText(a.reason, b.reason)
  );
}
