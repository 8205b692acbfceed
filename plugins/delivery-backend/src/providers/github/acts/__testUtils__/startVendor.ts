import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  UserToken,
  type GateRef,
  type VendorIdentity,
} from 'backstage-plugin-delivery-node';
import { hostKey } from '../../keys';
import { createGithubActs } from '../createGithubActs';

export const NOW = Date.UTC(2026, 10, 20, 12);
export const TOKEN = 'ghu_canaryOfThePerson0123456789abcdef';
export const SECRET = 'canary-of-the-client-secret';
export const CLIENT_ID = 'Iv1.portal';
export const SLUG = 'acme/vaultex';
export const SHA = 'a'.repeat(40);
export const { signal } = new AbortController();

export interface Seen {
  method: string;
  /** As it was on the line: encoded. */
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Takes the request and never answers. */
  hangUp?: boolean;
}

type Answer = Reply | ((seen: Seen) => Reply);

/** `GET /repos/acme/vaultex/…` without the query, as it is on the line. */
export type Answers = Record<string, Answer>;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.hangUp) {
    response.destroy();
    return;
  }
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': 'C0FF:EE:1',
    ...reply.headers,
  });
  response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
}

/** GitHub's answers by address, and what was asked. An address without an answer is "not found". */
export async function startVendor(answers: Answers = {}) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const one: Seen = {
      method: request.method ?? '',
      path: (request.url ?? '').replace('/api/v3', ''),
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    seen.push(one);
    const found = answers[`${one.method} ${one.path.split('?')[0]}`];
    const reply = typeof found === 'function' ? found(one) : found;
    send(response, reply ?? { status: 404, body: { message: 'Not Found' } });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const apiBaseUrl = `http://${host}/api/v3`;
  const portal: string[] = [];
  const acts = createGithubActs({
    hosts: [
      {
        ...{ host, apiBaseUrl },
        reader: {
          call: async call => {
            portal.push(call.route);
            throw new Error('the portal was not to read');
          },
        },
      },
    ],
    signIn: [{ host, clientId: CLIENT_ID, clientSecret: SECRET }],
    clock: () => NOW,
    retries: 0,
  });
  const scope = { host, slug: SLUG };
  const gate: GateRef = {
    ...scope,
    repoKey: `${hostKey(host)}/9`,
    runKey: `${hostKey(host)}.5`,
    environment: 'production',
  };
  return {
    ...{ acts, answers, apiBaseUrl, gate, host, scope, seen },
    /** What was sent, in short. */
    calls: () => seen.map(({ method, path }) => `${method} ${path}`),
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

export type Vendor = Awaited<ReturnType<typeof startVendor>>;

let people = 100;

/** Somebody of whom nobody heard before: each has a queue of writes with pauses of its own. */
export function somebody(host: string): {
  token: UserToken;
  identity: VendorIdentity;
} {
  people += 1;
  const id = String(people);
  return {
    token: new UserToken(TOKEN),
    identity: { host, id, nodeId: `U_${id}`, login: `person-${id}` },
  };
}

export const account = (id: number, login: string, type = 'User') => ({
  ...{ id, login, type, node_id: `U_${id}`, site_admin: false },
});

export async function errorOf(
  work: Promise<unknown>,
): Promise<Error & { code?: string; params?: Record<string, string> }> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    error => error,
  );
}
