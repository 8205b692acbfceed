import type {
  PullRequestParts,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import type { z } from 'zod';
import {
  filesPageSchema,
  MAX_FILES,
  pullCommitsPageSchema,
  reviewsPageSchema,
  type RawFile,
} from './changeSchema';
import type { GithubClient } from './GithubClient';
import { pathsOf, toCommit } from './readChanges';
import { ownerAndName } from './readRuns';
import { parseBody } from './schema';

const PAGE = 100;
/** Commits of a pull request GitHub tells of. */
const MAX_COMMITS = 250;

/**
 * See DeliveryProvider.readPullRequest. The first review is the first one that was handed in by a person who is not `author`: an answer of
 * a robot is no sign that somebody looked.
 */
export async function readPullRequest(
  client: GithubClient,
  scope: RepositoryScope,
  pull: { number: number; files: boolean; author?: string },
  signal: AbortSignal,
): Promise<PullRequestParts> {
  const { owner, repo } = ownerAndName(scope.slug);
  /** Items of a list, page by page. */
  const all = async <T>(
    part: 'commits' | 'reviews' | 'files',
    schema: z.ZodType<T[]>,
    limit: number,
  ): Promise<T[]> => {
    const found: T[] = [];
    for (let page = 1; ; page++) {
      const answer = await client.call({
        route: `GET /repos/{owner}/{repo}/pulls/{pull_number}/${part}`,
        owner,
        parameters: {
          ...{ owner, repo, pull_number: pull.number },
          ...{ per_page: PAGE, page },
        },
        what: `${part} of pull request #${pull.number} of ${scope.slug}`,
        signal,
      });
      const items = parseBody(schema, answer.data, part);
      found.push(...items);
      if (items.length < PAGE || found.length >= limit) return found;
    }
  };
  const commits = await all('commits', pullCommitsPageSchema, MAX_COMMITS);
  const reviews = await all('reviews', reviewsPageSchema, PAGE);
  const files = pull.files
    ? await all('files', filesPageSchema, MAX_FILES)
    : undefined;
  return {
    commits: commits.slice(0, MAX_COMMITS).map(toCommit),
    firstReviewAt: firstReviewOf(reviews, pull.author),
    ...(files && toldFiles(files)),
  };
}

function firstReviewOf(
  reviews: z.output<typeof reviewsPageSchema>,
  author: string | undefined,
): number | undefined {
  const times = reviews.flatMap(({ user, submitted_at: at }) => {
    const login = user?.login?.toLowerCase();
    const isBot = user?.type === 'Bot' || login?.endsWith('[bot]');
    if (at === undefined || !login || isBot) return [];
    return login === author?.toLowerCase() ? [] : [at];
  });
  return times.length > 0 ? Math.min(...times) : undefined;
}

function toldFiles(files: RawFile[]): Partial<PullRequestParts> {
  return files.length < MAX_FILES
    ? { files: pathsOf(files) }
    : { tooManyFiles: true };
}
