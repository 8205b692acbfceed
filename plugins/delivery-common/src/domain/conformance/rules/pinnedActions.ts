import type { ConformanceFacts, RuleAnswer } from '../facts';
import type { Pipeline } from '../Pipeline';
import { at, distinct, fail, pass, unknown } from '../tell';

const FULL_SHA = /@[0-9a-f]{40}$/;
const DIGEST = /^docker:\/\/.+@sha256:[0-9a-f]{64}$/;

/** Code of others is named by what it is, not by a name that can be moved. */
export function pinnedActions(
  { workflows }: Pipeline,
  { repository }: ConformanceFacts,
): RuleAnswer {
  const uses = workflows
    .flatMap(workflow => workflow.uses)
    .filter(({ text }) => !text.startsWith('./'));
  const loose = uses.filter(
    ({ text }) => !FULL_SHA.test(text) && !DIGEST.test(text),
  );
  if (loose.length > 0) {
    return fail(
      'Name each action by the full SHA of its commit, with the version as a comment (`uses: actions/checkout@<40 characters> # v7.0.1`), and let Dependabot raise them.',
      distinct(loose.map(item => at(item, `${item.text} can be moved.`))),
    );
  }
  if (uses.length === 0) return unknown('No workflow uses an action.');
  return pass(
    { text: `${uses.length} uses, all by their full SHA or digest.` },
    ...(repository?.shaPinningRequired
      ? [{ text: 'The repository takes no others (SHA pinning is required).' }]
      : []),
  );
}
