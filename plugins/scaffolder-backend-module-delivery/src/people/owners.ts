import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { PersonalAccess } from '../github/person';
import { ANNOTATION_LOGIN, ANNOTATION_TEAM } from './annotations';
import { findTeam, refOf, type CatalogView } from './reviewers';

/** So many people keep a service alive when one is away. */
const MIN_MEMBERS = 2;

/** The owner of a service. */
export interface Owner {
  problems: string[];
  /** `org/slug` of its team, when that is in the repository's organisation. */
  team?: string;
}

/** A group with at least two members that have GitHub accounts. */
export async function checkOwner(
  access: PersonalAccess,
  view: CatalogView,
  text: string,
): Promise<Owner> {
  const ref = refOf(text, 'group');
  const { catalog, credentials } = view;
  const owner = ref && (await catalog.getEntityByRef(ref, { credentials }));
  if (!owner) {
    return { problems: [`Owner ${text || '(none)'} is not in the catalog.`] };
  }
  if (owner.kind !== 'Group') {
    return {
      problems: [
        `Owner ${ref} is not a group: a service belongs to a team, not to a person.`,
      ],
    };
  }
  return {
    problems: await memberProblems(view, owner),
    ...(await teamOf(access, owner)),
  };
}

async function memberProblems(
  { catalog, credentials }: CatalogView,
  owner: Entity,
): Promise<string[]> {
  const ref = stringifyEntityRef(owner);
  const { items } = await catalog.getEntities(
    {
      filter: { kind: 'User', 'relations.memberOf': ref },
      fields: ['kind', 'metadata'],
    },
    { credentials },
  );
  const logins = new Set(
    items.flatMap(
      user =>
        user.metadata.annotations?.[ANNOTATION_LOGIN]?.toLowerCase() ?? [],
    ),
  );
  if (logins.size >= MIN_MEMBERS) return [];
  const have = logins.size === 1 ? 'only one member' : 'no member';
  return [
    `Owner ${ref} has ${have} with a GitHub login: it needs two at least, so that somebody can review what the other writes.`,
  ];
}

/** A group need not be a team at GitHub; one of another organisation gets no access and is no mistake. */
async function teamOf(
  access: PersonalAccess,
  owner: Entity,
): Promise<{ team?: string }> {
  const annotation = owner.metadata.annotations?.[ANNOTATION_TEAM];
  if (!annotation) return {};
  const found = await findTeam(access, owner);
  return typeof found === 'string' ? {} : { team: found.slug };
}
