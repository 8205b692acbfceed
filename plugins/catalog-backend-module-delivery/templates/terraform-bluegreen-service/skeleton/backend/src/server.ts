import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { BadRequest, readJson } from './body.ts';
import { InvalidItem, type ItemStore, parseNewItem } from './items.ts';

/** What the HTTP API works with. */
export interface AppOptions {
  readonly store: ItemStore;
  /** Gets every error nobody outside may see. */
  readonly onError: (error: unknown) => void;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Route = (request: IncomingMessage) => Promise<Answer>;

function routes({ store, onError }: AppOptions): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    // The load balancer asks here: without the database, or its outage would stop every task.
    ['GET /health', async () => ({ status: 200, body: { status: 'ok' } })],
    [
      'GET /api/health',
      async () => {
        try {
          await store.ping();
          return { status: 200, body: { status: 'ok', database: 'ok' } };
        } catch (error) {
          onError(error);
          return {
            status: 503,
            body: { status: 'error', database: 'unreachable' },
          };
        }
      },
    ],
    [
      'GET /api/items',
      async () => ({ status: 200, body: { items: await store.list() } }),
    ],
    [
      'POST /api/items',
      async (request) => ({
        status: 201,
        body: await store.add(parseNewItem(await readJson(request))),
      }),
    ],
  ]);
}

function toAnswer(error: unknown, onError: AppOptions['onError']): Answer {
  if (error instanceof InvalidItem)
    return { status: 422, body: { error: error.message } };
  if (error instanceof BadRequest)
    return { status: error.status, body: { error: error.message } };
  onError(error);
  return { status: 500, body: { error: 'internal error' } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What was not read of a refused body must not be taken for the next request.
    ...(status >= 400 && { connection: 'close' }),
  });
  response.end(JSON.stringify(body));
}

/** The HTTP API, not yet listening. */
export function createApp(options: AppOptions): Server {
  const table = routes(options);
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const [path] = (request.url ?? '/').split('?');
    const route = table.get(`${request.method} ${path}`);
    if (!route) return { status: 404, body: { error: 'not found' } };
    try {
      return await route(request);
    } catch (error) {
      return toAnswer(error, options.onError);
    }
  };
  return createServer((request, response) => {
    answer(request).then((result) => send(response, result), options.onError);
  });
}
