import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actingRoutes } from './actingRoutes';

/** An account; node ids are what `github.com/user-id` holds. */
export interface GithubAccount {
  id: number;
  login: string;
  type?: 'User' | 'Bot';
}

/** A run that waits at a gate, as the vendor has it. */
export interface GatedRun {
  id: number;
  slug: string;
  sha: string;
  attempt: number;
  status: 'waiting' | 'in_progress' | 'completed';
  conclusion: string | null;
  actor: string;
  /** Of each attempt. */
  triggering: string[];
  environment: string;
  approvals: {
    login: string;
    state: 'approved' | 'rejected';
    comment: string;
  }[];
  /** Deployment that waits for the gate. */
  deployment: number;
  title?: string;
  /** Workflow file. */
  path?: string;
  event?: string;
}

export interface Asked {
  method: string;
  path: string;
  token?: string;
  body: string;
}

export const CLIENT = { id: 'Iv1.portal', secret: 'client-secret-canary' };

/**
 * A GitHub of a few runs that answers what deciding needs, with state: what is decided is decided. Tests change its fields, and may
 * stand in the way with {@link ActingGithub.before} and {@link ActingGithub.after}.
 */
export class ActingGithub {
  readonly asked: Asked[] = [];
  readonly accounts = new Map<string, GithubAccount>();
  /** User tokens, and the application they were issued to. */
  readonly tokens = new Map<string, { login: string; clientId: string }>();
  readonly runs = new Map<number, GatedRun>();
  /** Logins; a person is a reviewer by name only here. */
  reviewers = ['cleo', 'ravi'];
  preventSelfReview = true;
  canAdminsBypass: boolean | undefined = false;
  environmentIds = new Map<string, number>();
  /** Commits on the way from what runs to the candidate. */
  range: {
    status: string;
    commits: { sha: string; message: string; author?: string }[];
    total?: number;
  } = { status: 'ahead', commits: [] };
  /** Called before a request is answered; a status it gives is answered instead of doing anything. */
  before: (asked: Asked) => Promise<number | void> | number | void = () => {};
  /** Called after it was done; a status it gives is answered instead of the true answer. */
  after: (asked: Asked) => number | void = () => {};
  #server: Server | undefined;

  constructor() {
    for (const [index, login] of [
      'dana',
      'ravi',
      'cleo',
      'eve',
      'pat',
    ].entries()) {
      this.accounts.set(login, { id: 501 + index, login });
      this.tokens.set(`ghu_${login}`, { login, clientId: CLIENT.id });
    }
  }

  get url(): string {
    const { port } = this.#server?.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  addRun(run: Pick<GatedRun, 'id' | 'slug'> & Partial<GatedRun>): GatedRun {
    const added: GatedRun = {
      sha: 'a'.repeat(40),
      attempt: 1,
      status: 'waiting',
      conclusion: null,
      actor: 'dana',
      triggering: ['dana'],
      environment: 'production',
      approvals: [],
      deployment: run.id + 5_000,
      ...run,
    };
    this.runs.set(added.id, added);
    return added;
  }

  environmentId(slug: string, name: string): number {
    const key = `${slug} ${name}`;
    const id = this.environmentIds.get(key) ?? 900 + this.environmentIds.size;
    this.environmentIds.set(key, id);
    return id;
  }

  /** Requests that decided something. */
  decisions(): Asked[] {
    return this.asked.filter(
      ({ method, path }) =>
        method === 'POST' && path.endsWith('/pending_deployments'),
    );
  }

  async start(): Promise<this> {
    this.#server = createServer(async (request, response) => {
      const asked = await readRequest(request);
      this.asked.push(asked);
      const instead = await this.before(asked);
      const answer = instead
        ? { status: instead, body: { message: 'Broken on purpose' } }
        : actingRoutes(this, asked);
      const later = instead ? undefined : this.after(asked);
      response.writeHead(later ?? answer.status, {
        'content-type': 'application/json',
        'x-github-request-id': `REQ:${this.asked.length}`,
      });
      response.end(
        answer.body === undefined ? undefined : JSON.stringify(answer.body),
      );
    });
    await new Promise<void>(done => {
      this.#server?.listen(0, '127.0.0.1', done);
    });
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(done => this.#server?.close(done));
  }
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: String(request.method),
    path: decodeURIComponent(String(request.url).split('?')[0]),
    token: request.headers.authorization?.replace(/^(Bearer|token) /i, ''),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
