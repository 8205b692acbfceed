import { organisationSchema, parseBody } from './bodies';
import type { PersonalAccess } from './person';

/** Plans that have required reviewers in public repositories only. */
const WITHOUT_PRIVATE_REVIEWERS = new Set(['free', 'team']);

/** What an organisation's plan gives. */
export interface Organisation {
  login: string;
  /** Whether private repositories can have required reviewers; undefined: GitHub tells the plan to owners only. */
  privateReviewers?: boolean;
}

/** The organisation, or undefined when there is none that the person may see. */
export async function findOrganisation({
  client,
  address,
}: Pick<PersonalAccess, 'client' | 'address'>): Promise<
  Organisation | undefined
> {
  const org = address.owner;
  const body = await client.find(
    '/orgs/{org}',
    { org },
    `look up the organisation ${org}`,
  );
  if (body === undefined) return undefined;
  const raw = parseBody(organisationSchema, body, `the organisation ${org}`);
  const plan = raw.plan?.name.toLowerCase();
  return {
    login: raw.login,
    ...(plan && { privateReviewers: !WITHOUT_PRIVATE_REVIEWERS.has(plan) }),
  };
}
