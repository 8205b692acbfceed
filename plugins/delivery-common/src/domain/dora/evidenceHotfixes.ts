import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import { byFinish, positionAfter, wasInProduction } from './evidenceTimes';
import type { History } from './history';
import type { DoraChange, DoraDeployment, DoraIncident } from './linked';

/** What hotfixes repair. */
export class HotfixTargets {
  readonly #bringing: { at: number; deployment: DoraDeployment }[];
  readonly #incidents: Map<string, string | undefined>;
  readonly #byId: Map<string, DoraDeployment>;
  readonly #history: History;

  /** @param facts - of one service */
  constructor(facts: {
    deployments: DoraDeployment[];
    incidents: DoraIncident[];
    history: History;
    settings: DoraSettings;
  }) {
    const { deployments, incidents, history, settings } = facts;
    this.#bringing = byFinish(
      deployments.filter(
        each =>
          wasInProduction(each) &&
          each.kind !== 'rollback' &&
          (each.kind !== 'redeploy' || settings.includeRedeploys),
      ),
    ).map(deployment => ({ at: deployment.finishedAt, deployment }));
    this.#byId = new Map(deployments.map(each => [each.id, each]));
    this.#incidents = new Map(
      incidents.map(each => [each.id, each.deploymentId]),
    );
    this.#history = history;
  }

  /** The deployment of the incident it closes; otherwise the last one before it that brought something, also when that has gone since. */
  of(change: DoraChange, fix: DoraDeployment): DoraDeployment | undefined {
    for (const id of change.closes ?? []) {
      const closed = this.#byId.get(this.#incidents.get(id) ?? '');
      if (closed) return closed;
    }
    const before = this.#before(fix);
    return before && !this.#isOlderThanBase(before, change)
      ? before
      : undefined;
  }

  #before(fix: DoraDeployment): DoraDeployment | undefined {
    let position = positionAfter(this.#bringing, fix.finishedAt!) - 1;
    // Those that ended at the same moment stand in order of their ids.
    while (
      position >= 0 &&
      this.#bringing[position].at === fix.finishedAt &&
      compareText(this.#bringing[position].deployment.id, fix.id) >= 0
    ) {
      position--;
    }
    return this.#bringing[position]?.deployment;
  }

  /** True when the branch of the hotfix began at something that this deployment did not have. Not known: no. */
  #isOlderThanBase(deployment: DoraDeployment, change: DoraChange): boolean {
    const own = new Set((change.commits ?? []).map(({ sha }) => sha));
    const first = change.commits?.[0]?.sha;
    if (!deployment.sha || !first) return false;
    const above = this.#history.between(deployment.sha, first);
    if (above?.status !== 'ahead' || !above.complete) return false;
    return [...above.shas].some(
      sha => !own.has(sha) && sha !== change.mergeSha,
    );
  }
}
