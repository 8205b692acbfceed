import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import {
  VendorRefusal,
  type UserToken,
  type VendorIdentity,
} from 'backstage-plugin-delivery-node';
import type { Answer, Call } from '../GithubClient';
import {
  requestIdOf,
  toReadError,
  toWriteError,
  type Asked,
  type Meanings,
} from './userErrors';
import { revealToken } from './userToken';

/** The only version all supported servers have. */
const VERSION = { 'x-github-api-version': '2022-11-28' };
const TIMEOUT_MS = 30_000;
/** A renamed repository is moved once or twice, never in circles. */
const MAX_MOVES = 3;

type Plugin = Parameters<typeof Octokit.plugin>[0];
// The plugins bring a copy of the core's types of their own, which TypeScript takes for others.
const ReadingOctokit = Octokit.plugin(retry as unknown as Plugin);
const WritingOctokit = Octokit.plugin(throttling as unknown as Plugin);
const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

export interface UserClientOptions {
  /** With port. */
  host: string;
  apiBaseUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
  fetch?: typeof fetch;
  /** How often a failed read is tried again before the caller hears of it. */
  retries?: number;
}

/** One changing call. */
export interface WriteCall extends Pick<Call, 'route' | 'parameters' | 'what'> {
  meanings: Meanings;
  signal: AbortSignal;
}

/** What a changing call gave. */
export interface WriteAnswer {
  status: number;
  data: unknown;
  requestId?: string;
}

/** A person's token, or the portal's own credentials for one application of it. */
export type Credentials =
  | { token: UserToken }
  | { clientId: string; clientSecret: string };

/**
 * Calls of one GitHub host in one person's name. Each call makes a client of its own, so that nothing outlives it that knows the token.
 * Never logs, follows no one to another origin, and never lets GitHub's own errors out: they hold what was sent.
 */
export class UserClient {
  readonly #options: UserClientOptions;
  readonly #credentials: Credentials;
  readonly webOrigin: string;

  constructor(options: UserClientOptions, credentials: Credentials) {
    this.#options = options;
    this.#credentials = credentials;
    this.webOrigin = `${new URL(options.apiBaseUrl).protocol}//${options.host}`;
  }

  /**
   * Reads; tries again as often as the options say.
   *
   * @throws `VendorRefusal` `token_not_ours`, `token_expired`, `sso_required`; otherwise as `GithubClient.call`
   */
  async call(call: Call): Promise<Answer> {
    const { clock, fetch: fetchApi, retries = 2, apiBaseUrl } = this.#options;
    call.signal.throwIfAborted();
    const authorization = this.#authorization();
    const at = clock();
    const octokit = new ReadingOctokit({
      ...this.#clientOptions(fetchApi),
      retry: {
        doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
        retries: isRead(call.route) ? retries : 0,
      },
    });
    const request = this.#requestOptions(call.signal);
    const headers = { ...VERSION, authorization };
    try {
      let response = await octokit.request(call.route, {
        ...call.parameters,
        headers,
        request,
      });
      for (let moves = 0; isMove(response.status); moves++) {
        const next = sameOrigin(response.headers.location, apiBaseUrl);
        if (!next || moves === MAX_MOVES || !isRead(call.route)) {
          throw Object.assign(new Error('moved'), { status: 404 });
        }
        response = await octokit.request(`GET ${next}`, { headers, request });
      }
      return { data: response.data, at };
    } catch (error) {
      call.signal.throwIfAborted();
      throw toReadError(error, this.#asked(call.what));
    }
  }

  /**
   * Changes something, by exactly one request, whatever comes back.
   *
   * @throws `VendorRefusal`: nothing was done. `VendorSilence`: it was sent, and nobody knows. The signal's reason when it was aborted
   * before anything was sent.
   */
  async write(call: WriteCall, identity: VendorIdentity): Promise<WriteAnswer> {
    call.signal.throwIfAborted();
    const authorization = this.#authorization();
    let sent = false;
    // The plugins are told not to ask again; this makes sure of it.
    const fetchOnce: typeof fetch = async (input, init) => {
      init?.signal?.throwIfAborted();
      if (sent) throw new Error('A call that changes something is sent once.');
      sent = true;
      return (this.#options.fetch ?? fetch)(input, init);
    };
    const octokit = new WritingOctokit({
      ...this.#clientOptions(fetchOnce),
      throttle: {
        // One queue per account: the default is one for everybody in this process.
        id: `${this.#options.host}/${identity.id}`,
        onRateLimit: () => false,
        onSecondaryRateLimit: () => false,
      },
    });
    const asked = this.#asked(call.what);
    try {
      const response = await octokit.request(call.route, {
        ...call.parameters,
        headers: { ...VERSION, authorization },
        request: { ...this.#requestOptions(call.signal), retries: 0 },
      });
      const { status, data, headers } = response;
      if (status < 200 || status > 299) {
        throw Object.assign(new Error('moved'), { status, response });
      }
      return { status, data, requestId: requestIdOf(headers) };
    } catch (error) {
      if (!sent) {
        call.signal.throwIfAborted();
        throw new VendorRefusal(
          'conflict',
          `An earlier call of yours to GitHub (${asked.host}) is still under way, so ${asked.what} was not sent. Try again.`,
        );
      }
      throw toWriteError(error, asked, call.meanings);
    }
  }

  #asked(what: string): Asked {
    const { host, clock } = this.#options;
    return { host, webOrigin: this.webOrigin, what, now: clock() };
  }

  #clientOptions(fetchApi: typeof fetch | undefined) {
    return {
      baseUrl: this.#options.apiBaseUrl,
      log: silent,
      userAgent: 'delivery-for-backstage',
      request: { fetch: fetchApi },
    };
  }

  #requestOptions(signal: AbortSignal) {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    return {
      // A redirect is followed here or not at all: only to the same origin, with the token.
      redirect: 'manual' as const,
      signal: AbortSignal.any([signal, timeout]),
      log: silent,
    };
  }

  #authorization(): string {
    if ('token' in this.#credentials) {
      return `Bearer ${revealToken(this.#credentials.token)}`;
    }
    const { clientId, clientSecret } = this.#credentials;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    return `Basic ${basic}`;
  }
}

function isRead(route: string): boolean {
  return route.startsWith('GET ');
}

function isMove(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function sameOrigin(
  location: string | undefined,
  apiBaseUrl: string,
): string | undefined {
  if (!location || !URL.canParse(location, apiBaseUrl)) return undefined;
  const next = new URL(location, apiBaseUrl);
  const plain = next.username === '' && next.password === '';
  return plain && next.origin === new URL(apiBaseUrl).origin
    ? next.href
    : undefined;
}
