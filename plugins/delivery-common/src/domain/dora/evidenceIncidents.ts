import type { Finding } from './evidenceFinding';
import { incidentName, spanText } from './evidenceText';
import { isTime, liveAt } from './evidenceTimes';
import type { DoraDeployment, DoraIncident } from './linked';

/** Failures that incidents are evidence of: E4 where one names the deployment, E7 where only time speaks for it. */
export function incidentFindings(
  deployments: DoraDeployment[],
  incidents: DoraIncident[],
): Finding[] {
  const byId = new Map(deployments.map(each => [each.id, each]));
  return incidents.flatMap(incident => {
    const deployment = byId.get(incident.deploymentId ?? '');
    return deployment ? [findingOf(incident, deployment)] : [];
  });
}

function findingOf(
  incident: DoraIncident,
  deployment: DoraDeployment,
): Finding {
  const named = incident.how === 'named';
  const name = incidentName(incident);
  return {
    deploymentId: deployment.id,
    noticedAt: incident.startedAt,
    evidence: {
      code: named ? 'incident_named' : 'incident_by_time',
      at: incident.startedAt,
      confidence: named ? 'high' : 'low',
      inferred: !named,
      text: named
        ? `${name} names what this deployment brought`
        : `${name} began${laterText(incident, deployment)} (inferred)`,
      url: incident.url,
      ref: incident.id,
    },
  };
}

function laterText(incident: DoraIncident, deployment: DoraDeployment): string {
  const at = liveAt(deployment);
  if (!isTime(at) || !isTime(incident.startedAt)) return '';
  return ` ${spanText(Math.max(0, incident.startedAt - at))} later`;
}
