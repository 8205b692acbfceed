import type {
  DoraChangeRow,
  DoraDeploymentRow,
  DoraExcludedRow,
} from 'backstage-plugin-delivery-common';
import type {
  DoraDeployment,
  Excluded,
} from 'backstage-plugin-delivery-common/domain';
import type { StoredChange, StoredDeployment } from '../../database/DoraStore';

/** Ids that our own pages have: a run of another tool's facts has no page here. */
const RUN_ID = /^[A-Za-z0-9_-]{1,40}\.[0-9]{1,20}$/;

/** A deployment as the pages show it. */
export function toDeploymentRow(
  { deployment: one, verdicts }: StoredDeployment,
  asOf: number,
): DoraDeploymentRow {
  const { service, run, attempts, changes, reworkBecause, recovery } = one;
  return {
    ...{ id: one.id, entityRef: service, environment: one.environment },
    ...{ sha: one.sha, title: one.title, actor: one.actor },
    url: one.url ?? run?.url,
    ...runOf(one),
    ...{ kind: one.kind, outcome: one.outcome, attempts: attempts.length },
    ...{ startedAt: one.startedAt, finishedAt: one.finishedAt },
    ...{ durationMs: one.durationMs, queuedMs: one.queuedMs },
    ...{ waitedMs: one.waitedMs, changes: changes.length },
    failed: verdicts.failed,
    ...{ failedAt: one.failedAt, detectedAt: one.detectedAt },
    ...{ recoveredAt: one.recoveredAt, recoveryMs: one.recoveryMs },
    recoveredBy: recovery?.by,
    ...{ rework: one.rework, reworkBecause: reworkBecause?.text },
    ...{ rolledBack: one.rolledBack },
    provisional: (one.provisionalUntil ?? -Infinity) > asOf,
    evidence: one.evidence.map(item => ({
      ...{ code: item.code, at: item.at, confidence: item.confidence },
      ...{
        inferred: item.inferred,
        overruled: item.overruled,
        text: item.text,
        url: item.url,
      },
      ...{ by: item.by, reason: item.reason },
    })),
  };
}

/** A change as the pages show it. */
export function toChangeRow(
  { change: one }: StoredChange,
  atMedian: ReadonlySet<string>,
): DoraChangeRow {
  return {
    ...{ id: one.id, entityRef: one.service, kind: one.kind },
    ...{ number: one.number, sha: one.mergeSha, title: one.title },
    ...{ author: one.author, url: one.url },
    ...{ startedAt: one.leadStartAt, mergedAt: one.mergedAt },
    ...{ deployedAt: one.deployedAt, deploymentId: one.deploymentId },
    ...{ leadMs: one.leadMs, stages: one.stages },
    ...{ rolledBack: one.rolledBack, warnings: one.warnings },
    atMedian: atMedian.has(one.id),
  };
}

/** Something that was left out, as the pages show it. */
export function toExcludedRow(
  one: Excluded,
  deployment?: DoraDeployment,
): DoraExcludedRow {
  const run = deployment && runOf(deployment);
  return {
    ...{ what: one.what, id: one.id, entityRef: one.service, at: one.at },
    ...{ reason: one.reason, detail: one.detail, title: one.title },
    url: one.url,
    runId: run?.runId,
  };
}

function runOf({
  run,
}: DoraDeployment): Pick<DoraDeploymentRow, 'runId' | 'runNumber'> {
  if (!run) return {};
  return {
    runId: RUN_ID.test(run.id) ? run.id : undefined,
    runNumber: run.number,
  };
}
