import {
  ENVIRONMENT,
  environmentParameters,
  findEnvironment,
  POLICIES,
  type Branches,
  type Environment,
  type EnvironmentAt,
} from './environments';
import { GithubCallError } from './GithubCallError';
import {
  isAboutThePlan,
  planRefuses,
  shortcomingsOf,
  strictestOf,
  type WantedProtection,
} from './protection';

type Policy = Extract<Branches, { kind: 'named' }>['policies'][number];

/** A sentence that nobody can overlook. */
function notProtected(at: EnvironmentAt, required: boolean, why: string) {
  const { name, repository } = at;
  const state = required ? 'is not protected' : 'is not as wanted';
  return new Error(
    `The environment ${name} of ${repository.slug} ${state}: ${why}. The task ends here; mend it and start the task again.`,
  );
}

/**
 * Writes the protection and reads it back. Stricter settings stay.
 *
 * @param existing - as it was read just before
 * @throws when GitHub refuses, or does not give back what was wanted
 */
export async function protectEnvironment(
  at: EnvironmentAt,
  existing: Environment | undefined,
  wanted: WantedProtection,
): Promise<Environment> {
  await putSettings(at, existing, wanted);
  await ensureBranches(at, existing?.branches, wanted.branches);
  const found = await findEnvironment(at);
  const shortcomings = shortcomingsOf(found, wanted);
  if (!found || shortcomings.length > 0) {
    throw notProtected(at, wanted.requireReviewers, shortcomings.join('; '));
  }
  return found;
}

async function putSettings(
  at: EnvironmentAt,
  existing: Environment | undefined,
  wanted: WantedProtection,
): Promise<void> {
  const protection = strictestOf(existing, wanted);
  const { slug } = at.repository;
  const reviewers = protection.reviewers.map(({ type, id }) => ({ type, id }));
  try {
    // All of it: GitHub resets what is left out.
    await at.client.write(
      `PUT ${ENVIRONMENT}`,
      {
        ...environmentParameters(at),
        wait_timer: protection.waitMinutes,
        prevent_self_review:
          reviewers.length > 0 && protection.preventSelfReview,
        reviewers,
        deployment_branch_policy: {
          protected_branches: false,
          custom_branch_policies: true,
        },
        can_admins_bypass: protection.adminsBypass,
      },
      `set up the environment ${at.name} of ${slug}`,
      `to administer ${slug} (repository permissions “Administration” and “Environments”)`,
    );
  } catch (error) {
    if (error instanceof GithubCallError && isAboutThePlan(error.words)) {
      const { requireReviewers } = wanted;
      throw notProtected(at, requireReviewers, planRefuses(error.words));
    }
    throw error;
  }
}

function isCatchAll({ name, type }: Policy): boolean {
  return type === 'branch' && /^[*/]+$/.test(name);
}

/**
 * A new environment, or one that was open to more, takes the wanted branches only. A list that somebody made stays, except for a pattern
 * that lets everything in.
 */
async function ensureBranches(
  at: EnvironmentAt,
  before: Branches | undefined,
  wanted: readonly string[],
): Promise<void> {
  const after = (await findEnvironment(at))?.branches;
  const policies = after?.kind === 'named' ? after.policies : [];
  const isOwnList =
    before?.kind === 'named' && before.policies.some(one => !isCatchAll(one));
  const isWanted = ({ name, type }: Policy) =>
    type === 'branch' && wanted.includes(name);
  const tooMuch = policies.filter(policy =>
    isOwnList ? isCatchAll(policy) : !isWanted(policy),
  );
  const missing = isOwnList
    ? []
    : wanted.filter(
        name => !policies.some(one => isWanted(one) && one.name === name),
      );
  const parameters = environmentParameters(at);
  const doing = `set the branches that may deploy to the environment ${at.name}`;
  for (const name of missing) {
    await at.client.write(
      `POST ${POLICIES}`,
      { ...parameters, name, type: 'branch' },
      doing,
    );
  }
  for (const { id } of tooMuch) {
    await at.client.write(
      `DELETE ${POLICIES}/{branch_policy_id}`,
      { ...parameters, branch_policy_id: id },
      doing,
    );
  }
}
