import { InputError } from '@backstage/errors';
import { parseBody, subjectSchema } from './bodies';
import { GithubCallError } from './GithubCallError';
import type { PersonClient } from './PersonClient';
import type { Repository } from './repositories';

/** Repositories created since then have a subject with numeric ids unless somebody opted out. */
const IMMUTABLE_SINCE = Date.parse('2026-07-15T00:00:00Z');

/**
 * How the `sub` of the repository's OIDC tokens begins: `repo:ORG@OID/REPO@RID`, or `repo:ORG/REPO` for older repositories. Roles are
 * trusted by it, so it is asked for rather than guessed where GitHub tells it.
 *
 * @throws `InputError` when somebody replaced the claim by one of their own: no trust policy of ours would match
 */
export async function subjectPrefix(
  client: PersonClient,
  repository: Repository,
): Promise<string> {
  const { owner, repo, slug, id, ownerId } = repository;
  const named = `repo:${slug}`;
  const numbered = `repo:${owner}@${ownerId}/${repo}@${id}`;
  const settings = await readSubjectSettings(client, repository);
  if (settings?.use_default === false && settings.include_claim_keys?.length) {
    throw new InputError(
      `${slug} has an OIDC subject claim of its own (${settings.include_claim_keys.join(
        ', ',
      )}), which the roles of the pipeline would not trust. Set it back to the default, then start the task again.`,
    );
  }
  const told = settings?.sub_claim_prefix?.replace(/:$/, '');
  if (told === named || told === numbered) return told;
  const isImmutable =
    settings?.use_immutable_subject ??
    (repository.createdAt ?? Infinity) >= IMMUTABLE_SINCE;
  return isImmutable ? numbered : named;
}

/** How the repository makes the subject of its tokens; undefined when the person may not read it, or the server does not know it. */
export async function readSubjectSettings(
  client: PersonClient,
  repository: Repository,
) {
  const { owner, repo, slug, admin } = repository;
  if (!admin) return undefined;
  const doing = `read the OIDC settings of ${slug}`;
  try {
    const body = await client.find(
      '/repos/{owner}/{repo}/actions/oidc/customization/sub',
      { owner, repo },
      doing,
    );
    return body === undefined
      ? undefined
      : parseBody(subjectSchema, body, `the OIDC settings of ${slug}`);
  } catch (error) {
    // Not every token may read it, and not every server has it.
    if (error instanceof GithubCallError && error.status === 403) {
      return undefined;
    }
    throw error;
  }
}
