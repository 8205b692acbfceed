import { createHash } from 'crypto';
import { Request, Response, Router } from 'express';
import { Actor, ActorKind } from '../actor';
import { GitHubContext } from '../gitHubContext';
import { GitHubError } from '../../state';
import { ssoLinkOf } from '../sso';
import { Call, Reply } from './call';

export type Handler = (call: Call) => Reply | Promise<Reply>;

const DOCS = 'https://docs.github.com/rest';
const VERSIONS = ['2022-11-28', '2026-03-10'];

/** OpenAPI template → express path. `{path}` and `{ref}` may hold slashes, encoded or not. */
function expressPath(template: string): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    ['path', 'ref', 'basehead', 'environment_name', 'branch'].includes(name)
      ? `:${name}(*)`
      : `:${name}`,
  );
}

/** Errors of other parts carry a status, too. */
function statusOf(error: unknown): number | undefined {
  const status =
    error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 600
    ? status
    : undefined;
}

/** What a fault's filter is looked for in: the route as documented and as asked. */
const routeNames = (req: Request, template: string) => [
  `${req.method} ${template}`,
  `${req.method} ${req.path}`,
];

/** A caller in the words of the rate limit's text. */
function whoIs(actor: Actor): string {
  if (actor.kind === 'user') return `user ID ${actor.account.id}`;
  if (actor.kind === 'installation') {
    return `installation ID ${actor.installationId}`;
  }
  return '127.0.0.1';
}

/** The REST API: a table of routes around one way to authenticate, count, limit and answer. */
export class ApiRoutes {
  readonly router = Router({ caseSensitive: false });
  /** `GET /repos/{owner}/{repo}`, in order of registration. */
  readonly templates: string[] = [];

  constructor(private readonly ctx: GitHubContext) {}

  get(template: string, handler: Handler): void {
    this.add('get', template, handler);
  }
  post(template: string, handler: Handler): void {
    this.add('post', template, handler);
  }
  put(template: string, handler: Handler): void {
    this.add('put', template, handler);
  }
  patch(template: string, handler: Handler): void {
    this.add('patch', template, handler);
  }
  delete(template: string, handler: Handler): void {
    this.add('delete', template, handler);
  }

  private add(
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    template: string,
    handler: Handler,
  ): void {
    this.templates.push(`${method.toUpperCase()} ${template}`);
    this.router[method](expressPath(template), (req, res) => {
      void this.answer(req, res, template, handler);
    });
  }

  /** Answers for an address no route knows. */
  async unknown(req: Request, res: Response): Promise<void> {
    await this.answer(req, res, '(unknown)', () => {
      throw new GitHubError(404, 'Not Found');
    });
  }

  private async answer(
    req: Request,
    res: Response,
    template: string,
    handler: Handler,
  ): Promise<void> {
    const { ctx } = this;
    res.setHeader('X-GitHub-Media-Type', 'github.v3; format=json');
    let kind: ActorKind = 'anonymous';
    let reply: Reply;
    let actor: Actor | undefined;
    try {
      const late = ctx.faults.strike('latency');
      if (late) {
        await new Promise<void>(done => {
          ctx.store.clock.after(late.ms ?? 1000, done);
        });
      }
      actor = ctx.tokens.actorOf(req.get('authorization'));
      kind = actor.kind;
      this.refuse(req, actor, res, template);
      const call = new Call(ctx, req, actor);
      reply = await handler(call);
      reply.headers = { ...call.headers, ...reply.headers };
      this.loseAnswer(req, template);
    } catch (error) {
      reply = this.errorReply(error);
    }
    this.send(req, res, actor, reply, notModified =>
      ctx.counters.add(req.method, template, kind, notModified),
    );
  }

  /** The write is done, and GitHub says that something went wrong. */
  private loseAnswer(req: Request, template: string): void {
    if (req.method === 'GET') return;
    const { faults } = this.ctx;
    const lost = faults.strike('after-errors', routeNames(req, template));
    if (lost) throw new GitHubError(lost.status ?? 502, 'Server Error');
  }

  /** Organisations with single sign-on let only those tokens in that were authorised for them. */
  private askForSso(
    req: Request,
    actor: Actor,
    res: Response,
    names: string[],
  ): void {
    if (actor.kind !== 'user') return;
    const link = ssoLinkOf(this.ctx, req.path);
    if (!link || !this.ctx.faults.strike('sso', names)) return;
    res.setHeader('X-GitHub-SSO', `required; url=${link}`);
    throw new GitHubError(
      403,
      'Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.',
    );
  }

