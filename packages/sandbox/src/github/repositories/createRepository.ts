import { Account, GitHubError, MergeMethod, RepoRecord } from '../../state';
import { choiceIn, textIn, truthIn } from '../api/validate';
import { GitHubContext } from '../gitHubContext';
import { planOf } from '../plans';

/** From this day on (UTC) new repositories have OIDC subjects with ids. */
const IMMUTABLE_SUBJECTS_SINCE = Date.UTC(2026, 6, 15);
const LONGEST_NAME = 100;
const MERGES: readonly [string, MergeMethod][] = [
  ['allow_squash_merge', 'squash'],
  ['allow_merge_commit', 'merge'],
  ['allow_rebase_merge', 'rebase'],
];

type Json = Record<string, unknown>;

function refused(problem: Record<string, string>): GitHubError {
  return new GitHubError(422, 'Repository creation failed.', {
    errors: [{ resource: 'Repository', field: 'name', ...problem }],
  });
}

/** The name as GitHub keeps it: what is not allowed in one becomes a dash. */
function nameOf(ctx: GitHubContext, owner: string, body: Json): string {
  const asked = textIn(body, 'name')?.trim() ?? '';
  if (asked === '') throw refused({ code: 'missing_field' });
  const name = asked.replace(/[^A-Za-z0-9._-]+/g, '-');
  const custom = (message: string) => refused({ code: 'custom', message });
  if (name.length > LONGEST_NAME) {
    throw custom(`name is too long (maximum is ${LONGEST_NAME} characters)`);
  }
  if (name === '.' || name === '..' || name.toLowerCase().endsWith('.git')) {
    throw custom('name is a reserved name');
  }
  if (ctx.store.repo(owner, name)) {
    throw custom('name already exists on this account');
  }
  return name;
}

/** `visibility` stands before `private`; a repository is public when nothing is said. */
export function visibilityOf(
  ctx: GitHubContext,
  owner: Account,
  body: Json,
): NonNullable<RepoRecord['visibility']> | undefined {
  const asked = choiceIn(body, 'visibility', [
    'public',
    'private',
    'internal',
  ] as const);
  const isPrivate = truthIn(body, 'private');
  if (asked === 'internal') {
    const enterprise =
      owner.type === 'Organization' &&
      planOf(ctx.store, owner.login) === 'enterprise';
    if (!enterprise) {
      throw new GitHubError(
        422,
        'Only organizations associated with an enterprise can set visibility to internal',
      );
    }
  }
  if (asked) return asked;
  if (isPrivate === undefined) return undefined;
  return isPrivate ? 'private' : 'public';
}

/**
 * How pull requests may be merged, as far as the body says.
 * @throws GitHubError 422 when none is left
 */
export function mergesOf(
  body: Json,
  before: readonly MergeMethod[],
): MergeMethod[] {
  const after = MERGES.filter(
    ([name, method]) => truthIn(body, name) ?? before.includes(method),
  ).map(([, method]) => method);
  if (after.length === 0) {
    throw new GitHubError(422, 'Validation Failed', {
      errors: [
        {
          resource: 'Repository',
          code: 'custom',
          field: 'merge_commit_allowed',
          message: 'Sorry, you need to allow at least one merge strategy',
        },
      ],
    });
  }
  return after;
}

/**
 * Makes a repository; its creator administers it. Empty unless `auto_init` asks for a first commit.
 * @throws GitHubError 422 for a name that is missing, impossible or taken
 */
export async function createRepository(
  ctx: GitHubContext,
  owner: Account,
  creator: Account,
  body: Json,
): Promise<RepoRecord> {
  const { store } = ctx;
  const name = nameOf(ctx, owner.login, body);
  const visibility = visibilityOf(ctx, owner, body) ?? 'public';
  const allowedMerges = mergesOf(body, ['squash', 'merge', 'rebase']);
  const now = store.clock.now();
  const id = store.nextId();
  const repo: RepoRecord = {
    id,
    nodeId: `R_${Buffer.from(String(id)).toString('base64url')}`,
    owner: owner.login,
    name,
    description: textIn(body, 'description') ?? '',
    private: visibility !== 'public',
    visibility,
    defaultBranch: 'main',
    createdAt: now,
    createdBy: creator.login,
    environments: [],
    variables: {},
    mergeMethod: allowedMerges[0],
    allowedMerges,
    deleteBranchOnMerge: truthIn(body, 'delete_branch_on_merge') ?? false,
    collaborators: { [creator.login]: 'admin' },
    immutableSubject: now >= IMMUTABLE_SUBJECTS_SINCE,
  };
  await ctx.git.init(repo);
  store.repos.set(id, repo);
  if (truthIn(body, 'auto_init')) {
    await ctx.git.commit(repo, {
      branch: repo.defaultBranch,
      files: { 'README.md': `# ${name}\n${repo.description}\n` },
      message: 'Initial commit',
      author: { name: creator.name, email: creator.email },
      at: now,
    });
    repo.pushedAt = now;
  }
  store.changed();
  return repo;
}
