import { mockServices } from '@backstage/backend-test-utils';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import { createGithubProvider } from '../providers/github/createGithubProvider';

export const HOST = '127.0.0.1:7011';
const API = `http://${HOST}/api/v3`;

/** A call as the vendor got it. */
export interface Asked {
  path: string;
  query: Record<string, string>;
  etag?: string;
}

/** A provider whose vendor answers by this function, and the calls it got. For tests. */
export function answeringGithub(
  answer: (asked: Asked) => { body?: unknown; status?: number; etag?: string },
): { calls: Asked[]; provider: Required<DeliveryProvider> } {
  const calls: Asked[] = [];
  const provider = createGithubProvider({
    hosts: [{ host: HOST, apiBaseUrl: API, app: false }],
    credentials: {
      getCredentials: async () => ({ type: 'app', token: 'ghs_canary' }),
    },
    logger: mockServices.logger.mock(),
    clock: () => Date.UTC(2026, 10, 20),
    fetch: async (input, init) => {
      const url = new URL(String(input));
      const asked: Asked = {
        path: decodeURIComponent(url.pathname.slice('/api/v3'.length)),
        query: Object.fromEntries(url.searchParams),
        etag: new Headers(init?.headers).get('if-none-match') ?? undefined,
      };
      calls.push(asked);
      const { body, status = 200, etag } = answer(asked);
      const headers = etag ? { etag } : undefined;
      return status === 304
        ? new Response(null, { status, headers })
        : Response.json(body, { status, headers });
    },
    retries: 0,
  });
  return { calls, provider: provider as Required<DeliveryProvider> };
}
