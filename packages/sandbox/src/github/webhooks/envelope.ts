import { RepoRecord, RunRecord, SandboxEvent } from '../../state';
import { userOf } from '../bodies/accountBodies';
import { installationOf } from '../bodies/commitBodies';
import { repoEnvelope } from '../bodies/repoBodies';
import { workflow } from '../bodies/runBodies';
import { GitHubContext } from '../gitHubContext';

/** The event with this name. */
export type Of<E extends SandboxEvent['event']> = Extract<
  SandboxEvent,
  { event: E }
>;

export function envelope(ctx: GitHubContext, repo: RepoRecord, sender: string) {
  return {
    ...repoEnvelope(ctx, repo, installationOf(ctx, repo)),
    sender: userOf(ctx, sender),
  };
}

export function triggeredBy(run: RunRecord): string {
  return run.attempts[run.attempts.length - 1].triggeringActor;
}

export function workflowOf(ctx: GitHubContext, run: RunRecord) {
  const record = ctx.store.workflows.get(run.workflowId);
  return record ? workflow(ctx, record) : null;
}
