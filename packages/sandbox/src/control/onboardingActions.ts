import { refuseOnboarding } from '../engine';
import { GitHubContext } from '../github/gitHubContext';
import { GitHubError } from '../state';
import { Body } from './awsTarget';

/** Lets the next onboardings of services fail, as if the account did not let the platform in; 0: no longer. */
export function refuseNextOnboarding(ctx: GitHubContext, body: Body) {
  const count = Number(body.count ?? 1);
  if (!Number.isInteger(count) || count < 0) {
    throw new GitHubError(
      400,
      `--count must be a whole number from 0 on, not ${String(body.count)}.`,
    );
  }
  refuseOnboarding(ctx.store, count);
  return { refuses: count };
}
