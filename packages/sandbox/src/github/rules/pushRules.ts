import { RepoRecord, RulesetRecord } from '../../state';
import { lastAttempt } from '../bodies/runBodies';
import { GitHubContext } from '../gitHubContext';
import { allJobs, latestJobs } from '../routes/runFilters';

/** A ref that a push wants to move. Shas are 40 zeros where there is none. */
export interface RefUpdate {
  ref: string;
  before: string;
  after: string;
}

const NOTHING = /^0{40}$/;
export const isCreation = ({ before }: RefUpdate) => NOTHING.test(before);
export const isDeletion = ({ after }: RefUpdate) => NOTHING.test(after);

/** Whether the new commit has the old one among its ancestors. */
async function goesForward(
  ctx: GitHubContext,
  repo: RepoRecord,
  update: RefUpdate,
): Promise<boolean> {
  return ctx.git
    .git(repo, ['merge-base', '--is-ancestor', update.before, update.after])
    .then(
      () => true,
      () => false,
    );
}

/** Names of checks that have succeeded on a commit. */
function succeeded(
  ctx: GitHubContext,
  repo: RepoRecord,
  sha: string,
): Set<string> {
  const runs = [...ctx.store.runs.values()].filter(
    run => run.repoId === repo.id && run.headSha === sha,
  );
  const jobs = runs.flatMap(run =>
    lastAttempt(run) ? latestJobs(run, allJobs(ctx, run)) : [],
  );
  return new Set(
    jobs
      .filter(job =>
        ['success', 'skipped', 'neutral'].includes(String(job.conclusion)),
      )
      .map(job => job.name),
  );
}

function missingChecks(
  ctx: GitHubContext,
  repo: RepoRecord,
  update: RefUpdate,
  parameters: Record<string, unknown>,
): string | undefined {
  if (parameters.do_not_enforce_on_create === true && isCreation(update)) {
    return undefined;
  }
  const wanted = parameters.required_status_checks as { context: string }[];
  const done = succeeded(ctx, repo, update.after);
  const open = wanted.filter(({ context }) => !done.has(context));
  if (open.length === 0) return undefined;
  return open.length === 1
    ? `Required status check "${open[0].context}" is expected.`
    : `${open.length} of ${wanted.length} required status checks are expected.`;
}

async function violation(
  ctx: GitHubContext,
  repo: RepoRecord,
  update: RefUpdate,
  rule: RulesetRecord['rules'][number],
): Promise<string | undefined> {
  const moves = !isCreation(update) && !isDeletion(update);
  switch (rule.type) {
    case 'creation':
      return isCreation(update)
        ? 'Cannot create ref due to creations being restricted.'
        : undefined;
    case 'update':
      return moves ? 'Cannot update this protected ref.' : undefined;
    case 'deletion':
      return isDeletion(update) ? 'Cannot delete this branch' : undefined;
    case 'non_fast_forward':
      return moves && !(await goesForward(ctx, repo, update))
        ? 'Cannot force-push to this branch'
        : undefined;
    case 'pull_request':
      // there can be no pull request for a branch that does not exist
      return moves ? 'Changes must be made through a pull request.' : undefined;
    case 'required_status_checks':
      return isDeletion(update)
        ? undefined
        : missingChecks(ctx, repo, update, rule.parameters ?? {});
    default:
      return undefined;
  }
}

/** What a push of a ref breaks, one sentence for each rule. */
export async function violations(
  ctx: GitHubContext,
  repo: RepoRecord,
  update: RefUpdate,
  rulesets: RulesetRecord[],
): Promise<string[]> {
  const found: string[] = [];
  for (const rule of rulesets.flatMap(({ rules }) => rules)) {
    const broken = await violation(ctx, repo, update, rule);
    if (broken && !found.includes(broken)) found.push(broken);
  }
  return found;
}