  private refuse(
    req: Request,
    actor: Actor,
    res: Response,
    template: string,
  ): void {
    const names = routeNames(req, template);
    const { faults, rates } = this.ctx;
    const version = req.get('x-github-api-version');
    if (version && !VERSIONS.includes(version)) {
      throw new GitHubError(400, `API version "${version}" is not supported`);
    }
    res.setHeader('X-GitHub-Api-Version-Selected', version ?? VERSIONS[0]);
    const broken = faults.strike('errors', names);
    if (broken) {
      throw new GitHubError(broken.status ?? 502, 'Server Error');
    }
    this.askForSso(req, actor, res, names);
    if (faults.strike('secondary-limit')) {
      res.setHeader('Retry-After', '60');
      throw new GitHubError(
        403,
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      );
    }
    const exhausted = faults.strike('rate-limit');
    const free = req.path === '/rate_limit';
    if (!free && (exhausted || rates.state(actor).remaining === 0)) {
      res.setHeader('X-RateLimit-Remaining', '0');
      if (exhausted?.until) {
        res.setHeader(
          'X-RateLimit-Reset',
          String(Math.ceil(exhausted.until / 1000)),
        );
      }
      throw new GitHubError(
        403,
        `API rate limit exceeded for ${whoIs(actor)}.`,
      );
    }
  }

  private errorReply(error: unknown): Reply {
    const status = statusOf(error);
    if (status === undefined) {
      // a defect of the sandbox itself: the caller gets what GitHub would send, the terminal the reason
      process.stderr.write(
        `sandbox: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
    }
    const message =
      status === undefined ? 'Server Error' : (error as Error).message;
    return {
      status: status ?? 500,
      body: {
        message,
        ...(error instanceof GitHubError ? error.details : {}),
        documentation_url: DOCS,
        status: String(status ?? 500),
      },
    };
  }

  private send(
    req: Request,
    res: Response,
    actor: Actor | undefined,
    reply: Reply,
    count: (notModified: boolean) => void,
  ): void {
    const status = reply.status ?? 200;
    const payload =
      reply.raw ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
    let notModified = false;
    if (status === 200 && req.method === 'GET') {
      // the tag belongs to the credentials, as GitHub's: another token never gets a 304 for it
      const tag = `W/"${createHash('sha256')
        .update(req.get('authorization') ?? '')
        .update('\0')
        .update(req.get('accept') ?? '')
        .update('\0')
        .update(payload)
        .digest('hex')}"`;
      res.setHeader('ETag', tag);
      res.setHeader('Cache-Control', 'private, max-age=60, s-maxage=60');
      res.setHeader('Vary', 'Accept, Authorization, Cookie');
      notModified = (req.get('if-none-match') ?? '')
        .split(/,\s*/)
        .includes(tag);
    }
    count(notModified);
    if (actor) this.rateHeaders(req, res, actor, notModified);
    if (notModified) {
      res.status(304).end();
      return;
    }
    Object.entries(reply.headers ?? {}).forEach(([name, value]) =>
      res.setHeader(name, value),
    );
    res.status(status);
    if (payload === '' && reply.raw === undefined) {
      res.end();
      return;
    }
    res.setHeader(
      'Content-Type',
      reply.type ?? 'application/json; charset=utf-8',
    );
    res.end(payload);
  }

  private rateHeaders(
    req: Request,
    res: Response,
    actor: Actor,
    notModified: boolean,
  ): void {
    const { rates } = this.ctx;
    if (!notModified && req.path !== '/rate_limit') rates.count(actor);
    const state = rates.state(actor);
    res.setHeader('X-RateLimit-Limit', String(state.limit));
    if (!res.hasHeader('X-RateLimit-Remaining')) {
      res.setHeader('X-RateLimit-Remaining', String(state.remaining));
    }
    res.setHeader('X-RateLimit-Used', String(state.used));
    if (!res.hasHeader('X-RateLimit-Reset')) {
      res.setHeader(
        'X-RateLimit-Reset',
        String(Math.ceil(state.resetAt / 1000)),
      );
    }
    res.setHeader('X-RateLimit-Resource', 'core');
    if (actor.kind === 'user') {
      res.setHeader('X-OAuth-Scopes', actor.scopes.join(', '));
    }
  }
}
