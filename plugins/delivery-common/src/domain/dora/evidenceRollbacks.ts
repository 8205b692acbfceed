import type { DoraSettings } from '../../contract';
import { shortSha } from '../environments/vendorText';
import type { Finding } from './evidenceFinding';
import { Layers } from './evidenceLayers';
import { spanText } from './evidenceText';
import { byFinish, isWithin, stays } from './evidenceTimes';
import type { History } from './history';
import type { DoraDeployment } from './linked';

type Finished = DoraDeployment & { finishedAt: number };

/** What rollbacks took out, and the failures they are evidence of (E3). */
export interface RolledBack {
  findings: Finding[];
  /** Ids of what each rollback took out, oldest first, by the id of the rollback. */
  removes: Map<string, string[]>;
}

/**
 * Goes through the deployments of one sequence as production did: what stays lies on top of what was before, and a rollback takes off
 * everything above what it goes back to. Only what was live fails by it; the rest of what it takes out is told in `removes`.
 */
export function rollbacksOf(
  sequence: DoraDeployment[],
  context: { history: History; settings: DoraSettings },
): RolledBack {
  const { settings, history } = context;
  const layers = new Layers(history);
  const told: RolledBack = { findings: [], removes: new Map() };
  for (const deployment of byFinish(sequence)) {
    if (deployment.kind === 'rollback' && deployment.outcome === 'succeeded') {
      const taken = layers.goBackTo(deployment);
      const out = taken.filter(({ kind }) => kind !== 'rollback');
      if (out.length > 0) {
        told.removes.set(deployment.id, out.map(({ id }) => id).reverse());
      }
      const finding = evidenceOf(deployment, taken, settings);
      if (finding) told.findings.push(finding);
    } else if (stays(deployment)) {
      layers.put(deployment);
    }
  }
  return told;
}

/** @param taken - what the rollback took out, newest first */
function evidenceOf(
  rollback: Finished,
  taken: Finished[],
  settings: DoraSettings,
): Finding | undefined {
  const live = taken[0];
  if (!live || live.kind === 'rollback') return undefined;
  const failed =
    // A redeployment brought nothing of what was taken out: the one that did is to blame, where redeployments count for nothing.
    live.kind === 'redeploy' && !settings.includeRedeploys
      ? taken.find(each => each.kind !== 'redeploy' && each.sha === live.sha) ??
        live
      : live;
  if (
    !isWithin(
      failed.finishedAt,
      rollback.finishedAt,
      settings.windows.rollbackMs,
    )
  ) {
    return undefined;
  }
  const at = rollback.startedAt ?? rollback.finishedAt;
  const by = rollback.sha ? ` of ${shortSha(rollback.sha)}` : '';
  const after = spanText(rollback.finishedAt - failed.finishedAt);
  return {
    deploymentId: failed.id,
    noticedAt: at,
    evidence: {
      code: 'rolled_back',
      at,
      confidence: 'high',
      inferred: false,
      text: `Rolled back by deployment${by} after ${after}`,
      url: rollback.url,
      ref: rollback.id,
    },
  };
}
