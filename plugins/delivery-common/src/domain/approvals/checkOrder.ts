import { shortSha } from '../environments/vendorText';
import type { ChangeRange, RuleResult } from './facts';
import { pass, refuse } from './rules';

/**
 * What is let in must descend from what runs.
 *
 * @param range - from what runs to the candidate; undefined: nothing runs there
 * @param runningSha - commit that runs there; undefined: nothing, or nobody knows
 */
export function checkOrder(
  range: ChangeRange | undefined,
  runningSha: string | undefined,
  candidate: string,
): RuleResult {
  const fresh = shortSha(candidate);
  if (runningSha === candidate || range?.status === 'identical') {
    return pass('order', `${fresh} runs there already: nothing changes.`);
  }
  if (!range) {
    return runningSha === undefined
      ? pass('order', 'No commit is known to run there yet.')
      : downgrade(
          `How ${fresh} stands to ${shortSha(
            runningSha,
          )}, which runs there now, could not be found out. Try again later.`,
        );
  }
  const old =
    runningSha === undefined
      ? 'the commit that runs there now'
      : `${shortSha(runningSha)}, which runs there now`;
  switch (range.status) {
    case 'ahead':
      return pass('order', `${fresh} comes after ${old}.`);
    case 'behind':
      return downgrade(
        `${fresh} is older than ${old}. A rollback has its own act.`,
      );
    case 'diverged':
      return downgrade(
        `${fresh} does not contain ${old}: what was changed since would be lost. A rollback has its own act.`,
      );
    default:
      return downgrade(
        `How ${fresh} stands to ${old} is not known, so it is not let in.`,
      );
  }
}

function downgrade(message: string): RuleResult {
  return refuse('would_downgrade', 409, message);
}
