import { isError } from '@backstage/errors';
import type {
  ChangeRange,
  RangeCommit,
} from 'backstage-plugin-delivery-common/domain';
import type pLimit from 'p-limit';
import { accountOf } from './accounts';
import { ask, type RepositoryReader } from './ask';
import { pullsOfCommitSchema, pullSchema } from './bodies';

/** Pull requests whose people are read. */
const MAX_PULLS = 50;
/** Commits that GitHub is asked about one by one. */
const MAX_COMMITS = 20;

type Pull = ChangeRange['pullRequests'][number];
interface ReadPull extends Pull {
  /** What it was merged as. */
  mergeSha?: string;
}
type Limit = ReturnType<typeof pLimit>;

/**
 * Which pull requests the commits came by, and whose those are. Anybody can write a number into a title, so it counts only when GitHub
 * says that this commit is what the pull request was merged as; of the others GitHub is asked, newest first, as far as that goes.
 * A pull request that could not be read has neither opener nor merger.
 */
export async function readPullRequests(
  at: RepositoryReader,
  commits: readonly RangeCommit[],
  limit: Limit,
): Promise<{ pullRequests: Pull[]; ofCommit: Map<string, number> }> {
  const claimed = new Set(commits.flatMap(one => one.pullRequest ?? []));
  const pulls = await readPulls(at, [...claimed].slice(0, MAX_PULLS), limit);
  const proven = (one: RangeCommit) =>
    one.pullRequest !== undefined &&
    pulls.get(one.pullRequest)?.mergeSha === one.sha;

  const asked = commits.filter(one => !proven(one)).slice(0, MAX_COMMITS);
  const found = await Promise.all(
    asked.map(one => limit(() => pullsOfCommit(at, one.sha))),
  );
  const told = new Map(asked.map((one, index) => [one.sha, found[index]]));
  const listed = found.flat();
  const more = [...new Set(listed)].filter(number => !pulls.has(number));
  const left = Math.max(0, MAX_PULLS - pulls.size);
  const read = await readPulls(at, more.slice(0, left), limit);

  const all = new Map([...pulls, ...read]);
  // Read, and not there: the number in the title was something else.
  const exists = (number: number) => !all.has(number) || !!all.get(number);
  const numbers = [...new Set([...claimed, ...listed])].filter(exists);
  return {
    ofCommit: new Map(
      commits.flatMap(one => {
        const number = told.get(one.sha)?.[0] ?? one.pullRequest;
        return number !== undefined && exists(number)
          ? [[one.sha, number] as const]
          : [];
      }),
    ),
    pullRequests: numbers
      .sort((a, b) => b - a)
      .map(number => {
        const { mergeSha: _, ...pull } = all.get(number) ?? { number };
        return pull;
      }),
  };
}

async function readPulls(
  at: RepositoryReader,
  numbers: number[],
  limit: Limit,
): Promise<Map<number, ReadPull | undefined>> {
  const read = await Promise.all(
    numbers.map(number =>
      limit(async () => [number, await readPull(at, number)] as const),
    ),
  );
  return new Map(read);
}

/** Undefined: there is none. Bare when it may not be read. */
async function readPull(
  at: RepositoryReader,
  number: number,
): Promise<ReadPull | undefined> {
  try {
    const raw = await ask(
      at,
      '/pulls/{pull_number}',
      { pull_number: number },
      pullSchema,
      `pull request ${number}`,
    );
    const opener = accountOf(raw.user);
    const merger = accountOf(raw.merged_by);
    return {
      number,
      ...(raw.title !== undefined && { title: raw.title }),
      ...(opener && { opener }),
      ...(merger && { merger }),
      ...(raw.merge_commit_sha && { mergeSha: raw.merge_commit_sha }),
    };
  } catch (error) {
    if (isNamed(error, 'NotFoundError')) return undefined;
    if (isNamed(error, 'NotAllowedError')) return { number };
    throw error;
  }
}

async function pullsOfCommit(
  at: RepositoryReader,
  sha: string,
): Promise<number[]> {
  try {
    const raw = await ask(
      at,
      '/commits/{commit_sha}/pulls',
      { commit_sha: sha },
      pullsOfCommitSchema,
      `pull requests of ${sha.slice(0, 7)}`,
    );
    return raw.map(({ number }) => number);
  } catch (error) {
    if (isNamed(error, 'NotFoundError') || isNamed(error, 'NotAllowedError')) {
      return [];
    }
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return isError(error) && error.name === name;
}
