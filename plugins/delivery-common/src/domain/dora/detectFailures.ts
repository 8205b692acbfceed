import { EVIDENCE_CODES } from '../../contract';
import type { DoraSettings, EvidenceCode } from '../../contract';
import { canonical, compareText } from '../canonical';
import { changeFindings } from './evidenceChanges';
import type { Finding } from './evidenceFinding';
import { incidentFindings } from './evidenceIncidents';
import { overridesOf, personsWord } from './evidenceOverrides';
import { ownFindings } from './evidenceOwn';
import { rollbacksOf } from './evidenceRollbacks';
import {
  earliest,
  isTime,
  liveAt,
  rolloutAt,
  sequencesOf,
  wasInProduction,
} from './evidenceTimes';
import type { OverrideFact } from './facts';
import type { History } from './history';
import type {
  DoraChange,
  DoraDeployment,
  DoraIncident,
  FailureEvidence,
} from './linked';

/** Most pieces of evidence that are kept of one deployment: a hundred reverts say no more than twenty. */
const MAX_EVIDENCE = 20;

/** Which setting lets which evidence count; E1 to E8 in order. */
const SWITCHES: Partial<Record<EvidenceCode, keyof DoraSettings['evidence']>> =
  {
    runtime_rollback: 'runtimeRollback',
    check_failed: 'checkFailed',
    rolled_back: 'rolledBack',
    incident_named: 'incidentNamed',
    reverted: 'reverted',
    hotfixed: 'hotfixed',
    incident_by_time: 'incidentByTime',
    deployment_failed: 'deploymentFailed',
  };

/**
 * Says which deployments failed, on what evidence, since when, and when somebody knew. A deployment fails at most once, however much
 * evidence there is; a person's word beats all of it. What never reached production does not fail. Moments are epoch milliseconds.
 *
 * @returns copies with `failed`, `evidence`, `failedAt`, `detectedAt`, `removes`, `rolledBack` and `provisionalUntil` told
 */
export function detectFailures(input: {
  deployments: DoraDeployment[];
  changes: DoraChange[];
  incidents: DoraIncident[];
  overrides: OverrideFact[];
  history: History;
  settings: DoraSettings;
  asOf: number;
}): DoraDeployment[] {
  const { deployments, settings } = input;
  const findings = new Map<string, Finding[]>();
  const removes = new Map<string, string[]>();
  const add = (found: Finding[]) => {
    for (const finding of found) {
      const known = findings.get(finding.deploymentId);
      if (known) known.push(finding);
      else findings.set(finding.deploymentId, [finding]);
    }
  };
  add(deployments.flatMap(ownFindings));
  for (const part of byService(input)) {
    add(incidentFindings(part.deployments, part.incidents));
    add(changeFindings({ ...input, ...part }));
  }
  for (const sequence of sequencesOf(deployments, settings)) {
    const told = rollbacksOf(sequence, input);
    add(told.findings);
    for (const [id, ids] of told.removes) removes.set(id, ids);
  }
  const { last } = overridesOf(input);
  const rolledBack = new Set([...removes.values()].flat());
  return deployments.map(deployment => ({
    ...unjudged(deployment),
    ...judged({
      deployment,
      findings: findings.get(deployment.id) ?? [],
      override: last.get(deployment.id),
      settings,
    }),
    removes: removes.get(deployment.id) ?? [],
    rolledBack: rolledBack.has(deployment.id),
    provisionalUntil: provisionalUntil(deployment, settings),
  }));
}

/** Evidence that makes a deployment a failed one: what no person and no setting overrules. */
export function countingEvidence(
  evidence: readonly FailureEvidence[],
  settings: DoraSettings,
): FailureEvidence[] {
  if (evidence.some(({ code }) => code === 'marked_not_failed')) return [];
  return evidence.filter(({ code }) => {
    const word = SWITCHES[code];
    return word ? settings.evidence[word] : code === 'marked_failed';
  });
}

