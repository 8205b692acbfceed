import {
  type ChangeFact,
  closesOf,
  type CommitFact,
  revertsOf,
} from 'backstage-plugin-delivery-common/domain';
import type { ChangeStore, PullRequestRow } from '../../database/ChangeStore';
import type { RepositoryRow } from '../../database/rows';
import { incidentIdOf } from './incidentFacts';
import { line, webLink } from './words';

type CommitRow = Awaited<ReturnType<ChangeStore['commits']>> extends Map<
  string,
  infer TRow
>
  ? TRow
  : never;

/** A merged pull request as a change of one service. */
export function changeFactOf(
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
    commits: parts?.commits.map(({ sha, authoredAt, committedAt }) => ({
      ...{ sha, authoredAt, committedAt },
    })),
    firstReviewAt: parts?.firstReviewAt,
    files: parts?.files,
    reverts: revertsOf(title, body),
    closes: closed(`${title}\n${body ?? ''}`, repository),
  };
}

/** A commit; one that reached the branch without a pull request becomes a change of its own (`attributeChanges`). */
export function commitFactOf(
  row: CommitRow,
  repository: RepositoryRow,
): CommitFact {
  const { sha, parents, authoredAt, committedAt, message, files } = row;
  const closes = closed(message, repository);
  return {
    ...{ sha, parents, authoredAt, committedAt, message },
    title: line(message.split('\n', 1)[0], 500),
    author: line(row.author, 100),
    files: files ?? undefined,
    url: webLink(`${repository.url}/commit/${sha}`),
    closes: closes.length > 0 ? closes : undefined,
  };
}

function closed(text: string, { repoKey, url }: RepositoryRow): string[] {
  return closesOf(text, { repositoryUrl: url }).map(number =>
    incidentIdOf(repoKey, number),
  );
}
