import { spawn } from 'child_process';
import { Request, Response, Router } from 'express';
import { RepoRecord } from '../state';
import { gitEnvironment } from '../store/runGit';
import { accessTo, allows } from './access';
import { Actor } from './actor';
import { GitHubContext } from './gitHubContext';
import { checkPush, lacksContents } from './push/checkPush';
import { readPush, refusedPush, wholeBody } from './push/receivePack';
import { registerWorkflows } from './push/registerWorkflows';

const NOBODY = '0'.repeat(40);

/** Tells the engine and the listeners about every branch that a push moved. */
export async function announcePush(
  ctx: GitHubContext,
  repo: RepoRecord,
  before: Map<string, string>,
  actor: string,
): Promise<void> {
  ctx.git.forgetRefs(repo);
  const after = await ctx.git.refs(repo);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(name) ?? NOBODY;
    const to = after.get(name) ?? NOBODY;
    if (from === to) continue;
    repo.pushedAt = ctx.store.clock.now();
    if (name === `refs/heads/${repo.defaultBranch}` && to !== NOBODY) {
      await registerWorkflows(ctx.store, ctx.git, repo, to);
    }
    ctx.store.changed({
      event: 'push',
      action: null,
      repoId: repo.id,
      ref: name,
      before: from,
      after: to,
      pusher: actor,
    });
    if (to !== NOBODY && name.startsWith('refs/heads/')) {
      await ctx.engine.push(repo, {
        branch: name.slice('refs/heads/'.length),
        before: from,
        after: to,
        actor,
      });
    }
  }
}

function loginOf(ctx: GitHubContext, actor: Actor): string {
  if (actor.kind === 'user') return actor.account.login;
  return `${ctx.app.slug}[bot]`;
}

/**
 * Runs `git http-backend` as a CGI program and streams its answer.
 * @param body - of the request, unpacked, when it has been read already
 */
function runBackend(
  ctx: GitHubContext,
  repo: RepoRecord,
  path: string,
  login: string,
  req: Request,
  res: Response,
  body?: Buffer,
): Promise<void> {
  const query = req.url.includes('?')
    ? req.url.slice(req.url.indexOf('?') + 1)
    : '';
  const child = spawn('git', ['http-backend'], {
    env: gitEnvironment({
      GIT_PROJECT_ROOT: ctx.git.root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: login,
      REMOTE_ADDR: '127.0.0.1',
      REQUEST_METHOD: req.method,
      PATH_INFO: `/${repo.owner}/${repo.name}.git/${path}`,
      QUERY_STRING: query,
      CONTENT_TYPE: req.get('content-type') ?? '',
      CONTENT_LENGTH: String(body?.length ?? req.get('content-length') ?? ''),
      HTTP_CONTENT_ENCODING: body ? '' : req.get('content-encoding') ?? '',
      GIT_PROTOCOL: req.get('git-protocol') ?? '',
      // bare repositories made by another user of the machine are refused otherwise
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    }),
  });
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    let streaming = false;
    child.stdout.on('data', (chunk: Buffer) => {
      if (streaming) {
        res.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      for (const line of head.subarray(0, end).toString('utf8').split('\r\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon);
        const value = line.slice(colon + 1).trim();
        if (name.toLowerCase() === 'status')
          res.status(Number.parseInt(value, 10));
        else res.setHeader(name, value);
      }
      streaming = true;
      res.write(head.subarray(end + 4));
    });
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', () => resolve());
    child.stdin.on('error', () => undefined);
    if (body) child.stdin.end(body);
    else req.pipe(child.stdin);
  });
}

/** git smart HTTP: clone, fetch and push. */
export function gitRouter(ctx: GitHubContext): Router {
  const router = Router();
  const handle = async (req: Request, res: Response) => {
    const { owner, name } = req.params;
    const { path } = req.params;
    const repo = ctx.store.repo(owner, name.replace(/\.git$/, ''));
    let actor: Actor;
    try {
      actor = ctx.tokens.actorOf(req.get('authorization'));
    } catch {
      res.status(401).setHeader('WWW-Authenticate', 'Basic realm="GitHub"');
      res.type('text/plain').send('Bad credentials');
      return;
    }
    const service = req.query.service ?? path;
    const pushing = service === 'git-receive-pack';
    const access = repo ? accessTo(ctx.store, actor, repo) : 'none';
    if (actor.kind === 'anonymous' && (pushing || access === 'none')) {
      // asks for credentials for repositories that do not exist, too: nobody learns which ones do
      res.status(401).setHeader('WWW-Authenticate', 'Basic realm="GitHub"');
      res.type('text/plain').send('Authentication required');
      return;
    }
    if (!repo || access === 'none') {
      res.status(404).type('text/plain').send('Repository not found.');
      return;
    }
    const writes =
      actor.kind === 'installation'
        ? actor.permissions.contents === 'write'
        : allows(access, 'push') && !lacksContents(ctx, actor);
    const login = loginOf(ctx, actor);
    if (pushing && !writes) {
      res
        .status(403)
        .type('text/plain')
        .send(
          `Permission to ${repo.owner}/${repo.name}.git denied to ${login}.`,
        );
      return;
    }
    res.setHeader('Cache-Control', 'no-cache');
    if (path !== 'git-receive-pack' || req.method !== 'POST') {
      await runBackend(ctx, repo, path, login, req, res);
      res.end();
      return;
    }
    const body = await wholeBody(req, req.get('content-encoding'));
    const push = readPush(body);
    const refusal = await checkPush(ctx, repo, actor, push);
    if (refusal) {
      res.type('application/x-git-receive-pack-result');
      res.end(refusedPush(push, refusal.message, refusal.reasons));
      return;
    }
    const before = new Map(await ctx.git.refs(repo));
    await runBackend(ctx, repo, path, login, req, res, body);
    // before the answer ends, so that whoever pushed finds the runs there
    await announcePush(ctx, repo, before, login);
    res.end();
  };
  const safe = (req: Request, res: Response) => {
    handle(req, res).catch(error => {
      process.stderr.write(`sandbox: git: ${error}\n`);
      if (!res.headersSent) res.status(500);
      res.end();
    });
  };
  router.get('/:owner/:name/:path(info/refs)', safe);
  router.post('/:owner/:name/:path(git-upload-pack|git-receive-pack)', safe);
  return router;
}
