import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import {
  isTime,
  liveAt,
  positionAfter,
  wasInProduction,
} from './evidenceTimes';
import type { IncidentFact } from './facts';
import type { DoraChange, DoraDeployment } from './linked';

/** Shortest SHA that is taken for one. */
const SHORT = 7;

/** What an incident of a service may be a failure of: what changed production, found by time or by name. */
export class Suspects {
  /** What an incident may be laid to by time alone, by the moment users had it. */
  readonly #byTime: { at: number; deployment: DoraDeployment }[];
  readonly #byId = new Map<string, DoraDeployment[]>();
  readonly #byRun = new Map<string, DoraDeployment[]>();
  readonly #byShort = new Map<
    string,
    { sha: string; deployment: DoraDeployment }[]
  >();
  readonly #byNumber = new Map<number, DoraDeployment[]>();

  /** @param options - of one service */
  constructor(options: {
    deployments: DoraDeployment[];
    changes: DoraChange[];
    settings: DoraSettings;
  }) {
    const { settings } = options;
    const deployments = options.deployments.filter(wasInProduction);
    this.#byTime = deployments
      // What only goes back brings nothing that could be at fault, unless rollbacks are deployments as all others are.
      .filter(({ kind }) => kind !== 'rollback' || settings.includeRollbacks)
      .flatMap(deployment => {
        const at = liveAt(deployment);
        return isTime(at) ? [{ at, deployment }] : [];
      })
      .sort(
        (a, b) => a.at - b.at || compareText(a.deployment.id, b.deployment.id),
      );
    const byId = new Map(deployments.map(each => [each.id, each]));
    for (const deployment of deployments) this.#addDeployment(deployment);
    for (const change of options.changes) {
      const deployment = byId.get(change.deploymentId ?? '');
      if (deployment) this.#addChange(change, deployment);
    }
  }

  /** The last one that users had at that moment. */
  before(at: number): { at: number; deployment: DoraDeployment } | undefined {
    return this.#byTime[positionAfter(this.#byTime, at) - 1];
  }

  /** The last of those that an incident names and that had begun when it did. */
  named(
    names: NonNullable<IncidentFact['names']>,
    startedAt: number,
  ): DoraDeployment | undefined {
    const found = [
      ...(names.deploymentIds ?? []).flatMap(id => this.#byId.get(id) ?? []),
      ...(names.runIds ?? []).flatMap(id => this.#byRun.get(id) ?? []),
      ...(names.shas ?? []).flatMap(sha => this.#withSha(sha)),
      ...(names.numbers ?? []).flatMap(n => this.#byNumber.get(n) ?? []),
    ].flatMap(deployment => {
      const begun = deployment.startedAt ?? deployment.finishedAt;
      const at = deployment.finishedAt ?? begun;
      return isTime(begun) && isTime(at) && begun <= startedAt
        ? [{ at, deployment }]
        : [];
    });
    return found.reduce<(typeof found)[number] | undefined>(
      (last, each) => (last && !isLater(each, last) ? last : each),
      undefined,
    )?.deployment;
  }

  #withSha(named: string): DoraDeployment[] {
    const sha = named.toLowerCase();
    if (sha.length < SHORT) return [];
    const found = (this.#byShort.get(sha.slice(0, SHORT)) ?? [])
      .filter(each => each.sha.startsWith(sha))
      .map(each => each.deployment);
    // A commit is to blame where it came in, not where it was put once more.
    const bringing = found.filter(
      ({ kind }) => kind !== 'redeploy' && kind !== 'rollback',
    );
    return bringing.length > 0 ? bringing : found;
  }

  #addDeployment(deployment: DoraDeployment) {
    const { id, run, sha, sources } = deployment;
    const ids = [id, ...sources.map(source => source.id)];
    for (const each of new Set(ids)) add(this.#byId, each, deployment);
    if (run) add(this.#byRun, run.id, deployment);
    if (sha) this.#addSha(sha, deployment);
  }

  #addChange(change: DoraChange, deployment: DoraDeployment) {
    const shas = (change.commits ?? []).map(commit => commit.sha);
    for (const sha of new Set([change.mergeSha, ...shas])) {
      this.#addSha(sha, deployment);
    }
    if (change.number !== undefined) {
      add(this.#byNumber, change.number, deployment);
    }
  }

  #addSha(text: string, deployment: DoraDeployment) {
    const sha = text.toLowerCase();
    if (sha.length < SHORT) return;
    add(this.#byShort, sha.slice(0, SHORT), { sha, deployment });
  }
}

function isLater(
  a: { at: number; deployment: DoraDeployment },
  b: { at: number; deployment: DoraDeployment },
): boolean {
  return (a.at - b.at || compareText(a.deployment.id, b.deployment.id)) > 0;
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V) {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
