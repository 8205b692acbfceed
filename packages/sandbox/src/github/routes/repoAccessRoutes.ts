import { Account, GitHubError, RepositoryRole, Team } from '../../state';
import { Access, accessOfPerson, allows } from '../access';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import { textIn } from '../api/validate';
import { simpleUser, team, userOf } from '../bodies/accountBodies';
import { minimalRepo, repository, roles } from '../bodies/repoBodies';

const ROLES: readonly RepositoryRole[] = [
  'pull',
  'triage',
  'push',
  'maintain',
  'admin',
];
/** GitHub's older words for the level somebody has. */
const OLDER: Record<Access, string> = {
  none: 'none',
  pull: 'read',
  triage: 'read',
  push: 'write',
  maintain: 'write',
  admin: 'admin',
};
const ROLE_NAMES: Record<Access, string> = {
  ...OLDER,
  triage: 'triage',
  maintain: 'maintain',
};

/** @throws GitHubError 422 for a role GitHub does not know */
function roleIn(call: Call): RepositoryRole | undefined {
  const asked = textIn(call.json(), 'permission');
  if (asked === undefined) return undefined;
  const role = ROLES.find(known => known === asked);
  if (role) return role;
  throw new GitHubError(422, 'Validation Failed', {
    errors: [{ resource: 'Repository', code: 'invalid', field: 'permission' }],
  });
}

function personIn(call: Call): Account {
  const found = call.ctx.store.account(call.param('username'));
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

/** Teams are visible inside the organisation only. */
function teamIn(call: Call): Team {
  const { ctx, actor } = call;
  const org = ctx.store.account(call.param('org'))?.login;
  const teams = ctx.store.teams.filter(item => item.org === org);
  const inside =
    (actor.kind === 'installation' && actor.account.login === org) ||
    (actor.kind === 'user' &&
      teams.some(item => item.members.includes(actor.account.login)));
  const found = teams.find(item => item.slug === call.param('team_slug'));
  if (!inside || !found) throw new GitHubError(404, 'Not Found');
  return found;
}

function addCollaborator(call: Call): Reply {
  const repo = call.repo('administration', 'write', 'admin');
  const { login } = personIn(call);
  const role = roleIn(call) ?? 'push';
  if (login === repo.owner) {
    throw new GitHubError(422, 'Validation Failed', {
      errors: [
        {
          resource: 'Repository',
          code: 'custom',
          message: 'Repository owner cannot be a collaborator',
        },
      ],
    });
  }
  repo.collaborators = { ...repo.collaborators, [login]: role };
  call.ctx.store.changed();
  // who is invited has accepted at once
  return { status: 204 };
}

/** What a team may do in a repository of its organisation. */
function accessOfTeam(call: Call, record: Team): Access {
  const repo = call.repo('metadata');
  if (repo.owner !== record.org) return 'none';
  const everywhere = record.permission ?? 'push';
  const here = repo.teamPermissions?.[record.slug] ?? 'none';
  return allows(here, everywhere) ? here : everywhere;
}

/** Who may do what in a repository. */
export function addRepoAccessRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}';
  const inTeam = '/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}';

  api.put(`${base}/collaborators/{username}`, addCollaborator);

  api.get(`${base}/collaborators/{username}/permission`, call => {
    const repo = call.repo('metadata', 'read', 'push');
    const person = personIn(call);
    const access = accessOfPerson(call.ctx.store, person.login, repo);
    return {
      body: {
        permission: OLDER[access],
        role_name: ROLE_NAMES[access],
        user: {
          ...simpleUser(call.ctx, person),
          permissions: roles(access),
          role_name: ROLE_NAMES[access],
        },
      },
    };
  });

  api.get(`${base}/teams`, call => {
    const repo = call.repo('administration', 'read', 'push');
    const found = call.ctx.store.teams.filter(item => item.org === repo.owner);
    return {
      body: call.page(found).map(item => ({
        ...team(call.ctx, item),
        permission: accessOfTeam(call, item),
      })),
    };
  });

  api.put(inTeam, call => {
    const repo = call.repo('administration', 'write', 'admin');
    call.needPermission('members', 'read');
    const record = teamIn(call);
    if (repo.owner !== record.org) {
      throw new GitHubError(422, 'Validation Failed', {
        errors: [
          {
            resource: 'Team',
            code: 'custom',
            message: 'Repository must be owned by the organization of the team',
          },
        ],
      });
    }
    const role = roleIn(call) ?? record.permission ?? 'push';
    repo.teamPermissions = { ...repo.teamPermissions, [record.slug]: role };
    call.ctx.store.changed();
    return { status: 204 };
  });

  api.get(inTeam, call => {
    const record = teamIn(call);
    const access = accessOfTeam(call, record);
    if (access === 'none') throw new GitHubError(404, 'Not Found');
    const repo = call.repo('metadata');
    if (!call.accepts('.repository')) return { status: 204 };
    const { owner: _, license: __, ...body } = repository(call.ctx, repo);
    return {
      body: {
        ...minimalRepo(call.ctx, repo),
        ...body,
        owner: userOf(call.ctx, repo.owner),
        license: null,
        permissions: roles(access),
        role_name: ROLE_NAMES[access],
        network_count: 0,
        subscribers_count: 0,
      },
    };
  });
}
