import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';

/** Errors of this provider carry a stable code, and when it is known the moment from which asking again makes sense. */
export interface ErrorDetails {
  code: string;
  params: Record<string, string>;
  /** Epoch milliseconds. */
  retryAt?: number;
}

interface VendorError {
  status?: number;
  message: string;
  response?: { headers?: Record<string, string | number | undefined> };
}

function detailed<T extends Error>(error: T, details: ErrorDetails): T {
  return Object.assign(error, details);
}

function headerOf(error: VendorError, name: string): string | undefined {
  const value = error.response?.headers?.[name];
  return value === undefined ? undefined : String(value);
}

/** When GitHub will answer again, by its headers; a minute when it does not say (its own advice). */
function retryAt(error: VendorError, now: number): number {
  const after = Number(headerOf(error, 'retry-after'));
  if (Number.isFinite(after) && after > 0) return now + after * 1000;
  const reset = Number(headerOf(error, 'x-ratelimit-reset')) * 1000;
  const spent = headerOf(error, 'x-ratelimit-remaining') === '0';
  return spent && Number.isFinite(reset) && reset > now ? reset : now + 60_000;
}

export function isRateLimit(error: VendorError): boolean {
  if (error.status === 429) return true;
  return (
    error.status === 403 &&
    (headerOf(error, 'x-ratelimit-remaining') === '0' ||
      headerOf(error, 'retry-after') !== undefined ||
      /rate limit/i.test(error.message))
  );
}

/**
 * A failed call as an error of ours. GitHub's own text is not passed on: it can hold what was sent.
 *
 * @param what - the thing that was asked for, as a person would name it
 */
export function toGithubError(
  cause: unknown,
  what: string,
  host: string,
  now: number,
): Error {
  const error = cause as VendorError;
  const params = { host, what, status: String(error.status ?? '') };
  if (error.status === 404 || error.status === 410) {
    return detailed(
      new NotFoundError(
        `GitHub (${host}) has no ${what}, or the App may not see it.`,
      ),
      { code: 'github_not_found', params },
    );
  }
  if (isRateLimit(error)) {
    return detailed(
      new ServiceUnavailableError(
        `GitHub (${host}) answers no more calls for now: the rate limit is used up.`,
      ),
      { code: 'github_rate_limit', params, retryAt: retryAt(error, now) },
    );
  }
  if (error.status === 401 || error.status === 403) {
    return detailed(
      new NotAllowedError(
        `GitHub (${host}) refused to give ${what}: check the App's installation and its permissions.`,
      ),
      { code: 'github_refused', params },
    );
  }
  return detailed(
    new ServiceUnavailableError(
      `GitHub (${host}) did not answer for ${what}${
        error.status ? ` (HTTP ${error.status})` : ''
      }; it will be asked again.`,
    ),
    { code: 'github_unavailable', params },
  );
}
