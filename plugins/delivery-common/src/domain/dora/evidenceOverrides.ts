import { canonical, compareText } from '../canonical';
import { plain } from '../environments/vendorText';
import { isTime } from './evidenceTimes';
import type { OverrideFact } from './facts';
import type { DoraDeployment, Excluded, FailureEvidence } from './linked';

/**
 * The last word of people on each deployment, by its id. They may name it by the id of any of its sources: which of them gives it its own
 * id can change with what is read later.
 */
export function overridesOf(input: {
  deployments: DoraDeployment[];
  overrides: OverrideFact[];
  /** Epoch milliseconds; what was said later is not believed. */
  asOf: number;
}): { last: Map<string, OverrideFact>; excluded: Excluded[] } {
  const ids = idsOf(input.deployments);
  const last = new Map<string, OverrideFact>();
  const excluded: Excluded[] = [];
  for (const override of [...input.overrides].sort(byTime)) {
    const id = ids.get(override.deploymentId);
    if (!isTime(override.at)) excluded.push(leftOut(override, 'no_time'));
    else if (override.at > input.asOf) {
      excluded.push(leftOut(override, 'future'));
    } else if (id === undefined) {
      excluded.push(leftOut(override, 'unknown_deployment'));
    } else last.set(id, override);
  }
  return { last, excluded };
}

/** Evidence that a person's word is. */
export function personsWord(override: OverrideFact): FailureEvidence {
  const reason = plain(override.reason);
  const verdict = override.verdict === 'failed' ? 'failed' : 'not failed';
  return {
    code: override.verdict === 'failed' ? 'marked_failed' : 'marked_not_failed',
    at: override.at,
    confidence: 'certain',
    inferred: false,
    text: `Marked as ${verdict}${reason ? `: ${reason}` : ''}`,
    by: plain(override.by, 100),
    reason,
  };
}

function idsOf(deployments: DoraDeployment[]): Map<string, string> {
  const ids = new Map<string, string>();
  const sorted = [...deployments].sort((a, b) => compareText(a.id, b.id));
  for (const { id, sources } of sorted) {
    for (const source of sources) {
      if (!ids.has(source.id)) ids.set(source.id, id);
    }
  }
  for (const { id } of sorted) ids.set(id, id);
  return ids;
}

function byTime(a: OverrideFact, b: OverrideFact): number {
  return a.at - b.at || compareText(canonical(a), canonical(b));
}

function leftOut(
  { deploymentId, at, reason: said }: OverrideFact,
  reason: Excluded['reason'],
): Excluded {
  const detail = plain(said);
  return {
    what: 'override',
    id: deploymentId,
    ...(isTime(at) && { at }),
    reason,
    ...(detail && { detail }),
  };
}
