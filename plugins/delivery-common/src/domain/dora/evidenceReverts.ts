import { compareText } from '../canonical';
import { byFinish } from './evidenceTimes';
import type { DoraChange, DoraDeployment } from './linked';
import { isReapply, revertedTitle, revertsOf } from './references';

const SHORT = 7;

/** True for a change that takes something back; what brings back what had been reverted takes nothing back. */
export function isRevert(change: DoraChange): boolean {
  if (isReapply(change.title)) return false;
  return (
    (change.reverts?.shas ?? []).length > 0 ||
    (change.reverts?.numbers ?? []).length > 0 ||
    revertedTitle(change.title) !== undefined
  );
}

/** Finds which deployments first brought what reverts take back. */
export class RevertTargets {
  readonly #byNumber = new Map<number, string>();
  readonly #byShort = new Map<
    string,
    { sha: string; deploymentId: string }[]
  >();
  /** Deployed changes of a title, by time. */
  readonly #byTitle = new Map<string, { at: number; change: DoraChange }[]>();

  /** @param facts - of one service */
  constructor(facts: { deployments: DoraDeployment[]; changes: DoraChange[] }) {
    for (const change of [...facts.changes].sort(byDeployment)) {
      this.#add(change);
    }
    for (const { id, sha, kind } of byFinish(facts.deployments)) {
      if (kind !== 'rollback' && kind !== 'redeploy') this.#addSha(sha, id);
    }
  }

  /** Ids of deployments, in order. Numbers and SHAs are believed before titles. */
  of(revert: DoraChange): string[] {
    const told = revertsOf(revert.title, undefined);
    const numbers = [...(revert.reverts?.numbers ?? []), ...told.numbers];
    const shas = revert.reverts?.shas ?? [];
    const found = [
      ...numbers.map(number => this.#byNumber.get(number)),
      ...shas.map(sha => this.#withSha(sha)),
    ].filter((id): id is string => id !== undefined);
    const ids = found.length > 0 ? found : this.#withTitle(revert);
    return [...new Set(ids)].sort(compareText);
  }

  /** True when everything it takes back was deployed with it or after it: nobody ever had it. */
  isOfNothingDeployed(revert: DoraChange): boolean {
    const ids = this.of(revert);
    return ids.length > 0 && ids.every(id => id === revert.deploymentId);
  }

  #withSha(named: string): string | undefined {
    const sha = named.toLowerCase();
    if (sha.length < SHORT) return undefined;
    return this.#byShort
      .get(sha.slice(0, SHORT))
      ?.find(each => each.sha.startsWith(sha))?.deploymentId;
  }

  /** The last change so called that was deployed no later than the revert. */
  #withTitle(revert: DoraChange): string[] {
    const title = revertedTitle(revert.title);
    const at = revert.deployedAt;
    if (title === undefined || at === undefined) return [];
    const before = (this.#byTitle.get(title) ?? [])
      .filter(each => each.at <= at && each.change.id !== revert.id)
      .sort((a, b) => b.at - a.at || compareText(b.change.id, a.change.id));
    return before[0] ? [before[0].change.deploymentId!] : [];
  }

  #add(change: DoraChange) {
    const { deploymentId, deployedAt, number, title } = change;
    if (deploymentId === undefined) return;
    if (number !== undefined && !this.#byNumber.has(number)) {
      this.#byNumber.set(number, deploymentId);
    }
    this.#addSha(change.mergeSha, deploymentId);
    for (const { sha } of change.commits ?? []) this.#addSha(sha, deploymentId);
    if (title && deployedAt !== undefined) {
      const entry = { at: deployedAt, change };
      const entries = this.#byTitle.get(title);
      if (entries) entries.push(entry);
      else this.#byTitle.set(title, [entry]);
    }
  }

  #addSha(text: string | undefined, deploymentId: string) {
    const sha = (text ?? '').toLowerCase();
    if (sha.length < SHORT) return;
    const entries = this.#byShort.get(sha.slice(0, SHORT));
    if (entries) entries.push({ sha, deploymentId });
    else this.#byShort.set(sha.slice(0, SHORT), [{ sha, deploymentId }]);
  }
}

/** First deployed first; of equal names the first one is meant. */
function byDeployment(a: DoraChange, b: DoraChange): number {
  return (a.deployedAt ?? 0) - (b.deployedAt ?? 0) || compareText(a.id, b.id);
}
