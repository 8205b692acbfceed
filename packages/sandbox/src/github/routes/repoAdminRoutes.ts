import { Account, GitHubError } from '../../state';
import { isMember } from '../access';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import {
  invalidRequest,
  supplied,
  textIn,
  textsIn,
  truthIn,
} from '../api/validate';
import {
  fullRepo,
  mergesAllowed,
  repository,
  roles,
} from '../bodies/repoBodies';
import { accessTo } from '../access';
import {
  createRepository,
  mergesOf,
  visibilityOf,
} from '../repositories/createRepository';
import { removeRepository } from '../repositories/removeRepository';

const MOST_TOPICS = 20;

async function create(call: Call, owner: Account): Promise<Reply> {
  const creator = call.person();
  const body = call.json();
  supplied(body, 'name');
  const repo = await createRepository(call.ctx, owner, creator, body);
  return { status: 201, body: fullRepo(call.ctx, repo, call.accessIn(repo)) };
}

async function createInOrganization(call: Call): Promise<Reply> {
  const org = call.ctx.store.account(call.param('org'));
  if (org?.type !== 'Organization') throw new GitHubError(404, 'Not Found');
  const { login } = call.person();
  call.needPermission('administration', 'write');
  if (!isMember(call.ctx.store, org.login, login)) {
    throw new GitHubError(
      403,
      'You need admin access to the organization before adding a repository to it.',
    );
  }
  return create(call, org);
}

async function createForPerson(call: Call): Promise<Reply> {
  const person = call.person();
  // the Apps are installed in organisations only
  if (call.actor.kind === 'user' && call.actor.viaApp) {
    throw new GitHubError(403, 'Resource not accessible by integration');
  }
  return create(call, person);
}

async function change(call: Call): Promise<Reply> {
  const repo = call.repo('administration', 'write', 'admin');
  const body = call.json();
  const name = textIn(body, 'name');
  if (name !== undefined && name !== repo.name) {
    throw invalidRequest('The sandbox does not rename repositories.');
  }
  const branch = textIn(body, 'default_branch');
  if (branch !== undefined && branch !== repo.defaultBranch) {
    const refs = await call.ctx.git.refs(repo);
    if (!refs.has(`refs/heads/${branch}`)) {
      throw new GitHubError(422, 'Validation Failed', {
        errors: [
          {
            resource: 'Repository',
            code: 'invalid',
            field: 'default_branch',
            message: `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`,
          },
        ],
      });
    }
    repo.defaultBranch = branch;
  }
  const owner = call.ctx.store.account(repo.owner);
  const visibility = owner && visibilityOf(call.ctx, owner, body);
  if (visibility) {
    repo.visibility = visibility;
    repo.private = visibility !== 'public';
  }
  const merges = mergesOf(body, mergesAllowed(repo));
  repo.allowedMerges = merges;
  // how the sandbox itself merges stays as it is while that is allowed
  if (!merges.includes(repo.mergeMethod ?? 'squash'))
    [repo.mergeMethod] = merges;
  repo.description = textIn(body, 'description') ?? repo.description;
  repo.deleteBranchOnMerge =
    truthIn(body, 'delete_branch_on_merge') ?? repo.deleteBranchOnMerge;
  call.ctx.store.changed();
  return { body: fullRepo(call.ctx, repo, call.access()) };
}

function topicsOf(call: Call): string[] {
  const body = call.json();
  supplied(body, 'names');
  const names = textsIn(body, 'names') ?? [];
  if (names.length > MOST_TOPICS) {
    throw new GitHubError(
      422,
      `A repository can't have more than ${MOST_TOPICS} topics.`,
    );
  }
  if (!names.every(name => /^[a-z0-9][a-z0-9-]{0,49}$/.test(name))) {
    throw new GitHubError(
      422,
      'Topics must start with a lowercase letter or number, consist of 50 characters or less, and can include hyphens.',
    );
  }
  return [...new Set(names)];
}

/** Creating, changing and deleting repositories. */
export function addRepoAdminRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}';
  api.post('/orgs/{org}/repos', createInOrganization);
  api.post('/user/repos', createForPerson);

  api.get('/user/repos', call => {
    const { login } = call.person();
    const { store } = call.ctx;
    const found = [...store.repos.values()].filter(
      repo =>
        accessTo(store, call.actor, repo) !== 'none' &&
        (repo.owner === login ||
          repo.collaborators?.[login] !== undefined ||
          isMember(store, repo.owner, login)),
    );
    return {
      body: call.page(found).map(repo => ({
        ...repository(call.ctx, repo),
        permissions: roles(call.accessIn(repo)),
      })),
    };
  });

  api.patch(base, change);

  api.delete(base, async call => {
    const repo = call.repo('administration', 'write', 'admin');
    await removeRepository(call.ctx, repo, call.login());
    return { status: 204 };
  });

  api.get(`${base}/topics`, call => ({
    body: { names: [...(call.repo('metadata').topics ?? [])] },
  }));

  api.put(`${base}/topics`, call => {
    const repo = call.repo('administration', 'write', 'admin');
    repo.topics = topicsOf(call);
    call.ctx.store.changed();
    return { body: { names: repo.topics } };
  });
}
