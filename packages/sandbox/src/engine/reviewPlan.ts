import type { EnvironmentRecord, RunRecord, SandboxState } from '../state';

/**
 * Whether this person may decide on the environment: a required reviewer, directly or by team, and not the one who
 * started the attempt where self-review is prevented.
 */
export function mayReview(
  state: SandboxState,
  run: RunRecord,
  environment: EnvironmentRecord,
  actor: string,
): boolean {
  const account = state.accounts.get(actor);
  const attempt = run.attempts[run.attempts.length - 1];
  if (!account) return false;
  if (environment.preventSelfReview && attempt.triggeringActor === actor) {
    return false;
  }
  return environment.reviewers.some(({ type, id }) => {
    if (type === 'User') return account.id === id;
    return state.teams.some(
      team => team.id === id && team.members.includes(actor),
    );
  });
}
