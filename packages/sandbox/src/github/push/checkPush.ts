import { RepoRecord } from '../../state';
import { runGit } from '../../store/runGit';
import { Actor } from '../actor';
import { repoHtml } from '../bodies/repoBodies';
import { GitHubContext } from '../gitHubContext';
import {
  isCreation,
  isDeletion,
  RefUpdate,
  violations,
} from '../rules/pushRules';
import { bypassOf, rulesetsFor } from '../rules/rulesets';
import { PushRequest } from './receivePack';

/** Why a push is not taken. */
export interface Refusal {
  /** Lines for the person. */
  message: string;
  /** By full ref name. */
  reasons: Map<string, string>;
}

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;

/** What an App may do in a repository; undefined for credentials that are no App's. */
function permissionsOf(
  ctx: GitHubContext,
  actor: Actor,
): Record<string, string> | undefined {
  if (actor.kind === 'installation') return actor.permissions;
  if (actor.kind !== 'user' || !actor.viaApp) return undefined;
  return (actor.application ?? ctx.app).permissions;
}

/** Whether an App is behind the credentials that may not write contents at all. */
export function lacksContents(ctx: GitHubContext, actor: Actor): boolean {
  const permissions = permissionsOf(ctx, actor);
  return permissions !== undefined && permissions.contents !== 'write';
}

/** A workflow that the push makes or changes. */
async function changedWorkflow(
  ctx: GitHubContext,
  repo: RepoRecord,
  update: RefUpdate,
): Promise<string | undefined> {
  if (isDeletion(update)) return undefined;
  const known = [...(await ctx.git.refs(repo)).values()];
  const from = isCreation(update) ? known[0] : update.before;
  const out = from
    ? await ctx.git.git(repo, [
        'diff',
        '--name-only',
        '-z',
        '--no-renames',
        '--diff-filter=d',
        from,
        update.after,
        '--',
      ])
    : await ctx.git.git(repo, [
        'ls-tree',
        '-r',
        '-z',
        '--name-only',
        update.after,
      ]);
  return out
    .toString('utf8')
    .split('\0')
    .find(path => WORKFLOW.test(path));
}

function ruleMessage(
  ctx: GitHubContext,
  repo: RepoRecord,
  ref: string,
  broken: string[],
): string {
  const page = `${repoHtml(ctx, repo)}/rules?ref=${encodeURIComponent(ref)}`;
  const items = broken.map(sentence => `- ${sentence}\n`);
  return [
    `error: GH013: Repository rule violations found for ${ref}.`,
    `Review all repository rules at ${page}`,
    '',
    ...items,
  ].join('\n');
}

/**
 * Looks at a push before git takes it: workflows need an App that may write them, and rulesets hold for everybody who
 * may not bypass them. The objects are in the repository afterwards; nothing points at those of a refused push.
 * @throws GitFailure for objects that cannot be read
 */
export async function checkPush(
  ctx: GitHubContext,
  repo: RepoRecord,
  actor: Actor,
  request: PushRequest,
): Promise<Refusal | undefined> {
  const permissions = permissionsOf(ctx, actor);
  const mayWriteWorkflows = permissions?.workflows === 'write' || !permissions;
  const ruled = request.updates
    .map(update => ({
      update,
      rulesets: rulesetsFor(repo, update.ref).filter(
        item => bypassOf(ctx.store, actor, repo, item) !== 'always',
      ),
    }))
    .filter(({ rulesets }) => rulesets.length > 0);
  if (mayWriteWorkflows && ruled.length === 0) return undefined;
  if (request.pack.length > 0) {
    const args = ['index-pack', '--stdin', '--fix-thin'];
    await runGit(ctx.git.dir(repo), args, request.pack);
  }
  const reasons = new Map<string, string>();
  const messages: string[] = [];
  for (const { update, rulesets } of ruled) {
    const broken = await violations(ctx, repo, update, rulesets);
    if (broken.length === 0) continue;
    reasons.set(update.ref, 'push declined due to repository rule violations');
    messages.push(ruleMessage(ctx, repo, update.ref, broken));
  }
  for (const update of mayWriteWorkflows ? [] : request.updates) {
    const path = await changedWorkflow(ctx, repo, update);
    if (!path) continue;
    reasons.set(
      update.ref,
      `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`,
    );
  }
  return reasons.size > 0
    ? { message: messages.join('\n'), reasons }
    : undefined;
}
