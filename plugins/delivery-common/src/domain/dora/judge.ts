import type { DoraSettings } from '../../contract';
import { detectFailures } from './detectFailures';
import { overridesOf } from './evidenceOverrides';
import type { IncidentFact, OverrideFact } from './facts';
import { findRecoveries } from './findRecoveries';
import type { History } from './history';
import type {
  DoraChange,
  DoraDeployment,
  DoraIncident,
  Excluded,
} from './linked';
import { matchIncidents } from './matchIncidents';
import { tellRework } from './tellRework';

/**
 * Judges deployments that have their changes: which incident is of which, what failed and on what evidence, when that was over, and what was
 * rework. The order of the facts plays no part. Moments are epoch milliseconds.
 *
 * @param input - production deployments with kinds and changes told, of any number of services
 */
export function judge(input: {
  deployments: DoraDeployment[];
  changes: DoraChange[];
  incidents: IncidentFact[];
  overrides: OverrideFact[];
  history: History;
  settings: DoraSettings;
  asOf: number;
}): {
  deployments: DoraDeployment[];
  /** With `rolledBack` told. */
  changes: DoraChange[];
  incidents: DoraIncident[];
  excluded: Excluded[];
} {
  const { changes, settings } = input;
  const matched = matchIncidents(input);
  const { incidents } = matched;
  const context = { changes, incidents, settings };
  const failed = detectFailures({ ...input, incidents });
  const deployments = tellRework(findRecoveries(failed, context), context);
  const rolledBack = new Set(
    deployments.filter(each => each.rolledBack).map(({ id }) => id),
  );
  return {
    deployments,
    changes: changes.map(change => ({
      ...change,
      rolledBack: rolledBack.has(change.deploymentId ?? ''),
    })),
    incidents,
    excluded: [...matched.excluded, ...overridesOf(input).excluded],
  };
}
