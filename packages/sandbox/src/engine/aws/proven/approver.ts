import { StepFailed, type AwsStep, type AwsStepContext } from '../awsStep';

/** Environments that go without an approval; which they are no caller can change. */
const FREE = ['dev', 'qa', 'staging', 'test'];

/** Named by the environment of the shell, or by what a script is called with. */
const environmentOf = ({ env, step }: AwsStepContext): string =>
  env.ENVIRONMENT ??
  /require-approval\.sh ([\w-]+)/.exec(step.run_ ?? '')?.[1] ??
  '';

/** Logins of who started any attempt of the run. */
function startersOf({ step }: AwsStepContext): string[] {
  const { actor, attempts } = step.run;
  return [actor, ...attempts.map(({ triggeringActor }) => triggeringActor)];
}

/**
 * Step `approver`: the people, not those who started the run, who approved this attempt. GitHub lists the approvals of all
 * attempts without saying of which: on a later one only the portal's reference in the comment tells.
 */
export const nameApprover: AwsStep = {
  begin(context) {
    const { step, state, effect, log } = context;
    const environment = environmentOf(context);
    effect.outputs.login = '';
    if (FREE.includes(environment)) {
      log(`${environment} needs no approval.`);
      return;
    }
    const { run, repo } = step;
    const attempt = run.attempts.length;
    const starters = startersOf(context);
    const ids = repo.environments
      .filter(({ name }) => name.toLowerCase() === environment)
      .map(({ id }) => id);
    const approvals = run.reviews.filter(
      review =>
        review.state === 'approved' &&
        review.environmentIds.some(id => ids.includes(id)),
    );
    const names = (list: typeof approvals) =>
      [...new Set(list.map(({ user }) => user))].sort();
    const own = names(approvals.filter(({ user }) => starters.includes(user)));
    if (own.length > 0) {
      throw new StepFailed(
        `${environment} was approved by ${own.join(
          ', ',
        )}, who started an attempt of this run. Start a new run and let somebody else approve it.`,
      );
    }
    const counted = names(
      approvals.filter(
        ({ user, comment }) =>
          state.accounts.get(user)?.type === 'User' &&
          (attempt === 1 ||
            comment.includes(`via portal, attempt ${attempt}, ref `)),
      ),
    );
    if (counted.length === 0) {
      throw new StepFailed(
        attempt > 1
          ? `No approval of ${environment} for attempt ${attempt} carries the portal's reference. Approve this attempt in the portal, or start a new run.`
          : `No approval of ${environment} by a person who did not start this run. Give the environment required reviewers and let one of them approve.`,
      );
    }
    effect.outputs.login = counted.join(',');
    log(`Approved by ${counted.join(', ')}.`);
  },
};
