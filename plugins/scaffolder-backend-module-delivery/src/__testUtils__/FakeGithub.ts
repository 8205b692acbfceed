import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import express, { type Request, type Response } from 'express';
import { addActionsRoutes } from './actionsRoutes';
import { addEnvironmentRoutes } from './environmentRoutes';
import { addPeopleRoutes } from './peopleRoutes';
import { addRepositoryRoutes } from './repositoryRoutes';
import { addRulesetRoutes } from './rulesetRoutes';
import { FakeRepository, type FakeAccount } from './FakeRepository';

/** A request that came in. */
export interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown>;
  token: string;
}

/** Answers instead of the true one; `times` counts down. */
export interface Fault {
  method: string;
  /** A pattern, or whatever else decides. */
  path: { test(path: string): boolean };
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  times?: number;
}

/** An answer that is no success. */
export class Refused extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export interface FakeTeam {
  id: number;
  slug: string;
  members: string[];
}

/**
 * A GitHub of one organisation on loopback that keeps state, refuses what GitHub refuses (wrong shapes, wrong order, too many reviewers)
 * and resets what a request leaves out. Tests change its fields and put faults in the way.
 */
export class FakeGithub {
  readonly asked: Asked[] = [];
  readonly accounts = new Map<string, FakeAccount>();
  /** Login by token; of an App: undefined. */
  readonly tokens = new Map<string, string | undefined>();
  readonly teams = new Map<string, FakeTeam>();
  readonly repositories = new Map<string, FakeRepository>();
  faults: Fault[] = [];
  organisation = 'acme';
  plan: string | undefined;
  /** What becomes of required reviewers in private repositories. */
  reviewers: 'kept' | 'ignored' | 'refused' = 'kept';
  /** Called after each request, to play what happens meanwhile. */
  after: (asked: Asked) => void = () => {};
  #server: Server | undefined;

  constructor() {
    for (const [at, login] of ['dana', 'ravi', 'cleo', 'pat'].entries()) {
      const id = 501 + at;
      this.accounts.set(login, { id, login, nodeId: `U_${id}`, type: 'User' });
      this.tokens.set(`ghu_${login}`, login);
    }
    this.teams.set('platform', {
      id: 71,
      slug: 'platform',
      members: ['dana', 'ravi'],
    });
  }

  get host(): string {
    const { port } = this.#server?.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  repository(name: string, changes: Partial<FakeRepository> = {}) {
    const made = new FakeRepository(
      this.organisation,
      name,
      9_000 + this.repositories.size,
    );
    Object.assign(made, changes);
    this.repositories.set(made.slug.toLowerCase(), made);
    return made;
  }

  /** Requests that may have changed something. */
  writes(): string[] {
    return this.asked
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`);
  }

  async start(): Promise<void> {
    const app = express();
    app.use(express.json());
    app.use((req, res, next) => {
      this.asked.push({
        method: req.method,
        path: req.path,
        body: req.body ?? {},
        token: tokenOf(req),
      });
      const fault = this.faults.find(
        one =>
          one.method === req.method &&
          one.path.test(req.path) &&
          (one.times ?? 1) > 0,
      );
      if (!fault) {
        next();
        return;
      }
      fault.times = (fault.times ?? 1) - 1;
      res
        .status(fault.status)
        .set(fault.headers ?? {})
        .json(fault.body ?? { message: 'Server Error' });
    });
    addPeopleRoutes(app, this);
    addRepositoryRoutes(app, this);
    addEnvironmentRoutes(app, this);
    addActionsRoutes(app, this);
    addRulesetRoutes(app, this);
    app.use((_req, res) => {
      res.status(404).json({ message: 'Not Found' });
    });
    await new Promise<void>(resolve => {
      this.#server = app.listen(0, '127.0.0.1', resolve);
    });
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(resolve => this.#server?.close(resolve));
  }

  /** Answers with what `make` gives; what it throws becomes GitHub's form of it. */
  answer(make: (req: Request, res: Response) => unknown) {
    return (req: Request, res: Response): void => {
      try {
        const body = make(req, res);
        if (res.headersSent) return;
        if (body === undefined) res.status(204).end();
        else res.json(body);
      } catch (error) {
        const status = error instanceof Refused ? error.status : 500;
        res.status(status).json({ message: (error as Error).message });
      } finally {
        this.after(this.asked[this.asked.length - 1]);
      }
    };
  }

  /** @throws Refused 401 without a known token */
  caller(req: Request): FakeAccount | undefined {
    const token = tokenOf(req);
    if (!this.tokens.has(token)) throw new Refused(401, 'Bad credentials');
    const login = this.tokens.get(token);
    return login === undefined ? undefined : this.accounts.get(login);
  }

  /** @throws Refused 404 for who may not see it */
  repo(req: Request): FakeRepository {
    const caller = this.caller(req);
    const { owner, repo } = req.params;
    const found = this.repositories.get(`${owner}/${repo}`.toLowerCase());
    const sees = found && (!found.isPrivate || found.roleOf(caller?.login));
    if (!found || !sees) throw new Refused(404, 'Not Found');
    return found;
  }

  /** @throws Refused 403 for who does not administer it */
  ownRepo(req: Request): FakeRepository {
    const found = this.repo(req);
    if (found.roleOf(this.caller(req)?.login) !== 'admin') {
      throw new Refused(403, 'Resource not accessible by integration');
    }
    return found;
  }
}

function tokenOf(req: Request): string {
  return (req.get('authorization') ?? '').replace(/^(?:token|bearer) /i, '');
}
