import { MergeMethod, RepoRecord } from '../../state';
import { Access, allows } from '../access';
import { GitHubContext } from '../gitHubContext';
import { simpleOrganization, userOf } from './accountBodies';
import { iso, Schema } from './schemas';

export function repoApi(ctx: GitHubContext, repo: RepoRecord): string {
  return `${ctx.baseUrl}/api/v3/repos/${repo.owner}/${repo.name}`;
}

export function repoHtml(ctx: GitHubContext, repo: RepoRecord): string {
  return `${ctx.baseUrl}/${repo.owner}/${repo.name}`;
}

function repoUrls(ctx: GitHubContext, repo: RepoRecord) {
  const url = repoApi(ctx, repo);
  return {
    html_url: repoHtml(ctx, repo),
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

/** Whether nobody has pushed anything yet. Those of the world never are empty. */
export function isEmpty(repo: RepoRecord): boolean {
  return repo.createdBy !== undefined && repo.pushedAt === undefined;
}

/** How its pull requests may be merged. */
export function mergesAllowed(repo: RepoRecord): readonly MergeMethod[] {
  return repo.allowedMerges ?? [repo.mergeMethod ?? 'squash'];
}

function common(ctx: GitHubContext, repo: RepoRecord) {
  return {
    id: repo.id,
    node_id: repo.nodeId,
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    private: repo.private,
    owner: userOf(ctx, repo.owner),
    description: repo.description,
    fork: false,
    ...repoUrls(ctx, repo),
  };
}

export function minimalRepo(
  ctx: GitHubContext,
  repo: RepoRecord,
): Schema<'minimal-repository'> {
  return common(ctx, repo);
}

/** The body of `repository` in lists, pull requests and webhooks. */
export function repository(
  ctx: GitHubContext,
  repo: RepoRecord,
): Schema<'repository'> {
  const html = repoHtml(ctx, repo);
  const since = iso(repo.createdAt);
  const merges = mergesAllowed(repo);
  return {
    ...common(ctx, repo),
    // http: a clone address with https on this port would hang every git client
    clone_url: `${html}.git`,
    git_url: `${html}.git`,
    ssh_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: isEmpty(repo) ? 0 : 1,
    default_branch: repo.defaultBranch,
    open_issues_count: 0,
    open_issues: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: repo.visibility ?? (repo.private ? 'private' : 'public'),
    is_template: false,
    topics: [...(repo.topics ?? [])],
    allow_forking: true,
    allow_squash_merge: merges.includes('squash'),
    allow_merge_commit: merges.includes('merge'),
    allow_rebase_merge: merges.includes('rebase'),
    delete_branch_on_merge: repo.deleteBranchOnMerge ?? false,
    web_commit_signoff_required: false,
    pushed_at: iso(repo.pushedAt ?? repo.createdAt),
    created_at: since,
    updated_at: since,
  };
}

/** What a level of access means, as GitHub spells it out. */
export function roles(access: Access) {
  return {
    admin: allows(access, 'admin'),
    maintain: allows(access, 'maintain'),
    push: allows(access, 'push'),
    triage: allows(access, 'triage'),
    pull: allows(access, 'pull'),
  };
}

export function fullRepo(
  ctx: GitHubContext,
  repo: RepoRecord,
  access: Access,
): Schema<'full-repository'> {
  const { owner, license: _, ...body } = repository(ctx, repo);
  const account = ctx.store.account(repo.owner);
  return {
    ...body,
    owner,
    license: null,
    has_discussions: false,
    pushed_at: iso(repo.pushedAt ?? repo.createdAt),
    created_at: iso(repo.createdAt),
    updated_at: iso(repo.createdAt),
    subscribers_count: 0,
    network_count: 0,
    permissions: roles(access),
    ...(account?.type === 'Organization'
      ? { organization: userOf(ctx, repo.owner) }
      : {}),
  };
}

/** `repository`, `organization`, `installation` members that every webhook body of a repository has. */
export function repoEnvelope(
  ctx: GitHubContext,
  repo: RepoRecord,
  installationId: number | null,
) {
  const account = ctx.store.account(repo.owner);
  return {
    repository: repository(ctx, repo),
    ...(account?.type === 'Organization'
      ? { organization: simpleOrganization(ctx, account) }
      : {}),
    ...(installationId === null
      ? {}
      : {
          installation: {
            id: installationId,
            node_id: Buffer.from(
              `023:IntegrationInstallation${installationId}`,
            ).toString('base64'),
          },
        }),
  };
}
