import { readActionsPolicy } from '../github/actionsPolicy';
import { weaknessesOf } from '../github/ensureActionsPolicy';
import type { PersonClient } from '../github/PersonClient';
import type { Repository } from '../github/repositories';
import { readSubjectSettings } from '../github/subject';
import { findRuleset, rulesetWeaknesses } from '../github/rulesets';
import { check, fail, pass, passUnless, unknown, type Checked } from './items';

const AGAIN = 'Start the task again.';

/** Repository, Actions policy, OIDC subject and the rules of its default branch. */
export function checkRepository(
  client: PersonClient,
  repository: Repository,
  rulesetName: string,
): Promise<Checked[]> {
  const at = { client, repository };
  const branch = repository.defaultBranch;
  return Promise.all([
    check('repository', 'Repository', async () =>
      repository.isPrivate
        ? pass(
            `${repository.slug}, id ${repository.id}, ${repository.visibility}`,
          )
        : fail(
            `${repository.slug} is public: everybody reads its code`,
            'Make it private in its settings, unless that is wanted.',
          ),
    ),
    check('policy', 'GitHub Actions', async () => {
      const policy = await readActionsPolicy(at);
      const weak = weaknessesOf(policy);
      if (weak.length === 0 && policy.shaPinning === undefined) {
        return unknown('this GitHub does not know the pinning of actions');
      }
      return passUnless(
        weak,
        `token ${policy.token}, ${policy.allowedActions} actions, pinned`,
        AGAIN,
      );
    }),
    checkSubject(client, repository),
    check(
      'ruleset',
      `Rules of ${branch}`,
      async () => {
        const found = await findRuleset(at, rulesetName);
        if (!found) return fail(`${branch} is not protected`, AGAIN);
        const wanted = { branch, requiredChecks: [], reviews: 1 };
        return passUnless(
          rulesetWeaknesses(found, repository, wanted),
          (found.rules ?? []).map(({ type }) => type).join(', '),
          AGAIN,
        );
      },
      true,
    ),
  ]);
}

/** Roles at AWS trust GitHub's own subject only: with another one no job signs in. */
function checkSubject(
  client: PersonClient,
  repository: Repository,
): Promise<Checked> {
  return check('oidc-subject', 'OIDC subject', async () => {
    const settings = await readSubjectSettings(client, repository);
    if (settings?.use_default === undefined) {
      return unknown('GitHub did not say how the subject of tokens is made');
    }
    if (settings.use_default)
      return pass('GitHub’s own, as the roles trust it');
    const keys = settings.include_claim_keys?.join(', ') || 'not named';
    return fail(
      `the repository has claims of its own (${keys}), which the roles do not trust`,
      'Set the subject claim back to the default, then start the task again.',
    );
  });
}
