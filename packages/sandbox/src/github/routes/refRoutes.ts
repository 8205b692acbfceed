import { GitHubError, RepoRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { repoApi } from '../bodies/repoBodies';
import { Schema } from '../bodies/schemas';
import { GitHubContext } from '../gitHubContext';
import { filledRepo } from './commitRoutes';

interface Pointer {
  /** Full name. */
  name: string;
  sha: string;
  type: 'commit' | 'tag';
}

/** A ref and what it points at itself: a tag with a message is an object of its own. */
async function pointer(
  ctx: GitHubContext,
  repo: RepoRecord,
  name: string,
): Promise<Pointer | undefined> {
  const commit = (await ctx.git.refs(repo)).get(name);
  if (!commit) return undefined;
  if (!name.startsWith('refs/tags/'))
    return { name, sha: commit, type: 'commit' };
  const out = await ctx.git.git(repo, ['rev-parse', '--verify', name]);
  const sha = out.toString('utf8').trim();
  return { name, sha, type: sha === commit ? 'commit' : 'tag' };
}

function refBody(
  ctx: GitHubContext,
  repo: RepoRecord,
  { name, sha, type }: Pointer,
): Schema<'git-ref'> {
  const api = `${repoApi(ctx, repo)}/git`;
  return {
    ref: name,
    node_id: `REF_${Buffer.from(`${repo.id}:${name}`).toString('base64url')}`,
    url: `${api}/${name}`,
    object: { type, sha, url: `${api}/${type}s/${sha}` },
  };
}

/** A tag with a message, as git shows it. */
async function tagObject(call: Call) {
  const repo = filledRepo(call);
  const sha = call.param('tag_sha');
  const out = /^[0-9a-f]{40}$/.test(sha)
    ? await call.ctx.git
        .git(repo, ['cat-file', 'tag', sha])
        .catch(() => undefined)
    : undefined;
  if (!out) throw new GitHubError(404, 'Not Found');
  const [head, ...message] = out.toString('utf8').split('\n\n');
  const line = (name: string) =>
    new RegExp(`^${name} (.*)$`, 'm').exec(head)?.[1] ?? '';
  const [, author = '', email = '', seconds = '0'] =
    /^(.*) <(.*)> (\d+)/.exec(line('tagger')) ?? [];
  const api = `${repoApi(call.ctx, repo)}/git`;
  const body: Schema<'git-tag'> = {
    node_id: `TA_${sha}`,
    tag: line('tag'),
    sha,
    url: `${api}/tags/${sha}`,
    message: message.join('\n\n').trimEnd(),
    tagger: {
      name: author,
      email,
      date: new Date(Number(seconds) * 1000).toISOString().replace('.000', ''),
    },
    object: {
      sha: line('object'),
      type: line('type'),
      url: `${api}/${line('type')}s/${line('object')}`,
    },
  };
  return { body };
}

/** Refs and tags. */
export function addRefRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}';

  api.get(`${base}/git/ref/{ref}`, async call => {
    const repo = filledRepo(call);
    const found = await pointer(call.ctx, repo, `refs/${call.param('ref')}`);
    if (!found) throw new GitHubError(404, 'Not Found');
    return { body: refBody(call.ctx, repo, found) };
  });

  api.get(`${base}/git/matching-refs/{ref}`, async call => {
    const repo = filledRepo(call);
    const prefix = `refs/${call.param('ref')}`;
    const names = [...(await call.ctx.git.refs(repo)).keys()].filter(name =>
      name.startsWith(prefix),
    );
    const found = call.page(names).map(async name => {
      const ref = await pointer(call.ctx, repo, name);
      return ref ? [refBody(call.ctx, repo, ref)] : [];
    });
    return { body: (await Promise.all(found)).flat() };
  });

  api.get(`${base}/git/tags/{tag_sha}`, tagObject);

  api.get(`${base}/tags`, async call => {
    const repo = call.repo('contents');
    const tags = [...(await call.ctx.git.refs(repo))]
      .filter(([ref]) => ref.startsWith('refs/tags/'))
      .map(([ref, sha]) => ({ name: ref.slice('refs/tags/'.length), sha }))
      .reverse();
    const url = repoApi(call.ctx, repo);
    const body: Schema<'tag'>[] = call.page(tags).map(({ name, sha }) => ({
      name,
      node_id: `REF_${Buffer.from(`${repo.id}:${name}`).toString('base64url')}`,
      commit: { sha, url: `${url}/commits/${sha}` },
      zipball_url: `${url}/zipball/refs/tags/${name}`,
      tarball_url: `${url}/tarball/refs/tags/${name}`,
    }));
    return { body };
  });
}
