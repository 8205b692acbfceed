import { EnvironmentRecord, GitHubError, RepoRecord } from '../../state';
import { accessOfPerson, allows } from '../access';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import { choiceIn, integerIn, invalidRequest, truthIn } from '../api/validate';
import { environment } from '../bodies/deploymentBodies';
import { GitHubContext } from '../gitHubContext';
import { canProtect } from '../plans';
import { environmentIn } from './gateRoutes';

const MOST_REVIEWERS = 6;
const LONGEST_WAIT = 43_200;
const LONGEST_NAME = 255;

type Reviewer = EnvironmentRecord['reviewers'][number];
type Protection = Pick<
  EnvironmentRecord,
  | 'waitTimerMinutes'
  | 'preventSelfReview'
  | 'reviewers'
  | 'branchPolicies'
  | 'protectedBranchesOnly'
>;

/** Whether a person, or somebody in a team, may at least read the repository. */
function mayRead(
  ctx: GitHubContext,
  repo: RepoRecord,
  asked: Reviewer,
): boolean {
  if (asked.type === 'Team') {
    return ctx.store.teams.some(
      team => team.id === asked.id && team.org === repo.owner,
    );
  }
  const person = [...ctx.store.accounts.values()].find(
    account => account.id === asked.id && account.type === 'User',
  );
  if (!person) return false;
  return allows(accessOfPerson(ctx.store, person.login, repo), 'pull');
}

function reviewersIn(
  ctx: GitHubContext,
  repo: RepoRecord,
  body: Record<string, unknown>,
): Reviewer[] {
  const { reviewers } = body;
  if (reviewers === undefined || reviewers === null) return [];
  if (!Array.isArray(reviewers)) {
    throw invalidRequest("For 'properties/reviewers', it is not an array.");
  }
  if (reviewers.length > MOST_REVIEWERS) {
    throw invalidRequest(
      `No more than ${MOST_REVIEWERS} items are allowed; ${reviewers.length} were supplied.`,
    );
  }
  return reviewers.map(item => {
    const asked: Record<string, unknown> = { ...item };
    const type = choiceIn(asked, 'type', ['User', 'Team'] as const);
    const id = integerIn(asked, 'id', { least: 1, most: 2 ** 53 - 1 });
    if (type && id !== undefined && mayRead(ctx, repo, { type, id })) {
      return { type, id };
    }
    throw new GitHubError(
      422,
      'Failed to create the environment protection rule. Please ensure the reviewers have at least read access to the repository.',
    );
  });
}

/** Which branches may deploy, and what is kept of the patterns there were. */
function policiesIn(
  call: Call,
  repo: RepoRecord,
  body: Record<string, unknown>,
  before: EnvironmentRecord | undefined,
): Pick<Protection, 'branchPolicies' | 'protectedBranchesOnly'> {
  const asked = body.deployment_branch_policy;
  if (asked === undefined || asked === null) {
    return { branchPolicies: null, protectedBranchesOnly: undefined };
  }
  if (typeof asked !== 'object') {
    throw invalidRequest(
      "For 'properties/deployment_branch_policy', it is not an object.",
    );
  }
  const settings: Record<string, unknown> = { ...asked };
  const protectedOnly = truthIn(settings, 'protected_branches') ?? false;
  const custom = truthIn(settings, 'custom_branch_policies') ?? false;
  if (protectedOnly === custom) {
    throw invalidRequest(
      'protected_branches and custom_branch_policies cannot have the same value',
    );
  }
  if (protectedOnly) {
    const id = call.ctx.store.nextId();
    return {
      branchPolicies: [{ id, name: repo.defaultBranch }],
      protectedBranchesOnly: true,
    };
  }
  const kept = before?.protectedBranchesOnly ? [] : before?.branchPolicies;
  return { branchPolicies: kept ?? [], protectedBranchesOnly: undefined };
}

/** What the body asks for; what it leaves out goes back to no protection, as at GitHub. */
function protectionIn(
  call: Call,
  repo: RepoRecord,
  before: EnvironmentRecord | undefined,
): Protection {
  const body = call.json();
  const limits = { least: 0, most: LONGEST_WAIT };
  const wanted: Protection = {
    waitTimerMinutes: integerIn(body, 'wait_timer', limits) ?? 0,
    preventSelfReview: truthIn(body, 'prevent_self_review') ?? false,
    reviewers: reviewersIn(call.ctx, repo, body),
    ...policiesIn(call, repo, body, before),
  };
  if (canProtect(call.ctx.store, repo)) return wanted;
  // the call looks as if it had worked
  return {
    waitTimerMinutes: 0,
    preventSelfReview: false,
    reviewers: [],
    branchPolicies: null,
    protectedBranchesOnly: undefined,
  };
}

function put(call: Call): Reply {
  const repo = call.repo('administration', 'write', 'admin');
  const name = call.param('environment_name');
  if (name.trim() === '' || name.length > LONGEST_NAME) {
    throw new GitHubError(
      422,
      `Environment name must be between 1 and ${LONGEST_NAME} characters`,
    );
  }
  const { store } = call.ctx;
  const before = repo.environments.find(
    item => item.name.toLowerCase() === name.toLowerCase(),
  );
  const protection = protectionIn(call, repo, before);
  // not in GitHub's description, but on its wire in both directions
  const bypass = truthIn(call.json(), 'can_admins_bypass');
  const now = store.clock.now();
  const id = before?.id ?? store.nextId();
  const record: EnvironmentRecord = before ?? {
    id,
    nodeId: `EN_${Buffer.from(String(id)).toString('base64url')}`,
    name,
    createdAt: now,
    canAdminsBypass: true,
    ...protection,
  };
  Object.assign(record, protection, {
    canAdminsBypass: bypass ?? record.canAdminsBypass,
    updatedAt: now,
  });
  if (!before) repo.environments.push(record);
  store.changed();
  return { body: environment(call.ctx, repo, record) };
}

/** Writing environments; reading them is beside the gates. */
export function addEnvironmentRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/environments/{environment_name}';
  api.put(base, put);

  api.delete(base, call => {
    const repo = call.repo('administration', 'write', 'admin');
    const found = environmentIn(call, repo);
    repo.environments = repo.environments.filter(item => item !== found);
    call.ctx.store.changed();
    return { status: 204 };
  });
}
