import { Account, GitHubError, Team } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import {
  fullOrganization,
  fullTeam,
  privateUser,
  publicUser,
  simpleOrganization,
  simpleUser,
  team,
} from '../bodies/accountBodies';
import { minimalRepo } from '../bodies/repoBodies';
import { accessTo } from '../access';

function organization(call: Call): Account {
  const found = call.ctx.store.account(call.param('org'));
  if (found?.type !== 'Organization') throw new GitHubError(404, 'Not Found');
  return found;
}

/** Teams are visible inside the organisation only. */
function teamsOf(call: Call): Team[] {
  const org = organization(call);
  const { actor } = call;
  const inside =
    (actor.kind === 'installation' && actor.account.login === org.login) ||
    (actor.kind === 'user' &&
      call.ctx.store.teams.some(
        t => t.org === org.login && t.members.includes(actor.account.login),
      ));
  if (!inside) throw new GitHubError(404, 'Not Found');
  return call.ctx.store.teams.filter(t => t.org === org.login);
}

function findTeam(call: Call): Team {
  const found = teamsOf(call).find(t => t.slug === call.param('team_slug'));
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

function members(call: Call, logins: string[]) {
  const people = [...new Set(logins)].flatMap(login => {
    const account = call.ctx.store.account(login);
    return account ? [account] : [];
  });
  return call.page(people).map(person => simpleUser(call.ctx, person));
}

/** People, organisations and teams. */
export function addUserRoutes(api: ApiRoutes): void {
  api.get('/user', call => ({ body: privateUser(call.ctx, call.person()) }));

  api.get('/user/orgs', call => {
    const { login } = call.person();
    const names = new Set(
      call.ctx.store.teams
        .filter(t => t.members.includes(login))
        .map(t => t.org),
    );
    const orgs = [...call.ctx.store.accounts.values()].filter(a =>
      names.has(a.login),
    );
    return { body: call.page(orgs).map(o => simpleOrganization(call.ctx, o)) };
  });

  api.get('/users/{username}', call => {
    const found = call.ctx.store.account(call.param('username'));
    if (!found) throw new GitHubError(404, 'Not Found');
    return { body: publicUser(call.ctx, found) };
  });

  api.get('/orgs/{org}', call => ({
    body: fullOrganization(call.ctx, organization(call)),
  }));

  api.get('/orgs/{org}/members', call => ({
    body: members(
      call,
      teamsOf(call).flatMap(t => t.members),
    ),
  }));

  api.get('/orgs/{org}/repos', call => {
    const org = organization(call);
    const repos = [...call.ctx.store.repos.values()].filter(
      repo =>
        repo.owner === org.login &&
        accessTo(call.ctx.store, call.actor, repo) !== 'none',
    );
    return { body: call.page(repos).map(r => minimalRepo(call.ctx, r)) };
  });

  api.get('/orgs/{org}/teams', call => ({
    body: call.page(teamsOf(call)).map(t => team(call.ctx, t)),
  }));

  api.get('/orgs/{org}/teams/{team_slug}', call => ({
    body: fullTeam(call.ctx, findTeam(call)),
  }));

  api.get('/orgs/{org}/teams/{team_slug}/members', call => ({
    body: members(call, findTeam(call).members),
  }));

  api.get('/rate_limit', call => {
    const { limit, used, remaining, resetAt } = call.ctx.rates.state(
      call.actor,
    );
    const core = { limit, used, remaining, reset: Math.ceil(resetAt / 1000) };
    const search = { ...core, limit: 30, used: 0, remaining: 30 };
    return { body: { resources: { core, search }, rate: core } };
  });
}
