import { Account, Team } from '../../state';
import { GitHubContext } from '../gitHubContext';
import { iso, Schema } from './schemas';

function userUrls(ctx: GitHubContext, login: string) {
  const url = `${ctx.baseUrl}/api/v3/users/${encodeURIComponent(login)}`;
  return {
    avatar_url: `${ctx.baseUrl}/avatars/${encodeURIComponent(login)}.svg`,
    gravatar_id: '',
    url,
    html_url: `${ctx.baseUrl}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
  };
}

export function simpleUser(
  ctx: GitHubContext,
  account: Account,
): Schema<'simple-user'> {
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    ...userUrls(ctx, account.login),
    type: account.type,
    site_admin: false,
  };
}

/** An account by login; bots and people who left get a body all the same, as at GitHub ("ghost"). */
export function userOf(
  ctx: GitHubContext,
  login: string,
): Schema<'simple-user'> {
  const known = ctx.store.account(login);
  if (known) return simpleUser(ctx, known);
  const bot = login.endsWith('[bot]');
  return simpleUser(ctx, {
    // GitHub's own numbers for these two
    id: login === 'github-actions[bot]' ? 41898282 : 10137,
    nodeId: bot ? 'MDM6Qm90NDE4OTgyODI=' : 'MDQ6VXNlcjEwMTM3',
    login: bot ? login : 'ghost',
    name: login,
    email: '',
    type: bot ? 'Bot' : 'User',
  });
}

export function publicUser(
  ctx: GitHubContext,
  account: Account,
): Schema<'public-user'> {
  const since = iso(ctx.app.createdAt);
  const repos = [...ctx.store.repos.values()].filter(
    repo => repo.owner === account.login && !repo.private,
  );
  return {
    ...simpleUser(ctx, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email === '' ? null : account.email,
    hireable: null,
    bio: null,
    public_repos: repos.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: since,
    updated_at: since,
  };
}

export function privateUser(
  ctx: GitHubContext,
  account: Account,
): Schema<'private-user'> {
  return {
    ...publicUser(ctx, account),
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

export function simpleOrganization(
  ctx: GitHubContext,
  account: Account,
): Schema<'organization-simple'> {
  const url = `${ctx.baseUrl}/api/v3/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${ctx.baseUrl}/avatars/${account.login}.svg`,
    description: account.name,
  };
}

export function fullOrganization(
  ctx: GitHubContext,
  account: Account,
): Schema<'organization-full'> {
  const { public_repos, created_at, updated_at } = publicUser(ctx, account);
  return {
    ...simpleOrganization(ctx, account),
    name: account.name,
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${ctx.baseUrl}/${account.login}`,
    type: 'Organization',
    created_at,
    updated_at,
    archived_at: null,
  };
}

export function team(ctx: GitHubContext, record: Team): Schema<'team'> {
  const org = ctx.store.account(record.org);
  const url = `${ctx.baseUrl}/api/v3/organizations/${org?.id ?? 0}/team/${
    record.id
  }`;
  return {
    id: record.id,
    node_id: record.nodeId,
    name: record.name,
    slug: record.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: record.permission ?? 'push',
    url,
    html_url: `${ctx.baseUrl}/orgs/${record.org}/teams/${record.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: org?.id,
    parent: null,
  };
}

export function fullTeam(
  ctx: GitHubContext,
  record: Team,
): Schema<'team-full'> {
  const org = ctx.store.account(record.org) as Account;
  const { parent: _, ...simple } = team(ctx, record);
  return {
    ...simple,
    parent: null,
    type: 'organization',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    members_count: record.members.length,
    repos_count: [...ctx.store.repos.values()].filter(
      repo => repo.owner === record.org,
    ).length,
    created_at: iso(ctx.app.createdAt),
    updated_at: iso(ctx.app.createdAt),
    organization: { ...fullOrganization(ctx, org) },
  };
}
