import {
  type ChangeFact,
  closesOf,
  type CommitFact,
  revertsOf,
} from 'backstage-plugin-delivery-common/domain';
import type { PullRequestRow, SpanRow } from '../../database/ChangeStore';
import type { RepositoryRow } from '../../database/rows';
import { incidentIdOf } from './incidentFacts';
import { line, webLink } from './words';

/** What lies between deployments of a service, as read. */
export interface ReadChanges {
  service: string;
  repository: RepositoryRow;
  spans: SpanRow[];
  commits: Map<string, CommitFact>;
  pullRequests: PullRequestRow[];
}

/**
 * Changes that deployments brought: merged pull requests, and what reached the branch without one. Commits that a pull request brought, as
 * they are or rebased, are no changes of their own; nor are those that a merge brought.
 */
export function changeFactsOf(read: ReadChanges): ChangeFact[] {
  const { service, commits, pullRequests } = read;
  const taken = new Set<string>();
  for (const { mergeSha, parts } of pullRequests) {
    taken.add(mergeSha);
    parts?.commits.forEach(commit => taken.add(commit.sha));
  }
  const rebased = new Set(
    pullRequests.flatMap(({ parts }) =>
      (parts?.commits ?? []).flatMap(commit => fingerprintOf(commit) ?? []),
    ),
  );
  const direct = new Map<string, ChangeFact>();
  for (const { head, shas } of read.spans) {
    const span = new Set(shas);
    const mainLine = mainLineOf(head, span, commits);
    for (const sha of mainLine ?? shas) {
      const commit = commits.get(sha);
      if (!commit || taken.has(sha) || direct.has(sha)) continue;
      if (rebased.has(fingerprintOf(commit) ?? '')) continue;
      const isMerge = (commit.parents ?? []).length > 1;
      if (isMerge && !mainLine) continue;
      direct.set(
        sha,
        ofCommit(
          commit,
          isMerge ? mergedBy(commit, span, commits, mainLine) : [],
          read,
        ),
      );
    }
  }
  return [
    ...pullRequests.map(row => ofPullRequest(row, service, read.repository)),
    ...direct.values(),
  ];
}

/** A rebase keeps who wrote what when. */
function fingerprintOf({
  authoredAt,
  message,
}: Pick<CommitFact, 'authoredAt' | 'message'>): string | undefined {
  return authoredAt === undefined || message === undefined
    ? undefined
    : `${authoredAt} ${message.trim()}`;
}

/** Commits of a span that reached the branch one after the other; undefined when the newest is not known. */
function mainLineOf(
  head: string,
  span: ReadonlySet<string>,
  commits: ReadChanges['commits'],
): Set<string> | undefined {
  const found = new Set<string>();
  let sha: string | undefined = head;
  while (sha !== undefined && span.has(sha) && !found.has(sha)) {
    const commit = commits.get(sha);
    // Behind a hole nobody knows what was merged.
    if (!commit) return undefined;
    found.add(sha);
    sha = commit.parents?.at(0);
  }
  return found.size > 0 ? found : undefined;
}

/** What a merge without a pull request brought, besides itself. */
function mergedBy(
  merge: CommitFact,
  span: ReadonlySet<string>,
  commits: ReadChanges['commits'],
  line: ReadonlySet<string> | undefined,
): CommitFact[] {
  const found = new Map<string, CommitFact>();
  const open = (merge.parents ?? []).slice(1);
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    const commit = commits.get(sha);
    if (!commit || !span.has(sha) || line?.has(sha) || found.has(sha)) continue;
    found.set(sha, commit);
    open.push(...(commit.parents ?? []));
  }
  return [...found.values()];
}

function ofPullRequest(
  row: PullRequestRow,
  service: string,
  repository: RepositoryRow,
): ChangeFact {
  const { repoKey, number, title, body, parts } = row;
  const { mergeSha, branch, labels, openedAt, mergedAt } = row;
  return {
    ...{ id: `pr:${repoKey}#${number}`, kind: 'pull_request', number },
    ...{ services: [service], mergeSha, branch, labels, openedAt, mergedAt },
    ...{ title: line(title, 500), author: line(row.author, 100) },
    ...{ isBot: row.isBot, url: webLink(row.url) },
    commits: parts?.commits.map(datesOf),
    firstReviewAt: parts?.firstReviewAt,
    files: parts?.files,
    reverts: revertsOf(title, body),
    closes: closed(`${title}\n${body ?? ''}`, repository),
  };
}

function ofCommit(
  commit: CommitFact,
  brought: CommitFact[],
  { service, repository }: ReadChanges,
): ChangeFact {
  const { sha, message = '', author, files } = commit;
  const title = message.split('\n', 1)[0];
  return {
    ...{ id: `commit:${repository.repoKey}@${sha}`, kind: 'commit' },
    ...{ services: [service], mergeSha: sha, files },
    ...{ title: line(title, 500), author: line(author, 100) },
    isBot: author?.endsWith('[bot]') ?? false,
    url: webLink(`${repository.url}/commit/${sha}`),
    commits: [...brought, commit].map(datesOf),
    mergedAt: commit.committedAt,
    reverts: revertsOf(title, message),
    closes: closed(message, repository),
  };
}

function datesOf({
  sha,
  authoredAt,
  committedAt,
}: Pick<CommitFact, 'sha' | 'authoredAt' | 'committedAt'>) {
  return { sha, authoredAt, committedAt };
}

function closed(text: string, { repoKey, url }: RepositoryRow): string[] {
  return closesOf(text, { repositoryUrl: url }).map(number =>
    incidentIdOf(repoKey, number),
  );
}
