import { canonical, compareText } from '../canonical';
import type { CommitFact } from './facts';

/** One fact a SHA. What several facts of the same commit leave open fills up; where they contradict each other the order plays no part. */
export function commitsBySha(commits: CommitFact[]): Map<string, CommitFact> {
  const told = new Map<string, CommitFact[]>();
  for (const commit of commits) {
    const list = told.get(commit.sha);
    if (list) list.push(commit);
    else told.set(commit.sha, [commit]);
  }
  return new Map(
    [...told].map(([sha, facts]) => [
      sha,
      facts.length === 1 ? facts[0] : joined(facts),
    ]),
  );
}

function joined(facts: CommitFact[]): CommitFact {
  return facts
    .map(fact => ({ fact, text: canonical(fact) }))
    .sort((a, b) => compareText(a.text, b.text))
    .map(({ fact }) => known(fact))
    .reduce((all, fact) => ({ ...fact, ...all }));
}

function known(fact: CommitFact): CommitFact {
  const entries = Object.entries(fact).filter(([, part]) => part !== undefined);
  return { ...Object.fromEntries(entries), sha: fact.sha };
}
