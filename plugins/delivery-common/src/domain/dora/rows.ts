import type { DoraMetricId } from '../../contract';
import { compareText } from '../canonical';
import type { DoraChange, DoraDeployment } from './linked';
import type {
  ChangeVerdicts,
  DeploymentVerdicts,
  TimeWindow,
} from './measured';
import { medianPositions } from './quantiles';
import type { PercentileMethod } from './quantiles';
import { isWithin } from './totals';

interface DeploymentRow {
  deployment: DoraDeployment;
  verdicts: DeploymentVerdicts;
}
interface ChangeRow {
  change: DoraChange;
  verdicts: ChangeVerdicts;
}

/** Which deployments are behind a metric, and which of them come first. Without an order: the newest. */
interface RowRule {
  counts: (verdicts: DeploymentVerdicts) => boolean;
  /** The moment that the window is asked for; default: the finish. */
  at?: (verdicts: DeploymentVerdicts) => number | undefined;
  /** Larger comes first. */
  weight?: (verdicts: DeploymentVerdicts) => number;
}

const RECOVERED: RowRule = {
  counts: verdicts => verdicts.recoveryMs !== undefined,
  at: verdicts => verdicts.recoveredAt,
  weight: verdicts => verdicts.recoveryMs ?? 0,
};
const RULES: Record<Exclude<DoraMetricId, 'lead_time'>, RowRule> = {
  deployment_frequency: { counts: verdicts => verdicts.deployed },
  recovery_time: RECOVERED,
  time_to_recovery: RECOVERED,
  change_fail_rate: {
    counts: verdicts => verdicts.judged,
    weight: verdicts => Number(verdicts.failed),
  },
  rework_rate: {
    counts: verdicts => verdicts.reworkJudged,
    weight: verdicts => Number(verdicts.rework),
  },
  deployment_duration: {
    counts: verdicts => verdicts.durationMs !== undefined,
    weight: verdicts => verdicts.durationMs ?? 0,
  },
  deployment_success_rate: {
    counts: verdicts => verdicts.tried,
    weight: verdicts => Number(!verdicts.succeeded),
  },
  rollback_frequency: { counts: verdicts => verdicts.rolledBack },
};

/**
 * Exactly the rows that a metric is made of, in the order to show them: failed, unplanned and longest first, then the newest. `total` is the
 * `n` of the metric; it is more than the rows only with `leadTimeStart: commit`, where a change has a value for each of its commits.
 */
export function rowsOfMetric<T extends DeploymentRow, C extends ChangeRow>(
  metric: DoraMetricId,
  rows: { deployments: readonly T[]; changes: readonly C[] },
  window: TimeWindow,
): { deployments: T[]; changes: C[]; total: number } {
  if (metric === 'lead_time') {
    const changes = leadRows(rows.changes, window);
    const total = changes.reduce(
      (n, row) => n + row.verdicts.leadsMs.length,
      0,
    );
    return { deployments: [], changes, total };
  }
  const { counts, at = finish, weight = () => 0 } = RULES[metric];
  const deployments = rows.deployments
    .filter(row => counts(row.verdicts) && isWithin(at(row.verdicts), window))
    .sort(
      (a, b) => weight(b.verdicts) - weight(a.verdicts) || newestFirst(a, b),
    );
  return { deployments, changes: [], total: deployments.length };
}

/** Failures of a window (by the finish of the deployment) that have not ended, the longest first. */
export function openFailuresOf<T extends DeploymentRow>(
  rows: readonly T[],
  window: TimeWindow,
): T[] {
  return rows
    .filter(({ verdicts }) => verdicts.open && isWithin(verdicts.at, window))
    .sort((a, b) => newestFirst(b, a));
}

/** Ids of the changes that the median lead time of these changes is made of: one, or the two in the middle. */
export function atMedian(
  changes: readonly ChangeRow[],
  method: PercentileMethod,
): Set<string> {
  const values = changes
    .flatMap(({ change, verdicts }) =>
      verdicts.leadsMs.map(lead => ({ lead, id: change.id })),
    )
    .sort((a, b) => a.lead - b.lead || compareText(a.id, b.id));
  const positions = medianPositions(values.length, method) ?? [];
  return new Set(positions.map(position => values[position].id));
}

function leadRows<C extends ChangeRow>(
  changes: readonly C[],
  window: TimeWindow,
): C[] {
  const longest = ({ verdicts }: C) => verdicts.leadsMs.reduce(maxOf, 0);
  return changes
    .filter(
      ({ verdicts }) =>
        verdicts.leadsMs.length > 0 && isWithin(verdicts.at, window),
    )
    .sort(
      (a, b) =>
        longest(b) - longest(a) ||
        (b.verdicts.at ?? 0) - (a.verdicts.at ?? 0) ||
        compareText(a.change.id, b.change.id) ||
        compareText(a.change.service, b.change.service),
    );
}

function finish(verdicts: DeploymentVerdicts): number | undefined {
  return verdicts.at;
}

function newestFirst(a: DeploymentRow, b: DeploymentRow): number {
  return (
    (b.verdicts.at ?? 0) - (a.verdicts.at ?? 0) ||
    compareText(a.deployment.id, b.deployment.id) ||
    compareText(a.deployment.service, b.deployment.service)
  );
}

function maxOf(a: number, b: number): number {
  return Math.max(a, b);
}
