import { Request } from 'express';
import { Account, GitHubError, RepoRecord, RunRecord } from '../../state';
import { Access, accessTo, allows } from '../access';
import { Actor } from '../actor';
import { GitHubContext } from '../gitHubContext';

/** What a handler answers. Status 200 unless said. */
export interface Reply {
  status?: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with `type`. */
  raw?: Buffer | string;
  type?: string;
  headers?: Record<string, string>;
}

/** Items of a page when nothing is said, and at most. */
const PAGE = { perPage: 30, most: 100 };

const NEEDED_TEXT: Record<string, string> = {
  user: 'Must have admin rights to Repository.',
  installation: 'Resource not accessible by integration',
};

/** One request to the REST API, with the questions the handlers ask about it. */
export class Call {
  readonly headers: Record<string, string> = {};
  private readonly foundRepo: { repo?: RepoRecord } = {};

  constructor(
    readonly ctx: GitHubContext,
    readonly req: Request,
    readonly actor: Actor,
  ) {}

  param(name: string): string {
    return this.req.params[name] ?? '';
  }

  /** A numeric path segment; anything else does not exist. */
  id(name: string): number {
    const text = this.param(name);
    if (!/^\d{1,15}$/.test(text)) throw new GitHubError(404, 'Not Found');
    return Number(text);
  }

  query(name: string): string | undefined {
    const value = this.req.query[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** The JSON body; `{}` when there is none. */
  json(): Record<string, unknown> {
    const { body } = this.req;
    return body && typeof body === 'object' && !Array.isArray(body) ? body : {};
  }

  accepts(fragment: string): boolean {
    return (this.req.get('accept') ?? '').includes(fragment);
  }

  /** @throws GitHubError 401 when nobody is signed in, 403 for Apps where only people are allowed */
  person(): Account {
    if (this.actor.kind === 'anonymous' || this.actor.kind === 'client') {
      throw new GitHubError(401, 'Requires authentication');
    }
    if (this.actor.kind !== 'user') {
      throw new GitHubError(403, 'Resource not accessible by integration');
    }
    return this.actor.account;
  }

  /** Login that changes made by this call are attributed to. */
  login(): string {
    switch (this.actor.kind) {
      case 'user':
        return this.actor.account.login;
      case 'installation':
        return `${this.ctx.app.slug}[bot]`;
      default:
        throw new GitHubError(401, 'Requires authentication');
    }
  }

  asApp(): void {
    if (this.actor.kind !== 'app') {
      throw new GitHubError(401, 'A JSON web token could not be decoded');
    }
  }

  /** What the caller may do in the repository of the route. */
  access(): Access {
    return this.accessIn(this.findRepo());
  }

  accessIn(repo: RepoRecord): Access {
    return accessTo(this.ctx.store, this.actor, repo);
  }

  private findRepo(): RepoRecord {
    this.foundRepo.repo ??= this.ctx.store.repo(
      this.param('owner'),
      this.param('repo'),
    );
    if (!this.foundRepo.repo) throw new GitHubError(404, 'Not Found');
    return this.foundRepo.repo;
  }

  /**
   * What the App behind the token has to have for something; personal tokens have no App.
   * @throws GitHubError 403 when it does not
   */
  needPermission(permission: string, need: 'read' | 'write'): void {
    const { actor } = this;
    if (actor.kind !== 'installation' && actor.kind !== 'user') return;
    if (actor.kind === 'user' && !actor.viaApp) return;
    const held =
      actor.kind === 'installation'
        ? actor.permissions
        : (actor.application ?? this.ctx.app).permissions;
    const level = held[permission];
    if (level === 'write' || (need === 'read' && level === 'read')) return;
    throw new GitHubError(403, NEEDED_TEXT.installation);
  }

  /**
   * The repository of the route.
   * @param permission - what an App needs to have for it
   * @param role - what a person needs to be there: who may push for writes, anybody for reads
   * @throws GitHubError 404 when it does not exist or may not be seen, 401/403 when it may be seen but not used so
   */
  repo(
    permission: string,
    need: 'read' | 'write' = 'read',
    role: Access = need === 'write' ? 'push' : 'pull',
  ): RepoRecord {
    const { kind } = this.actor;
    const repo = this.findRepo();
    const have = this.access();
    if (have === 'none') throw new GitHubError(404, 'Not Found');
    const open = role === 'pull';
    if (!open && kind !== 'user' && kind !== 'installation') {
      throw new GitHubError(401, 'Requires authentication');
    }
    if (repo.private || !open) this.needPermission(permission, need);
    // an installation is nobody: its permissions have said what it may do where it is installed
    const needed = kind === 'installation' && !open ? 'push' : role;
    if (!allows(have, needed)) throw new GitHubError(403, NEEDED_TEXT.user);
    return repo;
  }

  /** The run of the route, in the repository of the route. */
  run(need: 'read' | 'write' = 'read'): RunRecord {
    const repo = this.repo('actions', need);
    const run = this.ctx.store.runs.get(this.id('run_id'));
    if (!run || run.repoId !== repo.id) throw new GitHubError(404, 'Not Found');
    return run;
  }

  /** `page` and `per_page`, limited as GitHub limits them. */
  paging(limits: { perPage: number; most: number } = PAGE): {
    page: number;
    perPage: number;
  } {
    const number = (name: string, fallback: number) => {
      const value = Number.parseInt(this.query(name) ?? '', 10);
      return Number.isFinite(value) && value > 0 ? value : fallback;
    };
    return {
      page: number('page', 1),
      perPage: Math.min(limits.most, number('per_page', limits.perPage)),
    };
  }

  /** The requested page of a list; sets the `Link` header. */
  page<T>(items: T[], limits = PAGE): T[] {
    const { page, perPage } = this.paging(limits);
    const last = Math.max(1, Math.ceil(items.length / perPage));
    const links: string[] = [];
    const add = (number: number, rel: string) =>
      links.push(`<${this.selfUrl({ page: String(number) })}>; rel="${rel}"`);
    if (page > 1) add(Math.min(page - 1, last), 'prev');
    if (page < last) {
      add(page + 1, 'next');
      add(last, 'last');
    }
    if (page > 1) add(1, 'first');
    if (links.length > 0) this.headers.Link = links.join(', ');
    return items.slice((page - 1) * perPage, page * perPage);
  }

  /** Address of this request with other query values; repositories by id, as GitHub writes its links. */
  selfUrl(change: Record<string, string | undefined>): string {
    const { repo } = this.foundRepo;
    const path = this.req.path;
    const prefix = /^\/repos\/[^/]+\/[^/]+/;
    const shown = repo
      ? path.replace(prefix, `/repositories/${repo.id}`)
      : path;
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(this.req.query)) {
      if (typeof value === 'string') query.set(key, value);
    }
    for (const [key, value] of Object.entries(change)) {
      if (value === undefined) query.delete(key);
      else query.set(key, value);
    }
    return `${this.ctx.baseUrl}/api/v3${shown}?${query}`;
  }
}
