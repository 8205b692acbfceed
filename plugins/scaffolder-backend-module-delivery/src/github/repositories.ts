import { NotAllowedError } from '@backstage/errors';
import { itemsOf, parseBody, repositorySchema } from './bodies';
import type { PersonalAccess } from './person';

/** What is known of a repository. */
export interface Repository {
  id: number;
  ownerId: number;
  /** `owner/repo`, as GitHub spells it. */
  slug: string;
  owner: string;
  repo: string;
  htmlUrl: string;
  defaultBranch: string;
  /** public, private or internal */
  visibility: string;
  isPrivate: boolean;
  isArchived: boolean;
  /** Whether the person administers it. */
  admin: boolean;
  /** Epoch milliseconds; undefined when GitHub does not say. */
  createdAt?: number;
}

/** The repository, or undefined when there is none that the person may see. */
export async function findRepository({
  client,
  address,
}: PersonalAccess): Promise<Repository | undefined> {
  const { owner, repo, slug } = address;
  const body = await client.find(
    '/repos/{owner}/{repo}',
    { owner, repo },
    `read the repository ${slug}`,
  );
  if (body === undefined) return undefined;
  const raw = parseBody(repositorySchema, body, `the repository ${slug}`);
  const [realOwner, realRepo] = raw.full_name.split('/');
  const createdAt = Date.parse(raw.created_at ?? '');
  return {
    id: raw.id,
    ownerId: raw.owner.id,
    slug: raw.full_name,
    owner: realOwner,
    repo: realRepo,
    htmlUrl: raw.html_url,
    defaultBranch: raw.default_branch || 'main',
    visibility: raw.visibility ?? (raw.private ? 'private' : 'public'),
    isPrivate: raw.private,
    isArchived: raw.archived ?? false,
    admin: raw.permissions?.admin ?? false,
    ...(Number.isFinite(createdAt) && { createdAt }),
  };
}

/**
 * The repository that a step may write to: the recorded one, and the person administers it.
 *
 * @throws `NotAllowedError` otherwise, before anything is written
 */
export async function openOwnRepository(
  access: PersonalAccess,
  repositoryId: number,
): Promise<Repository> {
  const { slug, host } = access.address;
  const found = await findRepository(access);
  if (!found) {
    throw new NotAllowedError(
      `There is no repository ${slug} at ${host} that your account may see. Nothing was written.`,
    );
  }
  if (found.id !== repositoryId) {
    throw new NotAllowedError(
      `${slug} is another repository than the one this task began with (id ${found.id} instead of ${repositoryId}). Nothing was written.`,
    );
  }
  requireAdmin(found, access.person.login);
  return found;
}

function requireAdmin(repository: Repository, login: string): void {
  const { slug, admin, isArchived } = repository;
  if (!admin) {
    throw new NotAllowedError(
      `“${login}” does not administer ${slug}, so nothing was written. Ask its owners for the admin role, or choose another repository name.`,
    );
  }
  if (isArchived) {
    throw new NotAllowedError(
      `${slug} is archived, so nothing was written. Choose another repository name.`,
    );
  }
}

/** True as long as nothing was ever pushed. */
export async function isEmpty(
  { client }: PersonalAccess,
  { owner, repo, slug }: Repository,
): Promise<boolean> {
  const body = await client.get(
    '/repos/{owner}/{repo}/branches',
    { owner, repo, per_page: 1 },
    `read the branches of ${slug}`,
  );
  return itemsOf()(body).length === 0;
}

/** Text of a file on the default branch; undefined when it is not there. */
export async function readTextFile(
  { client }: PersonalAccess,
  { owner, repo, slug, defaultBranch }: Repository,
  path: string,
): Promise<string | undefined> {
  const body = await client.find(
    '/repos/{owner}/{repo}/contents/{path}',
    { owner, repo, path, ref: defaultBranch },
    `read ${path} of ${slug}`,
  );
  const { content, encoding } = (body ?? {}) as Record<string, unknown>;
  if (typeof content !== 'string' || encoding !== 'base64') return undefined;
  return Buffer.from(content, 'base64').toString('utf8');
}
