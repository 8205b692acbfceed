import type { DoraSettings } from '../../contract';
import { countingEvidence } from './detectFailures';
import { NextDeployments } from './evidenceNext';
import { isTime, retriedAttempt, sequencesOf } from './evidenceTimes';
import type {
  DoraDeployment,
  DoraIncident,
  FailureEvidence,
  Recovery,
} from './linked';

interface Candidate {
  at: number;
  recovery: Recovery;
}

/**
 * Says when each failure was over: the earliest of the runtime or the run putting the revision before back, a rollback, the next
 * deployment of something else, a later attempt, and the end of its incidents when nothing but incidents speaks for it. A failure
 * that nothing ended stays open: `recoveredAt` is absent, never a guess.
 *
 * @returns copies with `recoveredAt`, `recoveryMs` and `recovery` told
 */
export function findRecoveries(
  deployments: DoraDeployment[],
  context: { incidents: DoraIncident[]; settings: DoraSettings },
): DoraDeployment[] {
  const incidents = incidentsOf(context.incidents);
  const found = new Map<string, Candidate>();
  for (const sequence of sequencesOf(deployments, context.settings)) {
    const next = new NextDeployments(sequence);
    for (const deployment of sequence) {
      if (!deployment.failed || !isTime(deployment.failedAt)) continue;
      const first = firstOf({
        ...{ deployment, failedAt: deployment.failedAt, next },
        incidents: incidents.get(deployment.id) ?? [],
        counting: countingEvidence(deployment.evidence, context.settings),
      });
      if (first) found.set(deployment.id, first);
    }
  }
  return deployments.map(deployment => {
    const first = found.get(deployment.id);
    return first ? recovered(deployment, first) : deployment;
  });
}

function recovered(
  deployment: DoraDeployment,
  { at, recovery }: Candidate,
): DoraDeployment {
  const { detectedAt } = deployment;
  return {
    ...deployment,
    recoveredAt: at,
    recoveryMs: at - deployment.failedAt!,
    recovery,
    // An incident may be written down when all is over; what ended the failure shows that somebody knew.
    ...(isTime(detectedAt) && { detectedAt: Math.min(detectedAt, at) }),
  };
}

/** The earliest end that is not before the failure; of equal ones the most direct. */
function firstOf(input: {
  deployment: DoraDeployment;
  failedAt: number;
  next: NextDeployments;
  incidents: DoraIncident[];
  counting: FailureEvidence[];
}): Candidate | undefined {
  const { deployment, failedAt } = input;
  const codes = new Set(input.counting.map(({ code }) => code));
  const onlyIncidents =
    codes.size > 0 &&
    [...codes].every(
      code => code === 'incident_named' || code === 'incident_by_time',
    );
  const sameAgain =
    codes.has('runtime_rollback') || codes.has('deployment_failed');
  return [
    ...byItself(deployment, failedAt),
    ...(sameAgain || codes.has('check_failed') ? byAttempt(deployment) : []),
    ...byNext(input.next.after(deployment, sameAgain)),
    ...(onlyIncidents ? byIncidents(input.incidents, input.counting) : []),
  ]
    .filter(({ at }) => at >= failedAt)
    .reduce<Candidate | undefined>(
      (first, each) => (first && first.at <= each.at ? first : each),
      undefined,
    );
}

/** The runtime, or the same run, put the revision before back. */
function byItself(
  { id, url, hints, outcome, finishedAt }: DoraDeployment,
  failedAt: number,
): Candidate[] {
  const { runtimeRollback, putBack } = hints;
  // What failed ended with being put back. The end is not taken where it is the only moment that is known.
  const end =
    outcome === 'failed_in_production' &&
    isTime(finishedAt) &&
    finishedAt > failedAt
      ? finishedAt
      : undefined;
  const found: Candidate[] = [];
  const at = runtimeRollback?.finishedAt ?? end;
  if (runtimeRollback?.ok && isTime(at)) {
    const link = runtimeRollback.url ?? url;
    found.push({
      at,
      recovery: { by: 'runtime_rollback', ref: id, ...(link && { url: link }) },
    });
  }
  const back = putBack?.at ?? end;
  if (putBack?.ok && isTime(back)) {
    const recovery: Recovery = { by: 'run_rollback', ref: id };
    found.push({ at: back, recovery: { ...recovery, ...(url && { url }) } });
  }
  return found;
}

function byAttempt(deployment: DoraDeployment): Candidate[] {
  const { id, url } = deployment;
  const at = retriedAttempt(deployment)?.finishedAt;
  return isTime(at)
    ? [{ at, recovery: { by: 'attempt', ref: id, ...(url && { url }) } }]
    : [];
}

function byNext(next: DoraDeployment | undefined): Candidate[] {
  if (!isTime(next?.finishedAt)) return [];
  const { id, url, kind, finishedAt } = next!;
  const by = kind === 'rollback' ? 'rollback' : 'deployment';
  return [{ at: finishedAt!, recovery: { by, ref: id, ...(url && { url }) } }];
}

/** Over when the last of them is; one that is open keeps it open. */
function byIncidents(
  incidents: DoraIncident[],
  counting: FailureEvidence[],
): Candidate[] {
  const refs = new Set(counting.map(({ ref }) => ref));
  const ends = incidents.filter(({ id }) => refs.has(id));
  if (!ends.every(({ resolvedAt }) => isTime(resolvedAt))) return [];
  const last = ends.reduce<DoraIncident | undefined>(
    (a, b) => (a && a.resolvedAt! >= b.resolvedAt! ? a : b),
    undefined,
  );
  if (!last) return [];
  const { id, url, resolvedAt } = last;
  return [
    {
      at: resolvedAt!,
      recovery: { by: 'incident', ref: id, ...(url && { url }) },
    },
  ];
}

function incidentsOf(incidents: DoraIncident[]): Map<string, DoraIncident[]> {
  const byDeployment = new Map<string, DoraIncident[]>();
  for (const incident of incidents) {
    if (incident.deploymentId === undefined) continue;
    const known = byDeployment.get(incident.deploymentId);
    if (known) known.push(incident);
    else byDeployment.set(incident.deploymentId, [incident]);
  }
  return byDeployment;
}
