import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { VendorRefusal, VendorSilence } from 'backstage-plugin-delivery-node';
import { isRateLimit, toGithubError, type ErrorDetails } from '../errors';

/** Where an answer came from, for the sentences and for what may be linked. */
export interface Asked {
  /** With port. */
  host: string;
  /** `https://github.com`; only its pages are linked. */
  webOrigin: string;
  /** The thing asked for or done, as a person would name it. */
  what: string;
  /** Epoch milliseconds. */
  now: number;
}

/** What of a failed call is looked at; everything else in it may hold what was sent. */
interface FailedCall {
  status?: number;
  message: string;
  response?: { headers?: Record<string, string | number | undefined> };
}

function headerOf(error: FailedCall, name: string): string | undefined {
  const value = error.response?.headers?.[name];
  return value === undefined ? undefined : String(value);
}

/** GitHub's id of a request, for its support. */
export function requestIdOf(
  headers: Record<string, string | number | undefined> | undefined,
): string | undefined {
  const value = String(headers?.['x-github-request-id'] ?? '');
  return /^[\w:.-]{1,100}$/.test(value) ? value : undefined;
}

function paramsOf(error: FailedCall, asked: Asked): Record<string, string> {
  const requestId = requestIdOf(error.response?.headers);
  return {
    host: asked.host,
    what: asked.what,
    status: String(error.status ?? ''),
    ...(requestId && { requestId }),
  };
}

/** The page where a person lets the token into the organisation: on GitHub's own host, or none. */
function ssoPage(header: string, webOrigin: string): string | undefined {
  const url = /(?:^|;)\s*url=([^;\s]+)/.exec(header)?.[1];
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const plain = parsed.username === '' && parsed.password === '';
  return plain && parsed.origin === webOrigin ? parsed.href : undefined;
}

/** What a person can mend alone, whatever was asked. */
function aboutTheToken(
  error: FailedCall,
  asked: Asked,
): VendorRefusal | undefined {
  const { host, webOrigin, what } = asked;
  const params = paramsOf(error, asked);
  if (error.status === 401) {
    return new VendorRefusal(
      'token_expired',
      `GitHub (${host}) does not accept your sign-in any more. Sign in to GitHub again, then repeat what you did.`,
      params,
    );
  }
  const sso = headerOf(error, 'x-github-sso');
  if (error.status !== 403 || !sso || !/^\s*required\b/i.test(sso)) {
    return undefined;
  }
  const url = ssoPage(sso, webOrigin);
  return new VendorRefusal(
    'sso_required',
    `GitHub (${host}) wants a single sign-on of your organisation before it gives ${what}. Authorise this portal there, then repeat what you did.`,
    { ...params, ...(url && { url }) },
  );
}

function detailed<T extends Error>(error: T, details: ErrorDetails): T {
  return Object.assign(error, details);
}

/**
 * A failed read in a person's name, as an error of ours. Neither GitHub's text nor its error object goes on: both can hold what was sent.
 *
 * @returns `VendorRefusal` when the token is the reason, else an error as those of `DeliveryProvider`
 */
export function toReadError(cause: unknown, asked: Asked): Error {
  const error = cause as FailedCall;
  const token = aboutTheToken(error, asked);
  if (token) return token;
  const { host, what, now } = asked;
  const params = paramsOf(error, asked);
  if (isRateLimit(error)) return toGithubError(error, what, host, now);
  switch (error.status) {
    case 403:
    case 451:
      return detailed(
        new NotAllowedError(
          `GitHub (${host}) does not give you ${what}: ask the owners of the repository for access.`,
        ),
        { code: 'github_refused', params },
      );
    case 404:
    case 410:
    case 422:
      return detailed(
        new NotFoundError(
          `GitHub (${host}) has no ${what}, or you may not see it.`,
        ),
        { code: 'github_not_found', params },
      );
    default:
      return detailed(
        new ServiceUnavailableError(
          `GitHub (${host}) did not answer for ${what}. Try again in a minute.`,
        ),
        { code: 'github_unavailable', params },
      );
  }
}

/** What a refused write means; the same number means different things for different acts. */
export interface Meanings {
  /** Sentence for 422, with its code. */
  unprocessable: { code: string; message: string };
  /** Sentence for 403. */
  notAllowed: string;
  /** Sentence for 409. */
  conflict: string;
}

/** An answer that says that nothing was done, or that nobody knows. */
export function toWriteError(
  cause: unknown,
  asked: Asked,
  meanings: Meanings,
): VendorRefusal | VendorSilence {
  const error = cause as FailedCall;
  // Without a response the error was made on this side of the line.
  const status = error.response ? error.status ?? 0 : 0;
  const told =
    status >= 300 && status < 500 && ![304, 408, 499].includes(status);
  if (!told) {
    return new VendorSilence(
      `GitHub (${asked.host}) gave no clear answer to ${asked.what}: nobody knows yet whether it was done. Look at GitHub before you try again.`,
    );
  }
  const token = aboutTheToken(error, asked);
  if (token) return token;
  const [code, message] = meaningOf(error, status, asked, meanings);
  return new VendorRefusal(code, message, paramsOf(error, asked));
}

function meaningOf(
  error: FailedCall,
  status: number,
  { host, what }: Asked,
  meanings: Meanings,
): [code: string, message: string] {
  if (isRateLimit(error)) {
    return [
      'rate_limit',
      `GitHub (${host}) takes no more calls of your account for now; nothing was done. Try again later.`,
    ];
  }
  if (status < 400 || status === 404 || status === 410) {
    return [
      'not_found',
      `GitHub (${host}) does not find what ${what} is about, or you may not see it; nothing was done.`,
    ];
  }
  switch (status) {
    case 403:
    case 451:
      return ['not_allowed', meanings.notAllowed];
    case 409:
      return ['conflict', meanings.conflict];
    case 422:
      return [meanings.unprocessable.code, meanings.unprocessable.message];
    default:
      return [
        'invalid',
        `GitHub (${host}) did not understand ${what} (HTTP ${status}); nothing was done.`,
      ];
  }
}
