import { lastAttempt } from '../github/bodies/runBodies';
import { GitHubContext } from '../github/gitHubContext';
import { GitHubError, PullRequestRecord, RunRecord } from '../state';
import { Target } from './target';

/** What went to production last. */
export interface ProductionChange {
  run: RunRecord;
  sha: string;
  /** First line of the commit. */
  title: string;
  /** The pull request it came by, if it did. */
  pull?: PullRequestRecord;
}

const ENVIRONMENT = 'production';

/** When the run had brought its commit to production; undefined when it never did. */
function deliveredAt(
  ctx: GitHubContext,
  target: Target,
  run: RunRecord,
): number | undefined {
  const gated = target.repo.environments.some(e => e.name === ENVIRONMENT);
  if (!gated) {
    // such a pipeline has no environments: its whole run is the deployment
    const { conclusion, completedAt } = lastAttempt(run);
    return conclusion === 'success' ? completedAt ?? undefined : undefined;
  }
  const times = [...ctx.store.deployments.values()]
    .filter(item => item.runId === run.id && item.environment === ENVIRONMENT)
    .flatMap(({ statuses }) => statuses)
    .filter(({ state }) => state === 'success')
    .map(({ createdAt }) => createdAt);
  return times.length === 0 ? undefined : Math.min(...times);
}

/**
 * The commit that a push brought to production last.
 * @throws GitHubError 409 when there was none
 */
export async function lastChange(
  ctx: GitHubContext,
  target: Target,
): Promise<ProductionChange> {
  const { repo, workflows } = target;
  let newest: { run: RunRecord; at: number } | undefined;
  for (const run of ctx.store.runs.values()) {
    if (run.repoId !== repo.id || run.event !== 'push') continue;
    const path = ctx.store.workflows.get(run.workflowId)?.path ?? '';
    if (workflows && !workflows.some(name => path.endsWith(`/${name}`))) {
      continue;
    }
    const at = deliveredAt(ctx, target, run);
    if (at !== undefined && (!newest || at > newest.at)) newest = { run, at };
  }
  if (!newest) {
    throw new GitHubError(
      409,
      `Nothing of ${repo.name} has been brought to production by a push yet.`,
    );
  }
  const { run } = newest;
  const info = await ctx.git.commitInfo(repo, run.headSha);
  return {
    run,
    sha: run.headSha,
    title: (info?.message ?? run.headMessage).split('\n')[0],
    pull: [...ctx.store.pulls.values()].find(
      ({ repoId, mergeSha }) => repoId === repo.id && mergeSha === run.headSha,
    ),
  };
}
