import { Account, GitHubError } from '../../state';
import { isMember } from '../access';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { simpleOrganization, simpleUser } from '../bodies/accountBodies';
import { Schema } from '../bodies/schemas';

function organization(call: Call): Account {
  const found = call.ctx.store.account(call.param('org'));
  if (found?.type !== 'Organization') throw new GitHubError(404, 'Not Found');
  return found;
}

function person(call: Call): Account {
  const found = call.ctx.store.account(call.param('username'));
  if (found?.type !== 'User') throw new GitHubError(404, 'Not Found');
  return found;
}

/** Whether the caller belongs to the organisation. */
function isInside(call: Call, org: Account): boolean {
  const { actor } = call;
  if (actor.kind === 'installation') return actor.account.login === org.login;
  return (
    actor.kind === 'user' &&
    isMember(call.ctx.store, org.login, actor.account.login)
  );
}

function membership(
  call: Call,
  org: Account,
  member: Account,
): Schema<'org-membership'> {
  const { ctx } = call;
  const url = `${ctx.baseUrl}/api/v3/orgs/${org.login}`;
  return {
    url: `${url}/memberships/${member.login}`,
    state: 'active',
    role: 'member',
    organization_url: url,
    organization: simpleOrganization(ctx, org),
    user: simpleUser(ctx, member),
    permissions: { can_create_repository: true },
  };
}

/** Who belongs to an organisation and to its teams. */
export function addMembershipRoutes(api: ApiRoutes): void {
  api.get('/user/memberships/orgs/{org}', call => {
    const member = call.person();
    const org = organization(call);
    if (!isMember(call.ctx.store, org.login, member.login)) {
      throw new GitHubError(404, 'Not Found');
    }
    return { body: membership(call, org, member) };
  });

  api.get('/orgs/{org}/memberships/{username}', call => {
    const org = organization(call);
    call.needPermission('members', 'read');
    if (!isInside(call, org)) {
      throw new GitHubError(
        403,
        'You must be a member of the organization to see its memberships.',
      );
    }
    const member = person(call);
    if (!isMember(call.ctx.store, org.login, member.login)) {
      throw new GitHubError(404, 'Not Found');
    }
    return { body: membership(call, org, member) };
  });

  api.get('/orgs/{org}/members/{username}', call => {
    const org = organization(call);
    // who is not inside learns nothing: no membership here is public
    const member = call.ctx.store.account(call.param('username'));
    const known =
      member !== undefined &&
      isInside(call, org) &&
      isMember(call.ctx.store, org.login, member.login);
    if (!known) throw new GitHubError(404, 'Not Found');
    return { status: 204 };
  });

  api.get('/orgs/{org}/teams/{team_slug}/memberships/{username}', call => {
    const org = organization(call);
    const team = call.ctx.store.teams.find(
      item => item.org === org.login && item.slug === call.param('team_slug'),
    );
    const member = person(call);
    if (!team || !isInside(call, org) || !team.members.includes(member.login)) {
      throw new GitHubError(404, 'Not Found');
    }
    const url = `${call.ctx.baseUrl}/api/v3/organizations/${org.id}/team/${team.id}`;
    return {
      body: {
        url: `${url}/memberships/${member.login}`,
        role: 'member',
        state: 'active',
      },
    };
  });
}
