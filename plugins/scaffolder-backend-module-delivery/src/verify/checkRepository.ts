import { readActionsPolicy } from '../github/actionsPolicy';
import { weaknessesOf } from '../github/ensureActionsPolicy';
import type { PersonClient } from '../github/PersonClient';
import type { Repository } from '../github/repositories';
import { findRuleset, rulesetWeaknesses } from '../github/rulesets';
import { check, fail, pass, passUnless, unknown, type Checked } from './items';

const AGAIN = 'Start the task again.';

/** Repository, Actions policy and the rules of its default branch. */
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
