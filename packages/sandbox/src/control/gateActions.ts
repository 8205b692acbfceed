import { reviewers } from '../github/bodies/deploymentBodies';
import { GitHubContext } from '../github/gitHubContext';
import { setPlan } from '../github/plans';
import { EnvironmentRecord, GitHubError } from '../state';
import { person } from './actions';
import { Body, text } from './awsTarget';
import { Target } from './target';

/** GitHub's limit for an environment. */
const MOST_REVIEWERS = 6;

/** `true` and `false`, also as words of a command line; undefined when not given. */
function truth(body: Body, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new GitHubError(
    400,
    `--${name} is true or false, not "${String(value)}".`,
  );
}

function minutes(body: Body): number | undefined {
  const value = body['wait-minutes'];
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 0 || parsed > 43_200) {
    throw new GitHubError(
      400,
      `--wait-minutes is a whole number from 0 to 43200, not "${String(
        value,
      )}".`,
    );
  }
  return parsed;
}

function reviewersOf(
  ctx: GitHubContext,
  environment: EnvironmentRecord,
  body: Body,
): EnvironmentRecord['reviewers'] {
  const kept = body['no-reviewers'] === true ? [] : environment.reviewers;
  const login = text(body, 'reviewer');
  if (!login) return kept;
  const { id } = person(ctx, login);
  const others = kept.filter(item => item.type !== 'User' || item.id !== id);
  const all = [...others, { type: 'User' as const, id }];
  if (all.length > MOST_REVIEWERS) {
    throw new GitHubError(
      409,
      `An environment has at most ${MOST_REVIEWERS} reviewers.`,
    );
  }
  return all;
}

/** Changes the protection of an environment, as its page of settings does. */
export function changeEnvironment(
  ctx: GitHubContext,
  target: Target,
  body: Body,
) {
  const { repo } = target;
  const name = text(body, 'name') ?? '';
  const environment = repo.environments.find(
    item => item.name.toLowerCase() === name.toLowerCase(),
  );
  if (!environment) {
    throw new GitHubError(
      404,
      `${repo.name} has no environment "${name}". It has: ${repo.environments
        .map(item => item.name)
        .join(', ')}.`,
    );
  }
  const changed: Partial<EnvironmentRecord> = {
    preventSelfReview:
      truth(body, 'prevent-self-review') ?? environment.preventSelfReview,
    canAdminsBypass:
      truth(body, 'admins-bypass') ?? environment.canAdminsBypass,
    waitTimerMinutes: minutes(body) ?? environment.waitTimerMinutes,
    reviewers: reviewersOf(ctx, environment, body),
    updatedAt: ctx.store.clock.now(),
  };
  Object.assign(environment, changed);
  ctx.store.changed();
  return {
    repo: `${repo.owner}/${repo.name}`,
    environment: environment.name,
    preventSelfReview: environment.preventSelfReview,
    canAdminsBypass: environment.canAdminsBypass,
    waitMinutes: environment.waitTimerMinutes,
    reviewers: reviewers(ctx, environment).map(({ reviewer }) =>
      reviewer && 'login' in reviewer ? reviewer.login : reviewer?.slug,
    ),
  };
}

/** Changes what an organisation pays for. What is protected already stays so. */
export function changePlan(ctx: GitHubContext, body: Body) {
  const [org, plan] = [text(body, 'org') ?? '', text(body, 'plan')];
  if (ctx.store.account(org)?.type !== 'Organization') {
    throw new GitHubError(404, `No organisation "${org}".`);
  }
  if (plan !== 'free' && plan !== 'enterprise') {
    throw new GitHubError(
      400,
      `A plan is free or enterprise, not "${String(plan)}".`,
    );
  }
  setPlan(ctx.store, org, plan);
  return { org, plan };
}

/** Puts somebody into a team, or takes somebody out. */
export function changeTeam(ctx: GitHubContext, body: Body) {
  const wanted = text(body, 'team') ?? '';
  const team = ctx.store.teams.find(
    item => `${item.org}/${item.slug}` === wanted,
  );
  if (!team) {
    throw new GitHubError(
      404,
      `No team "${wanted}". Teams: ${ctx.store.teams
        .map(item => `${item.org}/${item.slug}`)
        .join(', ')}.`,
    );
  }
  const [add, remove] = [text(body, 'add'), text(body, 'remove')];
  if (!add && !remove) {
    throw new GitHubError(400, 'Say whom: --add login or --remove login.');
  }
  if (add) {
    const { login } = person(ctx, add);
    if (!team.members.includes(login)) team.members.push(login);
  }
  if (remove) {
    const { login } = person(ctx, remove);
    if (!team.members.includes(login)) {
      throw new GitHubError(409, `${login} is not in ${wanted}.`);
    }
    team.members = team.members.filter(member => member !== login);
  }
  ctx.store.changed();
  return { team: wanted, members: team.members };
}
