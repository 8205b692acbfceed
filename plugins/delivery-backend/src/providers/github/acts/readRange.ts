import { InputError } from '@backstage/errors';
import type {
  ChangeRange,
  RangeCommit,
} from 'backstage-plugin-delivery-common/domain';
import pLimit from 'p-limit';
import { trustedUrl } from '../facts';
import { pullRequestOf, SHA, statusOf } from '../readCommits';
import { accountOf, coAuthorsOf } from './accounts';
import { ask, PAGE, PARALLEL, type RepositoryReader } from './ask';
import { rangePageSchema, type RawRangeCommit } from './bodies';
import { readPullRequests } from './readPullRequests';

/** Of {@link PAGE} commits each. */
const MAX_PAGES = 20;
/** GitHub tells no more files than these. */
const MAX_FILES = 300;

/** Words for what happened to a file; any other is `unknown`. */
const FILE_WORDS = [
  ...['added', 'removed', 'modified', 'renamed', 'copied', 'changed'],
  'unchanged',
];

/**
 * See VendorActs.readRange. Newest commit first. Of a range that is too long the newest and the oldest are read: the newest is the candidate.
 *
 * @throws `InputError` when one of the two is no SHA
 */
export async function readRange(
  at: RepositoryReader,
  { base, head }: { base: string; head: string },
): Promise<ChangeRange> {
  if (!SHA.test(base) || !SHA.test(head)) {
    throw new InputError(
      'Only commits can be compared: name both by their SHA.',
    );
  }
  const readPage = (page: number) =>
    ask(
      at,
      '/compare/{basehead}',
      { basehead: `${base}...${head}`, per_page: PAGE, page },
      rangePageSchema,
      `comparison of ${base.slice(0, 7)} with ${head.slice(0, 7)}`,
    );
  const first = await readPage(1);
  const limit = pLimit(PARALLEL);
  const rest = await Promise.all(
    pagesAfterFirst(first.ahead_by).map(page => limit(() => readPage(page))),
  );
  const raw = [first, ...rest].flatMap(page => page.commits);
  const { hostname } = new URL(`https://${at.scope.host}`);
  const commits = unique(raw)
    .map(one => commitOf(one, hostname))
    .reverse();
  const { pullRequests, ofCommit } = await readPullRequests(at, commits, limit);
  return {
    status: statusOf(first.ahead_by, first.behind_by),
    commits: commits.map(({ pullRequest: _, ...commit }) => {
      const pullRequest = ofCommit.get(commit.sha);
      return {
        ...commit,
        ...(pullRequest !== undefined && { pullRequest }),
      };
    }),
    total: first.ahead_by,
    cut: commits.length < first.ahead_by,
    pullRequests,
    // Only the first page has them.
    files: first.files.map(file => ({
      path: file.filename,
      status: FILE_WORDS.includes(file.status ?? '')
        ? String(file.status)
        : 'unknown',
      additions: file.additions ?? 0,
      deletions: file.deletions ?? 0,
    })),
    filesCut: first.files.length >= MAX_FILES,
    ...urlOf(trustedUrl(first.html_url, at.scope.host)),
  };
}

function urlOf(url: string | undefined) {
  return url === undefined ? {} : { url };
}

/** GitHub begins with the oldest. */
function pagesAfterFirst(total: number): number[] {
  const last = Math.ceil(total / PAGE);
  const from = Math.max(2, last - MAX_PAGES + 2);
  return Array.from(
    { length: Math.max(0, last - from + 1) },
    (_, index) => from + index,
  );
}

/** Commits pushed between two pages move the pages on. */
function unique(commits: RawRangeCommit[]): RawRangeCommit[] {
  return [...new Map(commits.map(one => [one.sha, one])).values()];
}

function commitOf(raw: RawRangeCommit, hostname: string): RangeCommit {
  const { message, author: written, committer: applied } = raw.commit;
  const title = message
    .slice(0, 2000)
    .split(/[\r\n]/, 1)[0]
    .replaceAll('\0', '')
    .slice(0, 300);
  const at = applied?.date ?? written?.date;
  const author = accountOf(raw.author);
  const committer = accountOf(raw.committer);
  const pullRequest = pullRequestOf(title);
  return {
    sha: raw.sha,
    title,
    ...(at !== undefined && { at }),
    ...(author && { author }),
    ...(committer && { committer }),
    coAuthors: coAuthorsOf(message, hostname),
    ...(written?.name && { authorName: written.name }),
    ...(pullRequest !== undefined && { pullRequest }),
  };
}
