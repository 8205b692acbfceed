import { posix } from 'path';
import { GitHubError, RepoRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call, Reply } from '../api/call';
import { isEmpty, repoApi, repoHtml } from '../bodies/repoBodies';
import { Schema } from '../bodies/schemas';
import { filledRepo } from './commitRoutes';

function urls(call: Call, repo: RepoRecord, ref: string, path: string) {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return {
    self: `${repoApi(call.ctx, repo)}/contents/${encoded}?ref=${ref}`,
    html: `${repoHtml(call.ctx, repo)}/blob/${ref}/${encoded}`,
  };
}

function file(
  call: Call,
  repo: RepoRecord,
  ref: string,
  found: { path: string; sha: string; size: number },
  content: Buffer,
): Schema<'content-file'> {
  const { self, html } = urls(call, repo, ref, found.path);
  const git = `${repoApi(call.ctx, repo)}/git/blobs/${found.sha}`;
  return {
    type: 'file',
    encoding: 'base64',
    size: found.size,
    name: posix.basename(found.path),
    path: found.path,
    // GitHub breaks the lines of base64 after 60 characters
    content: content.toString('base64').replace(/.{1,60}/g, '$&\n'),
    sha: found.sha,
    url: self,
    git_url: git,
    html_url: html,
    download_url: html.replace('/blob/', '/raw/'),
    _links: { git, self, html },
  };
}

type Entry = Schema<'content-directory'>[number];

async function directory(
  call: Call,
  repo: RepoRecord,
  ref: string,
  path: string,
): Promise<Entry[]> {
  const entries = await call.ctx.git.tree(repo, ref, path);
  return entries.map(entry => {
    const full = path === '' ? entry.name : `${path}/${entry.name}`;
    const { self, html } = urls(call, repo, ref, full);
    const isFile = entry.type === 'blob';
    const git = `${repoApi(call.ctx, repo)}/git/${isFile ? 'blobs' : 'trees'}/${
      entry.sha
    }`;
    const page = isFile ? html : html.replace('/blob/', '/tree/');
    return {
      type: isFile ? 'file' : 'dir',
      size: entry.size,
      name: entry.name,
      path: full,
      sha: entry.sha,
      url: self,
      git_url: git,
      html_url: page,
      download_url: isFile ? html.replace('/blob/', '/raw/') : null,
      _links: { git, self, html: page },
    };
  });
}

async function contents(call: Call): Promise<Reply> {
  const repo = call.repo('contents');
  const path = call.param('path').replace(/^\/+|\/+$/g, '');
  const ref = call.query('ref') ?? repo.defaultBranch;
  if (isEmpty(repo)) throw new GitHubError(404, 'This repository is empty.');
  const sha = await call.ctx.git.resolve(repo, ref);
  if (!sha) {
    throw new GitHubError(404, `No commit found for the ref ${ref}`);
  }
  const all = await call.ctx.git.listFiles(repo, sha);
  const found = all.find(entry => entry.path === path);
  if (!found) {
    if (path !== '' && !all.some(entry => entry.path.startsWith(`${path}/`))) {
      throw new GitHubError(404, 'Not Found');
    }
    return { body: await directory(call, repo, ref, path) };
  }
  const content = await call.ctx.git.readBlob(repo, found.sha);
  if (!content) throw new GitHubError(404, 'Not Found');
  if (call.accepts('.raw')) {
    return { raw: content, type: 'application/vnd.github.raw; charset=utf-8' };
  }
  return { body: file(call, repo, ref, found, content) };
}

/** Files and folders. */
export function addContentRoutes(api: ApiRoutes): void {
  api.get('/repos/{owner}/{repo}/contents/{path}', contents);
  api.get('/repos/{owner}/{repo}/contents', contents);

  api.get('/repos/{owner}/{repo}/git/blobs/{file_sha}', async call => {
    const repo = call.repo('contents');
    const sha = call.param('file_sha');
    const content = await call.ctx.git.readBlob(repo, sha);
    if (!content) throw new GitHubError(404, 'Not Found');
    if (call.accepts('.raw')) {
      return {
        raw: content,
        type: 'application/vnd.github.raw; charset=utf-8',
      };
    }
    const body: Schema<'blob'> = {
      sha,
      node_id: `B_${sha}`,
      size: content.length,
      url: `${repoApi(call.ctx, repo)}/git/blobs/${sha}`,
      content: content.toString('base64').replace(/.{1,60}/g, '$&\n'),
      encoding: 'base64',
    };
    return { body };
  });

  api.get('/repos/{owner}/{repo}/git/trees/{tree_sha}', async call => {
    const repo = filledRepo(call);
    const wanted = call.param('tree_sha');
    const recursive = call.query('recursive') !== undefined;
    const tree = await call.ctx.git.treeSha(repo, wanted);
    if (!tree) throw new GitHubError(404, 'Not Found');
    const api_ = `${repoApi(call.ctx, repo)}/git`;
    const entries = await call.ctx.git.tree(repo, tree, '', recursive);
    const body: Schema<'git-tree'> = {
      sha: tree,
      url: `${api_}/trees/${tree}`,
      tree: entries.map(entry => ({
        path: entry.name,
        mode: entry.mode,
        type: entry.type,
        sha: entry.sha,
        ...(entry.type === 'blob' ? { size: entry.size } : {}),
        url: `${api_}/${entry.type === 'blob' ? 'blobs' : 'trees'}/${
          entry.sha
        }`,
      })),
      truncated: false,
    };
    return { body };
  });
}
