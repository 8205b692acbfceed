import { compareText } from '../canonical';
import type { ChangeFact, CommitFact } from './facts';
import { revertsOf } from './references';

/** A rebase writes its commits when the pull request is merged, give or take what clocks differ. */
const REBASE_MS = 5 * 60_000;

/** Finds commits that reached the branch without a pull request. */
export class DirectCommits {
  readonly #commits: ReadonlyMap<string, CommitFact>;
  readonly #byMerge = new Map<string, ChangeFact[]>();
  /** Commits that are part of some change. */
  readonly #parts = new Set<string>();

  constructor(changes: ChangeFact[], commits: ReadonlyMap<string, CommitFact>) {
    this.#commits = commits;
    for (const change of changes) {
      const { mergeSha } = change;
      const same = this.#byMerge.get(mergeSha) ?? [];
      this.#byMerge.set(mergeSha, [...same, change]);
      this.#parts.add(mergeSha);
      for (const { sha } of change.commits ?? []) this.#parts.add(sha);
    }
  }

  /**
   * @param head - newest of `shas`
   * @returns changes made of commits that belong to none, and how many commits nothing is known of
   */
  in(
    head: string,
    shas: ReadonlySet<string>,
  ): { changes: ChangeFact[]; unknown: number } {
    const mainLine = this.#mainLine(head, shas);
    const rebased = this.#rebasedIn(shas);
    const rest = [...shas].filter(sha => !this.#parts.has(sha));
    const changes: ChangeFact[] = [];
    for (const sha of rest.sort(compareText)) {
      const commit = this.#commits.get(sha);
      if (!commit || (mainLine && !mainLine.has(sha))) continue;
      if (rebased(commit)) continue;
      const isMerge = (commit.parents ?? []).length > 1;
      // Without the line of the branch nobody knows what a merge brought; its commits are there themselves.
      if (isMerge && !mainLine) continue;
      const brought = isMerge ? this.#brought(commit, shas, mainLine) : [];
      changes.push(toChange(commit, brought));
    }
    return {
      changes,
      unknown: rest.filter(sha => !this.#commits.has(sha)).length,
    };
  }

  /** What reached the branch one after the other; undefined when it is not known down to the base. */
  #mainLine(
    head: string,
    shas: ReadonlySet<string>,
  ): ReadonlySet<string> | undefined {
    const line = new Set<string>();
    let at: string | undefined = head;
    while (at !== undefined && shas.has(at) && !line.has(at)) {
      line.add(at);
      const parents: string[] | undefined = this.#commits.get(at)?.parents;
      if (!parents) return undefined;
      at = parents.at(0);
    }
    return line.size > 0 ? line : undefined;
  }

  /** Recognises commits that a pull request brought rewritten: who wrote them when stays. */
  #rebasedIn(shas: ReadonlySet<string>): (commit: CommitFact) => boolean {
    const merges = new Map<number, number[]>();
    for (const sha of shas) {
      for (const { commits, mergedAt } of this.#byMerge.get(sha) ?? []) {
        if (mergedAt === undefined) continue;
        for (const { authoredAt } of commits ?? []) {
          if (authoredAt === undefined) continue;
          merges.set(authoredAt, [...(merges.get(authoredAt) ?? []), mergedAt]);
        }
      }
    }
    return ({ authoredAt, committedAt }) =>
      authoredAt !== undefined &&
      committedAt !== undefined &&
      (merges.get(authoredAt) ?? []).some(
        at => Math.abs(at - committedAt) <= REBASE_MS,
      );
  }

  /** What a merge without a pull request brought besides itself; what is a change of its own stays one. */
  #brought(
    merge: CommitFact,
    shas: ReadonlySet<string>,
    mainLine: ReadonlySet<string> | undefined,
  ): CommitFact[] {
    const open = new Set((merge.parents ?? []).slice(1));
    const found: CommitFact[] = [];
    for (const sha of open) {
      const commit = this.#commits.get(sha);
      if (!commit || !shas.has(sha) || mainLine?.has(sha)) continue;
      if (!this.#parts.has(sha)) found.push(commit);
      for (const parent of commit.parents ?? []) open.add(parent);
    }
    return found;
  }
}

function toChange(commit: CommitFact, brought: CommitFact[]): ChangeFact {
  const { sha, title, message, author, committedAt, url } = commit;
  const subject = title ?? message?.split('\n', 1)[0];
  const all = [...brought, commit];
  const files = all.every(each => each.files)
    ? [...new Set(all.flatMap(each => each.files ?? []))].sort(compareText)
    : undefined;
  const closes = [...new Set(all.flatMap(each => each.closes ?? []))];
  return {
    ...{ id: `commit:${sha}`, kind: 'commit', mergeSha: sha },
    ...(url !== undefined && { url }),
    ...(closes.length > 0 && { closes: closes.sort(compareText) }),
    ...(subject !== undefined && { title: subject }),
    ...(author !== undefined && { author }),
    ...(author?.endsWith('[bot]') && { isBot: true }),
    commits: all.map(each => ({
      sha: each.sha,
      ...(each.authoredAt !== undefined && { authoredAt: each.authoredAt }),
      ...(each.committedAt !== undefined && { committedAt: each.committedAt }),
    })),
    ...(committedAt !== undefined && { mergedAt: committedAt }),
    ...(files && { files }),
    reverts: revertsOf(subject, message),
  };
}
