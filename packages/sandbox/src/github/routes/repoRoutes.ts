import { GitHubError } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { commit } from '../bodies/commitBodies';
import { fullRepo, repoApi, repoHtml } from '../bodies/repoBodies';

async function branches(call: Call) {
  const repo = call.repo('contents');
  const refs = await call.ctx.git.refs(repo);
  const found = [...refs].filter(([name]) => name.startsWith('refs/heads/'));
  return {
    body: call.page(found).map(([name, sha]) => ({
      name: name.slice(11),
      commit: { sha, url: `${repoApi(call.ctx, repo)}/commits/${sha}` },
      protected: name.slice(11) === repo.defaultBranch,
    })),
  };
}

async function branch(call: Call) {
  const repo = call.repo('contents');
  const name = call.param('branch');
  const sha = (await call.ctx.git.refs(repo)).get(`refs/heads/${name}`);
  const info = sha && (await call.ctx.git.commitInfo(repo, sha));
  if (!info) throw new GitHubError(404, 'Branch not found');
  const url = `${repoApi(call.ctx, repo)}/branches/${name}`;
  return {
    body: {
      name,
      commit: commit(call.ctx, repo, info),
      _links: { self: url, html: `${repoHtml(call.ctx, repo)}/tree/${name}` },
      protected: name === repo.defaultBranch,
      protection: {
        enabled: name === repo.defaultBranch,
        required_status_checks: {
          enforcement_level: 'off',
          contexts: [],
          checks: [],
        },
      },
      protection_url: `${url}/protection`,
    },
  };
}

/** Repository, branches, archives. */
export function addRepoRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}';

  api.get(`${base}/branches`, branches);
  api.get(`${base}/branches/{branch}`, branch);

  for (const format of ['tarball', 'zipball'] as const) {
    const archive = async (call: Call) => {
      const repo = call.repo('contents');
      const ref = call.param('ref') || repo.defaultBranch;
      const sha = await call.ctx.git.resolve(repo, ref);
      if (!sha) throw new GitHubError(404, 'Not Found');
      // one folder at the top, named as GitHub names it
      const top = `${repo.owner}-${repo.name}-${sha.slice(0, 7)}`;
      const raw = await call.ctx.git.git(repo, [
        'archive',
        `--format=${format === 'tarball' ? 'tar.gz' : 'zip'}`,
        `--prefix=${top}/`,
        sha,
      ]);
      return {
        raw,
        type: format === 'tarball' ? 'application/x-gzip' : 'application/zip',
        headers: {
          'Content-Disposition': `attachment; filename=${top}.${
            format === 'tarball' ? 'tar.gz' : 'zip'
          }`,
        },
      };
    };
    api.get(`${base}/${format}/{ref}`, archive);
  }

  api.get(base, call => {
    const repo = call.repo('metadata');
    return { body: fullRepo(call.ctx, repo, call.access()) };
  });
}
