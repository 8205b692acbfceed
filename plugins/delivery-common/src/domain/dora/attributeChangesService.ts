import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import type { DirectCommits } from './attributeChangesDirect';
import { batchLeftOut, changeLeftOut } from './attributeChangesFacts';
import type { ChangeFact, CommitFact, Instant } from './facts';
import type { History } from './history';
import { leadOf } from './leadOf';
import type { DoraChange, DoraDeployment, Excluded } from './linked';
import { matchesGlob } from './matchesGlob';

/** One service and what may be its changes. */
export interface ServiceInput {
  service: string;
  paths?: string[];
  /** Oldest first. */
  deployments: DoraDeployment[];
  changes: ChangeFact[];
  /** True of a change that may be of other services as well. */
  isShared: (change: ChangeFact) => boolean;
  history: History;
  commits: ReadonlyMap<string, CommitFact>;
  direct: DirectCommits;
  settings: DoraSettings;
}

/** What a deployment brought. */
interface Batch {
  shas: ReadonlySet<string>;
  /** `none`: nobody knows what was there before. */
  base: 'known' | 'none' | 'unknown' | 'incomplete';
  warnings: string[];
}

function batchOf(
  { sha, hints }: DoraDeployment,
  last: { sha?: string; gap: boolean } | undefined,
  history: History,
): Batch {
  const warnings = last?.gap ? ['base_uncertain'] : [];
  const listed = hints.commits && new Set(hints.commits);
  if (sha === undefined) {
    return listed
      ? { shas: listed, base: 'known', warnings: [] }
      : { shas: new Set(), base: 'unknown', warnings: [] };
  }
  if (last?.sha === undefined) {
    if (listed) return { shas: listed, base: 'known', warnings: [] };
    const all = history.between(undefined, sha)?.shas;
    return { shas: new Set([...(all ?? []), sha]), base: 'none', warnings };
  }
  const span = history.between(last.sha, sha);
  if (span) {
    const base = span.complete ? 'known' : 'incomplete';
    return { shas: span.shas, base, warnings };
  }
  // At least its own commit is in it.
  return listed
    ? { shas: listed, base: 'known', warnings }
    : { shas: new Set([sha]), base: 'unknown', warnings };
}

type Finished = DoraDeployment & { finishedAt: Instant };

/** Books every change to one deployment at most. */
class Ledger {
  readonly #input: ServiceInput;
  readonly #byMerge = new Map<string, ChangeFact[]>();
  /** Commits that some deployment before had: what they belong to never moves. */
  readonly #seen = new Set<string>();
  readonly #settled = new Set<string>();
  readonly #changes: DoraChange[] = [];
  readonly #excluded: Excluded[] = [];
  #first?: Finished;
  readonly #unknown: Finished[] = [];

  constructor(input: ServiceInput) {
    this.#input = input;
    for (const change of input.changes) {
      const same = this.#byMerge.get(change.mergeSha);
      if (same) same.push(change);
      else this.#byMerge.set(change.mergeSha, [change]);
    }
  }

