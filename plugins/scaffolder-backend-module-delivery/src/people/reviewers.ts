import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  accountSchema,
  itemsOf,
  parseBody,
  teamSchema,
} from '../github/bodies';
import type { PersonalAccess } from '../github/person';
import {
  ANNOTATION_LOGIN,
  ANNOTATION_NODE_ID,
  ANNOTATION_TEAM,
} from './annotations';

/** As many reviewers an environment of GitHub's may have. */
export const MAX_REVIEWERS = 6;

/** A reviewer as GitHub knows them. */
export type Reviewer =
  | { type: 'User'; id: number; login: string }
  | { type: 'Team'; id: number; slug: string };

/** Reviewers that were found, and a sentence for each that was not. */
export interface ResolvedReviewers {
  reviewers: Reviewer[];
  problems: string[];
}

/** The catalog as the person who started the task sees it. */
export interface CatalogView {
  catalog: CatalogService;
  credentials: BackstageCredentials;
}

/**
 * The accounts and teams of entity refs. Names alone are not believed: users are found by `github.com/user-login` (and their node id,
 * where the catalog has it), groups by `github.com/team-slug`.
 */
export async function resolveReviewers(
  access: PersonalAccess,
  view: CatalogView,
  refs: readonly string[],
): Promise<ResolvedReviewers> {
  const reviewers: Reviewer[] = [];
  const problems: string[] = [];
  for (const ref of new Set(refs)) {
    const found = await resolveOne(access, view, ref);
    if (typeof found === 'string') problems.push(found);
    else if (!reviewers.some(other => isSame(other, found))) {
      reviewers.push(found);
    }
  }
  return { reviewers, problems };
}

export function isSame(
  one: { type: string; id: number },
  other: { type: string; id: number },
): boolean {
  return one.type === other.type && one.id === other.id;
}

/** Login of a user, `org/team` of a team. */
export function nameOf(reviewer: Reviewer): string {
  return reviewer.type === 'User' ? reviewer.login : reviewer.slug;
}

/** Of an entity that may be named without namespace; undefined when it is no ref at all. */
export function refOf(text: string, kind: string): string | undefined {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, { defaultKind: kind, defaultNamespace: 'default' }),
    );
  } catch {
    return undefined;
  }
}

async function resolveOne(
  access: PersonalAccess,
  { catalog, credentials }: CatalogView,
  text: string,
): Promise<Reviewer | string> {
  const ref = refOf(text, 'user');
  const entity = ref && (await catalog.getEntityByRef(ref, { credentials }));
  if (!entity) return `Reviewer ${text} is not in the catalog.`;
  if (entity.kind === 'User') return resolveUser(access, entity);
  if (entity.kind === 'Group') return resolveTeam(access, entity);
  return `Reviewer ${text} is neither a user nor a group.`;
}

async function resolveUser(
  { client }: PersonalAccess,
  entity: Entity,
): Promise<Reviewer | string> {
  const ref = stringifyEntityRef(entity);
  const login = entity.metadata.annotations?.[ANNOTATION_LOGIN];
  if (!login) {
    return `Reviewer ${ref} has no GitHub login in the catalog (${ANNOTATION_LOGIN}).`;
  }
  const body = await client.find(
    '/users/{username}',
    { username: login },
    `look up the account of ${ref}`,
  );
  if (body === undefined) {
    return `Reviewer ${ref}: GitHub has no account “${login}”.`;
  }
  const account = parseBody(accountSchema, body, `the account of ${ref}`);
  if (account.type !== undefined && account.type !== 'User') {
    return `Reviewer ${ref}: “${login}” is no person at GitHub.`;
  }
  const nodeId = entity.metadata.annotations?.[ANNOTATION_NODE_ID];
  if (nodeId && nodeId !== account.node_id) {
    return `Reviewer ${ref}: the account “${login}” belongs to somebody else now (another ${ANNOTATION_NODE_ID}).`;
  }
  return { type: 'User', id: account.id, login: account.login };
}

async function resolveTeam(
  access: PersonalAccess,
  entity: Entity,
): Promise<Reviewer | string> {
  const ref = stringifyEntityRef(entity);
  const found = await findTeam(access, entity);
  return typeof found === 'string' ? `Reviewer ${ref} ${found}.` : found;
}

/** The team of a group, or why there is none: the rest of a sentence that begins with the group. */
export async function findTeam(
  { client, address }: PersonalAccess,
  group: Entity,
): Promise<Extract<Reviewer, { type: 'Team' }> | string> {
  const annotation = group.metadata.annotations?.[ANNOTATION_TEAM] ?? '';
  const [org, team, ...rest] = annotation.split('/');
  if (!org || !team || rest.length > 0) {
    return `has no GitHub team in the catalog (${ANNOTATION_TEAM}: org/team)`;
  }
  if (org.toLowerCase() !== address.owner.toLowerCase()) {
    return `is the team ${annotation}, which is not in the organisation ${address.owner}`;
  }
  const body = await client.find(
    '/orgs/{org}/teams/{team_slug}',
    { org, team_slug: team },
    `look up the team ${annotation}`,
  );
  if (body === undefined) {
    return `is the team ${annotation}, which GitHub does not have or does not show you`;
  }
  const { id, slug } = parseBody(teamSchema, body, `the team ${annotation}`);
  return { type: 'Team', id, slug: `${org}/${slug}` };
}

/** Whether anybody of them is not the creator: nobody approves what they started themselves. */
export async function canOthersApprove(
  { client, person }: PersonalAccess,
  reviewers: readonly Reviewer[],
): Promise<boolean> {
  for (const reviewer of reviewers) {
    if (reviewer.type === 'User') {
      if (reviewer.id !== person.id) return true;
      continue;
    }
    const [org, team] = reviewer.slug.split('/');
    const members = await client.list(
      '/orgs/{org}/teams/{team_slug}/members',
      { org, team_slug: team },
      `list the members of ${reviewer.slug}`,
      itemsOf(),
    );
    const others = members
      .map(member => accountSchema.safeParse(member))
      .some(
        ({ success, data }) =>
          success && data.id !== person.id && data.type !== 'Bot',
      );
    if (others) return true;
  }
  return false;
}
