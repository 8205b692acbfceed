import { InputError } from '@backstage/errors';
import type {
  CommitRange,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import { trustedUrl } from './facts';
import type { GithubClient } from './GithubClient';
import { ownerAndName } from './readRuns';
import { commitSchema, comparisonSchema, parseBody } from './schema';

/** Anything else may be the name of a branch, or of somebody's fork. */
export const SHA = /^[0-9a-f]{7,64}$/i;

type Commit = CommitRange['commits'][number];

/**
 * See DeliveryProvider.compareCommits. Without paging GitHub gives up to 250 commits, the newest of all, oldest first.
 *
 * @throws `InputError` when one of the two is no SHA
 */
export async function compareCommits(
  client: GithubClient,
  scope: RepositoryScope,
  { base, head }: { base: string; head: string },
  signal: AbortSignal,
): Promise<CommitRange> {
  if (!SHA.test(base) || !SHA.test(head)) {
    throw new InputError(
      'Only commits can be compared: name both by their SHA.',
    );
  }
  const { owner, repo } = ownerAndName(scope.slug);
  const answer = await client.call({
    route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
    owner,
    parameters: { owner, repo, basehead: `${base}...${head}` },
    what: `comparison of ${base.slice(0, 7)} with ${head.slice(0, 7)} in ${
      scope.slug
    }`,
    signal,
  });
  const raw = parseBody(comparisonSchema, answer.data, 'comparison');
  const { ahead_by: aheadBy, behind_by: behindBy } = raw;
  return {
    status: statusOf(aheadBy, behindBy),
    commits: raw.commits
      .map(
        (one): Commit => ({
          sha: one.sha,
          title: one.commit.message,
          author: one.author?.login ?? one.commit.author?.name,
          at: one.commit.committer?.date ?? one.commit.author?.date,
          pullRequest: pullRequestOf(one.commit.message),
        }),
      )
      .reverse(),
    aheadBy,
    behindBy,
    url: trustedUrl(raw.html_url, scope.host),
  };
}

/** The counts say what the word says; a word nobody knows could not. */
export function statusOf(
  aheadBy: number,
  behindBy: number,
): CommitRange['status'] {
  if (aheadBy > 0) return behindBy > 0 ? 'diverged' : 'ahead';
  return behindBy > 0 ? 'behind' : 'identical';
}

/** The number that GitHub writes into what it merges. */
export function pullRequestOf(title: string): number | undefined {
  const found =
    /^Merge pull request #(\d{1,9})\b/.exec(title) ??
    /\(#(\d{1,9})\)\s*$/.exec(title);
  return found ? Number(found[1]) : undefined;
}

/**
 * See DeliveryProvider.resolveCommit. GitHub also takes a short SHA for the name of a branch or tag, so what it found must begin with it.
 */
export async function resolveCommit(
  client: GithubClient,
  scope: RepositoryScope,
  shortSha: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!SHA.test(shortSha)) return undefined;
  const { owner, repo } = ownerAndName(scope.slug);
  try {
    const answer = await client.call({
      route: 'GET /repos/{owner}/{repo}/commits/{ref}',
      owner,
      parameters: { owner, repo, ref: shortSha },
      what: `commit ${shortSha} of ${scope.slug}`,
      signal,
    });
    const { sha } = parseBody(commitSchema, answer.data, 'commit');
    return sha.startsWith(shortSha.toLowerCase()) ? sha : undefined;
  } catch (error) {
    const { params } = error as { params?: { status?: string } };
    // 422: none or several begin like that.
    if (['404', '422'].includes(params?.status ?? '')) return undefined;
    throw error;
  }
}