function judged(input: {
  deployment: DoraDeployment;
  findings: Finding[];
  override: OverrideFact | undefined;
  settings: DoraSettings;
}): Pick<DoraDeployment, 'failed' | 'evidence' | 'failedAt' | 'detectedAt'> {
  const { deployment, override, settings } = input;
  const findings = [...input.findings].sort(byStrength);
  const word = override && personsWord(override);
  const told = [
    ...(word ? [word] : []),
    ...findings.map(each => withoutGaps(each.evidence)),
  ].slice(0, MAX_EVIDENCE);
  const counting = countingEvidence(told, settings);
  const evidence = told.map(each =>
    counting.includes(each) || each === word
      ? each
      : { ...each, overruled: true as const },
  );
  if (counting.length === 0) return { failed: false, evidence };
  const codes = new Set(counting.map(({ code }) => code));
  const failedAt =
    codes.has('runtime_rollback') || codes.has('deployment_failed')
      ? rolloutAt(deployment)
      : liveAt(deployment);
  if (!isTime(failedAt)) return { failed: true, evidence };
  const noticed = findings
    .filter(each => codes.has(each.evidence.code))
    .map(each => each.noticedAt)
    .filter(isTime);
  // Nobody knows of a failure before it is there.
  const detectedAt =
    earliest(noticed.filter(at => at >= failedAt)) ??
    (noticed.length > 0 ? failedAt : undefined);
  return {
    ...{ failed: true, evidence, failedAt },
    ...(detectedAt !== undefined && { detectedAt }),
  };
}

/** Without what an earlier judgement said of its failure. */
function unjudged(deployment: DoraDeployment): DoraDeployment {
  const left = { ...deployment };
  delete left.failedAt;
  delete left.detectedAt;
  delete left.recoveredAt;
  delete left.recoveryMs;
  delete left.recovery;
  return left;
}

/** Strongest first, then in order of time. */
function byStrength(a: Finding, b: Finding): number {
  return (
    rankOf(a) - rankOf(b) ||
    (a.evidence.at ?? 0) - (b.evidence.at ?? 0) ||
    compareText(a.evidence.ref ?? '', b.evidence.ref ?? '') ||
    compareText(canonical(a), canonical(b))
  );
}

function rankOf({ evidence }: Finding): number {
  return EVIDENCE_CODES.indexOf(evidence.code);
}

/** Without keys that have no value, as it comes back from a database. */
function withoutGaps(evidence: FailureEvidence): FailureEvidence {
  const { at, url, ...rest } = evidence;
  return { ...rest, ...(isTime(at) && { at }), ...(url && { url }) };
}

/** A window without an end would keep everything provisional for ever; it is left out. */
function provisionalUntil(
  deployment: DoraDeployment,
  { evidence, windows }: DoraSettings,
): number | undefined {
  const { finishedAt } = deployment;
  if (!isTime(finishedAt) || !wasInProduction(deployment)) return undefined;
  const open = [
    evidence.rolledBack ? windows.rollbackMs : null,
    evidence.reverted ? windows.revertMs : null,
    evidence.hotfixed ? windows.hotfixMs : null,
    evidence.incidentByTime ? windows.incidentMs : null,
  ].filter((ms): ms is number => ms !== null);
  return open.length === 0 ? undefined : finishedAt + Math.max(...open);
}

function byService(input: {
  deployments: DoraDeployment[];
  changes: DoraChange[];
  incidents: DoraIncident[];
}) {
  const parts = new Map<
    string,
    {
      deployments: DoraDeployment[];
      changes: DoraChange[];
      incidents: DoraIncident[];
    }
  >();
  for (const deployment of input.deployments) {
    const part = parts.get(deployment.service);
    if (part) part.deployments.push(deployment);
    else {
      const { service } = deployment;
      const empty = { changes: [], incidents: [] };
      parts.set(service, { deployments: [deployment], ...empty });
    }
  }
  for (const change of input.changes) {
    parts.get(change.service)?.changes.push(change);
  }
  for (const incident of input.incidents) {
    parts.get(incident.service ?? '')?.incidents.push(incident);
  }
  return parts.values();
}
