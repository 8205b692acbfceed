import { createHash } from 'crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { GithubCredentialsProvider } from '@backstage/integration';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { Budget } from 'backstage-plugin-delivery-node';
import { toGithubError } from './errors';

/** The only version all supported servers have. */
const API_VERSION = '2022-11-28';
const TIMEOUT_MS = 30_000;

type Plugin = Parameters<typeof Octokit.plugin>[0];
// The plugins bring a copy of the core's types of their own, which TypeScript takes for others.
const ThrottledOctokit = Octokit.plugin(
  retry as unknown as Plugin,
  throttling as unknown as Plugin,
);
const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

export interface GithubHost {
  /** With port. */
  host: string;
  apiBaseUrl: string;
}

export interface GithubClientOptions extends GithubHost {
  credentials: GithubCredentialsProvider;
  logger: LoggerService;
  /** Epoch milliseconds. */
  clock: () => number;
  fetch?: typeof fetch;
  /** How often a failed read is tried again before the caller hears of it. */
  retries?: number;
}

export interface Answer {
  /** Undefined when nothing changed since `etag`. */
  data: unknown;
  etag?: string;
  /** Cursor of the next page, where the vendor pages by cursor. */
  next?: string;
  /** When the request was started: facts of the answer are at least as new. */
  at: number;
}

export interface Call {
  /** `GET /repos/{owner}/{repo}/actions/runs` */
  route: string;
  /** Whose installation's token is used; undefined: the App itself. */
  owner?: string;
  parameters?: Record<string, unknown>;
  /** Of an earlier answer to the same call. */
  etag?: string;
  /** The thing asked for, for the sentence of an error. */
  what: string;
  signal: AbortSignal;
}

/** Calls of one GitHub host. Never logs, and never lets GitHub's own errors out: they hold what was sent. */
export class GithubClient {
  private readonly octokit: InstanceType<typeof ThrottledOctokit>;
  private readonly budgets = new Map<string, Budget>();

  constructor(private readonly options: GithubClientOptions) {
    this.octokit = new ThrottledOctokit({
      baseUrl: options.apiBaseUrl,
      log: silent,
      userAgent: 'delivery-for-backstage',
      request: { fetch: options.fetch },
      retry: {
        doNotRetry: [304, 400, 401, 403, 404, 410, 422, 429, 451],
        retries: options.retries ?? 2,
      },
      throttle: {
        // Without an id of its own every client of the process shares one queue.
        id: `delivery-${options.host}`,
        // The caller plans with the moment GitHub names; waiting here would hold a scheduled task.
        onRateLimit: () => false,
        onSecondaryRateLimit: () => false,
      },
    });
  }

  /** As the last answer to this owner's token told it. */
  budget(owner: string): Budget | undefined {
    return this.budgets.get(owner.toLowerCase());
  }

  /**
   * @throws `NotFoundError`, `NotAllowedError` or `ServiceUnavailableError`, with `code` and `params`; the signal's reason when aborted
   */
  async call(call: Call): Promise<Answer> {
    const { clock, host } = this.options;
    call.signal.throwIfAborted();
    const at = clock();
    try {
      const token = await this.token(call.owner);
      const generation = digest(token ?? '');
      const response = await this.octokit.request(call.route, {
        ...call.parameters,
        headers: {
          'x-github-api-version': API_VERSION,
          ...(token && { authorization: `Bearer ${token}` }),
          ...validator(call.etag, generation),
        },
        request: this.requestOptions(call),
      });
      this.noteBudget(call.owner, response.headers);
      const etag = response.headers.etag;
      return {
        data: response.data,
        etag: etag && `${generation}:${etag}`,
        next: nextCursor(response.headers.link),
        at,
      };
    } catch (error) {
      call.signal.throwIfAborted();
      this.noteBudget(call.owner, headersOf(error));
      if (statusOf(error) === 304) {
        return { data: undefined, etag: call.etag, at };
      }
      throw toGithubError(error, call.what, host, clock());
    }
  }

  /** Address GitHub sends us on to (logs); it is not followed. */
  async redirectOf(call: Call): Promise<string> {
    const { clock, host } = this.options;
    try {
      const token = await this.token(call.owner);
      const { url } = this.octokit.request.endpoint(
        call.route,
        call.parameters,
      );
      const response = await (this.options.fetch ?? fetch)(url, {
        redirect: 'manual',
        signal: AbortSignal.any([call.signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: {
          'x-github-api-version': API_VERSION,
          ...(token && { authorization: `Bearer ${token}` }),
        },
      });
      await response.body?.cancel();
      const headers = Object.fromEntries(response.headers);
      this.noteBudget(call.owner, headers);
      const location = response.headers.get('location');
      if (response.status !== 302 || !location) {
        throw Object.assign(new Error(`HTTP ${response.status}`), {
          status: response.status,
          response: { headers },
        });
      }
      return new URL(location, url).href;
    } catch (error) {
      call.signal.throwIfAborted();
      throw toGithubError(error, call.what, host, clock());
    }
  }

  private requestOptions(call: Call) {
    return {
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      // A write that was answered by 502 may have been done.
      ...(!call.route.startsWith('GET ') && { retries: 0 }),
    };
  }

  private async token(owner: string | undefined): Promise<string | undefined> {
    // Without an owner in the address the provider gives the token of the App itself.
    const url = `https://${this.options.host}/${owner ?? ''}`;
    return (await this.options.credentials.getCredentials({ url })).token;
  }

  private noteBudget(
    owner: string | undefined,
    headers: Record<string, unknown>,
  ): void {
    if (owner === undefined) return;
    const remaining = Number(headers['x-ratelimit-remaining'] ?? NaN);
    const limit = Number(headers['x-ratelimit-limit'] ?? NaN);
    const reset = Number(headers['x-ratelimit-reset'] ?? NaN);
    if (![remaining, limit, reset].every(Number.isFinite)) return;
    this.budgets.set(owner.toLowerCase(), {
      remaining,
      limit,
      resetAt: reset * 1000,
    });
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 12);
}

/** GitHub makes its validators per token: one of an older token can never match, so it is not sent. */
function validator(
  etag: string | undefined,
  generation: string,
): Record<string, string> {
  const [made, ...rest] = etag?.split(':') ?? [];
  return made === generation ? { 'if-none-match': rest.join(':') } : {};
}

function nextCursor(link: string | undefined): string | undefined {
  const next = /<([^>]*)>;\s*rel="next"/.exec(link ?? '')?.[1];
  if (next === undefined || !URL.canParse(next)) return undefined;
  return new URL(next).searchParams.get('cursor') ?? undefined;
}

function statusOf(error: unknown): number | undefined {
  return (error as { status?: number }).status;
}

function headersOf(error: unknown): Record<string, unknown> {
  const { response } = error as {
    response?: { headers?: Record<string, unknown> };
  };
  return response?.headers ?? {};
}
