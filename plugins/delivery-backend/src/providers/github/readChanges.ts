import { InputError } from '@backstage/errors';
import type {
  CommitInfo,
  CommitListing,
  ListPage,
  ListSince,
  MergedPullRequest,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import {
  commitFilesSchema,
  commitsPageSchema,
  pullsPageSchema,
  type RawFile,
  type RawFullCommit,
  type RawPull,
} from './changeSchema';
import { trustedUrl } from './facts';
import type { GithubClient } from './GithubClient';
import { SHA, statusOf } from './readCommits';
import { ownerAndName } from './readRuns';
import { parseBody } from './schema';

const PAGE = 100;
/** From this many files on GitHub may have left some out of its one answer. */
const FILES_OF_ANSWER = 300;

/**
 * See DeliveryProvider.listCommits. With paging GitHub gives the oldest first. One call a hundred commits.
 *
 * @throws `InputError` when one of the two is no SHA
 */
export async function listCommits(
  client: GithubClient,
  scope: RepositoryScope,
  { base, head, limit }: { base: string; head: string; limit: number },
  signal: AbortSignal,
): Promise<CommitListing> {
  onlyCommits(base, head);
  const { owner, repo } = ownerAndName(scope.slug);
  const found = new Map<string, CommitInfo>();
  for (let page = 1; ; page++) {
    const answer = await client.call({
      route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
      owner,
      parameters: {
        ...{ owner, repo, basehead: `${base}...${head}` },
        ...{ per_page: PAGE, page },
      },
      what: `commits of ${scope.slug} from ${base.slice(0, 7)} to ${head.slice(
        0,
        7,
      )}`,
      signal,
    });
    const raw = parseBody(commitsPageSchema, answer.data, 'comparison');
    raw.commits.map(toCommit).forEach(one => found.set(one.sha, one));
    const { ahead_by: ahead, behind_by: behind } = raw;
    const enough = found.size >= Math.min(ahead, limit);
    if (enough || raw.commits.length < PAGE || page * PAGE >= limit) {
      const commits = [...found.values()].slice(0, limit);
      return {
        status: statusOf(ahead, behind),
        commits,
        complete: commits.length >= ahead,
      };
    }
  }
}

/** Anything else may be the name of a branch, which moves. */
function onlyCommits(...names: string[]): void {
  if (names.every(name => SHA.test(name))) return;
  throw new InputError('Only commits can be read: name them by their SHA.');
}

export function toCommit(raw: RawFullCommit): CommitInfo {
  const { author, committer, message } = raw.commit;
  return {
    sha: raw.sha,
    parents: raw.parents.map(parent => parent.sha),
    authoredAt: author?.date,
    committedAt: committer?.date,
    author: raw.author?.login ?? author?.name,
    message,
  };
}

/** See DeliveryProvider.listMergedPullRequests. The cursor is the number of the page: what changes meanwhile comes to the first one again. */
export async function listMergedPullRequests(
  client: GithubClient,
  request: ListSince,
): Promise<ListPage<MergedPullRequest>> {
  const { scope, since, signal } = request;
  const { owner, repo } = ownerAndName(scope.slug);
  const page = Number(request.cursor ?? 1);
  const answer = await client.call({
    route: 'GET /repos/{owner}/{repo}/pulls',
    owner,
    parameters: {
      ...{ owner, repo, state: 'closed', sort: 'updated' },
      ...{ direction: 'desc', per_page: PAGE, page },
    },
    etag: page === 1 ? request.etag : undefined,
    what: `pull requests of ${scope.slug}`,
    signal,
  });
  if (answer.data === undefined) {
    return { items: [], unchanged: true, etag: answer.etag, calls: 1 };
  }
  const all = parseBody(pullsPageSchema, answer.data, 'pulls');
  const young = all.filter(raw => raw.updated_at >= since);
  const more = all.length >= PAGE && young.length === all.length;
  return {
    items: young.flatMap(raw => merged(raw, scope.host)),
    cursor: more ? String(page + 1) : undefined,
    etag: page === 1 ? answer.etag : undefined,
    calls: 1,
  };
}

function merged(raw: RawPull, host: string): MergedPullRequest[] {
  const { merged_at: mergedAt, merge_commit_sha: mergeSha, user } = raw;
  if (mergedAt === undefined || mergeSha === undefined) return [];
  return [
    {
      number: raw.number,
      title: raw.title,
      body: raw.body,
      author: user?.login,
      isBot: user?.type === 'Bot' || /\[bot\]$/.test(user?.login ?? ''),
      url: trustedUrl(raw.html_url, host),
      base: raw.base.ref,
      branch: raw.head.ref,
      labels: raw.labels,
      mergeSha,
      openedAt: raw.created_at,
      mergedAt,
      updatedAt: raw.updated_at,
    },
  ];
}

/** See DeliveryProvider.readCommitFiles. */
export async function readCommitFiles(
  client: GithubClient,
  scope: RepositoryScope,
  sha: string,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  onlyCommits(sha);
  const { owner, repo } = ownerAndName(scope.slug);
  const answer = await client.call({
    route: 'GET /repos/{owner}/{repo}/commits/{ref}',
    owner,
    parameters: { owner, repo, ref: sha },
    what: `files of commit ${sha.slice(0, 7)} of ${scope.slug}`,
    signal,
  });
  const { files } = parseBody(commitFilesSchema, answer.data, 'commit');
  return files.length < FILES_OF_ANSWER ? pathsOf(files) : undefined;
}

/** What was moved touches both places. */
export function pathsOf(files: RawFile[]): string[] {
  const paths = files.flatMap(file => [
    file.filename,
    ...(file.previous_filename ? [file.previous_filename] : []),
  ]);
  return [...new Set(paths)].sort();
}