  /** @returns ids of the changes that this deployment was the first to bring */
  book(deployment: Finished, batch: Batch): string[] {
    const shas = new Set([...batch.shas].filter(sha => !this.#seen.has(sha)));
    for (const sha of shas) this.#seen.add(sha);
    const { changes: direct, unknown } = this.#direct(deployment, batch, shas);
    const told = [...shas].flatMap(sha => this.#byMerge.get(sha) ?? []);
    const fresh = [...told, ...direct].filter(
      ({ id }) => !this.#settled.has(id),
    );
    for (const { id } of fresh) this.#settled.add(id);
    const own = fresh.filter(change => this.#touches(change, deployment));
    this.#tell(deployment, batch, { own: own.length, unknown });
    if (batch.base === 'none') {
      for (const change of own) this.#noBase(change, deployment);
      return [];
    }
    for (const change of own) {
      this.#changes.push(this.#linked(change, deployment, batch.warnings));
    }
    return own.map(({ id }) => id);
  }

  /** What is in no deployment. */
  close(): { changes: DoraChange[]; excluded: Excluded[] } {
    const first = this.#first;
    for (const change of this.#input.changes) {
      if (this.#settled.has(change.id) || !this.#touches(change)) continue;
      this.#settled.add(change.id);
      const mergedAt = change.mergedAt ?? Infinity;
      const unknown = this.#unknown.find(each => each.finishedAt >= mergedAt);
      if (first && mergedAt <= (first.startedAt ?? first.finishedAt)) {
        this.#noBase(change, first);
      } else if (unknown) {
        const detail = 'a deployment after it may have brought it';
        this.#leaveOut(change, 'commits_unknown', unknown, detail);
      } else {
        this.#changes.push(this.#linked(change));
      }
    }
    return { changes: this.#changes, excluded: this.#excluded };
  }

  #direct({ sha }: Finished, { base }: Batch, shas: ReadonlySet<string>) {
    // The whole history before the first deployment is no list of changes.
    if (base === 'none') return { changes: [], unknown: 0 };
    const found = this.#input.direct.in(sha ?? '', shas);
    return base === 'unknown' ? { ...found, unknown: 0 } : found;
  }

  #tell(
    deployment: Finished,
    { base }: Batch,
    { own, unknown }: { own: number; unknown: number },
  ): void {
    if (base === 'none') {
      const { sha = '' } = deployment;
      const whole = this.#input.history.between(undefined, sha)?.complete;
      if (!whole) this.#first ??= deployment;
      if (own > 0) return;
      const detail = 'the first that is known: nobody can say what it brought';
      this.#excluded.push(batchLeftOut(deployment, 'no_base', detail));
    } else if (base === 'unknown') {
      this.#unknown.push(deployment);
      const detail = 'what lies between it and the one before is not known';
      this.#excluded.push(batchLeftOut(deployment, 'commits_unknown', detail));
    } else if (base === 'incomplete') {
      const detail = 'only part of what it brought is known';
      this.#excluded.push(batchLeftOut(deployment, 'list_incomplete', detail));
    }
    if (unknown === 0) return;
    const detail = `${unknown} of its commits ${
      unknown === 1 ? 'is' : 'are'
    } not known`;
    this.#excluded.push(batchLeftOut(deployment, 'commits_unknown', detail));
  }

  /** False: all of it lies in other parts of the repository; then it is listed. */
  #touches(change: ChangeFact, deployment?: Finished): boolean {
    const { paths } = this.#input;
    const { files } = change;
    if (!paths || paths.length === 0 || !files) return true;
    if (files.some(file => paths.some(path => matchesGlob(path, file)))) {
      return true;
    }
    this.#leaveOut(change, 'other_paths', deployment);
    return false;
  }

  #noBase(change: ChangeFact, deployment: Finished): void {
    const detail = 'in the first deployment that is known, or before it';
    this.#leaveOut(change, 'no_base', deployment, detail);
  }

  #leaveOut(
    change: ChangeFact,
    reason: Excluded['reason'],
    deployment?: Finished,
    detail?: string,
  ): void {
    const { service } = this.#input;
    const at = deployment?.finishedAt;
    this.#excluded.push(changeLeftOut(change, reason, detail, { service, at }));
  }

  #linked(
    change: ChangeFact,
    deployment?: Finished,
    warnings: string[] = [],
  ): DoraChange {
    const { service, paths, isShared, settings, commits } = this.#input;
    const lead = leadOf(change, deployment?.finishedAt, settings, commits);
    const all = [...warnings, ...lead.warnings];
    if (paths?.length && !change.files) all.push('paths_unknown');
    if (!paths?.length && isShared(change)) all.push('no_paths');
    return {
      ...change,
      service,
      ...(deployment && {
        deploymentId: deployment.id,
        deployedAt: deployment.finishedAt,
      }),
      ...lead,
      rolledBack: false,
      warnings: all.sort(compareText),
    };
  }
}

/** As `attributeChanges`, of one service; deployments stay in order. */
export function attributeService(input: ServiceInput): {
  deployments: DoraDeployment[];
  changes: DoraChange[];
  excluded: Excluded[];
} {
  const ledger = new Ledger(input);
  const lasts = new Map<string, { sha?: string; gap: boolean }>();
  const deployments = input.deployments.map(deployment => {
    const { outcome, kind, finishedAt, sha, environment } = deployment;
    if (outcome !== 'succeeded' || kind === 'rollback') return deployment;
    if (finishedAt === undefined) return deployment;
    const place = input.settings.perEnvironment ? environment : '';
    const last = lasts.get(place);
    const batch = batchOf(deployment, last, input.history);
    lasts.set(place, sha ? { sha, gap: false } : { ...last, gap: true });
    const changes = ledger.book({ ...deployment, finishedAt }, batch);
    return {
      ...deployment,
      changes: changes.sort(compareText),
      ...(batch.base === 'none' && {
        hints: { ...deployment.hints, noBase: true },
      }),
    };
  });
  return { deployments, ...ledger.close() };
}
