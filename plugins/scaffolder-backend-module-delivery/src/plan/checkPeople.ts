import { findOrganisation } from '../github/organisations';
import type { PersonalAccess } from '../github/person';
import { needsApproval } from '../naming/names';
import { checkOwner } from '../people/owners';
import {
  canOthersApprove,
  MAX_REVIEWERS,
  resolveReviewers,
  type CatalogView,
} from '../people/reviewers';
import type { PlanInput } from './PlanInput';

/** Whoever owns and approves. */
export interface PeopleCheck {
  problems: string[];
  /** `org/slug` of the owner's team. */
  team?: string;
}

/** Owner and reviewers, and whether the organisation can protect what it must. */
export async function checkPeople(
  access: PersonalAccess,
  view: CatalogView,
  input: PlanInput,
  isPrivate: boolean,
): Promise<PeopleCheck> {
  const owner = await checkOwner(access, view, input.owner);
  const approved = input.environments.filter(needsApproval);
  const problems = [
    ...owner.problems,
    ...(await checkReviewers(access, view, input, approved.length > 0)),
    ...(await checkOrganisation(access, isPrivate && approved.length > 0)),
  ];
  return { problems, ...(owner.team && { team: owner.team }) };
}

async function checkReviewers(
  access: PersonalAccess,
  view: CatalogView,
  { reviewers: refs }: PlanInput,
  isNeeded: boolean,
): Promise<string[]> {
  const { reviewers, problems } = await resolveReviewers(access, view, refs);
  if (reviewers.length > MAX_REVIEWERS) {
    problems.push(
      `${reviewers.length} reviewers are too many: GitHub takes ${MAX_REVIEWERS} at most. Choose a group instead of its members.`,
    );
  }
  if (!isNeeded) return problems;
  if (reviewers.length === 0) {
    if (problems.length === 0) {
      problems.push(
        'There is no reviewer: production needs somebody who approves what goes in.',
      );
    }
  } else if (!(await canOthersApprove(access, reviewers))) {
    problems.push(
      `Nobody but you (“${access.person.login}”) could approve, and nobody approves what they started themselves: choose another reviewer.`,
    );
  }
  return problems;
}

async function checkOrganisation(
  access: PersonalAccess,
  needsPrivateReviewers: boolean,
): Promise<string[]> {
  const { owner, host } = access.address;
  const organisation = await findOrganisation(access);
  if (!organisation) {
    return [
      `“${owner}” is no organisation at ${host} that your account may see.`,
    ];
  }
  return needsPrivateReviewers && organisation.privateReviewers === false
    ? [
        `The plan of ${owner} has no required reviewers for private repositories, so production could not be protected: it needs GitHub Enterprise.`,
      ]
    : [];
}
