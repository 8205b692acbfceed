import { commitSchema, parseBody } from './bodies';
import { GithubCallError } from './GithubCallError';
import type { PersonClient } from './PersonClient';

/** GitHub's answers for a ref that is not there: no repository, no commit, nothing pushed yet. */
const MISSING = [404, 409, 422];

/** Full SHA of the commit at a branch, tag or commit; undefined when there is none. */
export async function findCommit(
  client: PersonClient,
  { owner, repo }: { owner: string; repo: string },
  ref: string,
): Promise<string | undefined> {
  const what = `${ref} in ${owner}/${repo}`;
  try {
    const body = await client.get(
      '/repos/{owner}/{repo}/commits/{ref}',
      { owner, repo, ref },
      `look up ${what}`,
    );
    return parseBody(commitSchema, body, what).sha;
  } catch (error) {
    const status = error instanceof GithubCallError ? error.status : undefined;
    if (MISSING.includes(status ?? 0)) return undefined;
    throw error;
  }
}
