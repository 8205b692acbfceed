import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import type { Finding } from './evidenceFinding';
import { changeName, spanText } from './evidenceText';
import { isTime, isWithin } from './evidenceTimes';
import { HotfixTargets } from './evidenceHotfixes';
import { RevertTargets, isRevert } from './evidenceReverts';
import type { History } from './history';
import type { DoraChange, DoraDeployment, DoraIncident } from './linked';
import { isHotfix } from './references';

interface Input {
  /** Of one service, as are the rest. */
  deployments: DoraDeployment[];
  changes: DoraChange[];
  incidents: DoraIncident[];
  history: History;
  settings: DoraSettings;
}

/** Failures that a later change shows: it takes back what a deployment brought (E5), or repairs in haste what one broke (E6). */
export function changeFindings(input: Input): Finding[] {
  const { windows } = input.settings;
  const byId = new Map(input.deployments.map(each => [each.id, each]));
  const targets = new RevertTargets(input);
  const hotfixes = new HotfixTargets(input);
  return [...input.changes]
    .sort((a, b) => compareText(a.id, b.id))
    .flatMap(change => {
      const fix = byId.get(change.deploymentId ?? '');
      if (!fix || !isTime(fix.finishedAt)) return [];
      const found = (
        code: 'reverted' | 'hotfixed',
        deployment: DoraDeployment | undefined,
        windowMs: number | null,
      ) =>
        deployment && isFixed(deployment, fix, windowMs)
          ? [findingOf(code, change, { deployment, fix })]
          : [];
      if (isRevert(change)) {
        const reverted = targets
          .of(change)
          .flatMap(id => found('reverted', byId.get(id), windows.revertMs));
        // What takes back something that is known repairs that, not the deployment before.
        if (reverted.length > 0) return reverted;
      }
      return isHotfix(change)
        ? found('hotfixed', hotfixes.of(change, fix), windows.hotfixMs)
        : [];
    });
}

function isFixed(
  deployment: DoraDeployment,
  fix: DoraDeployment,
  windowMs: number | null,
): boolean {
  return (
    deployment.id !== fix.id &&
    isTime(deployment.finishedAt) &&
    isWithin(deployment.finishedAt, fix.finishedAt!, windowMs)
  );
}

function findingOf(
  code: 'reverted' | 'hotfixed',
  change: DoraChange,
  { deployment, fix }: { deployment: DoraDeployment; fix: DoraDeployment },
): Finding {
  const after = spanText(fix.finishedAt! - deployment.finishedAt!);
  const name = changeName(change);
  return {
    deploymentId: deployment.id,
    // Who opens the fix knows of the failure.
    noticedAt: change.openedAt ?? change.mergedAt ?? fix.startedAt,
    evidence: {
      code,
      at: fix.finishedAt,
      confidence: 'medium',
      inferred: code === 'hotfixed',
      text:
        code === 'reverted'
          ? `Reverted by ${name} after ${after}`
          : `Hotfix ${name} followed after ${after}`,
      url: change.url,
      ref: change.id,
    },
  };
}
