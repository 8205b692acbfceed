import { redactLine } from 'backstage-plugin-delivery-common/domain';

/** Longest text of GitHub's that goes into a sentence of ours, in characters. */
const MAX_WORDS = 200;

/** What of a failed call is looked at; everything else in it may hold what was sent. */
interface FailedCall {
  status?: number;
  message?: string;
  response?: {
    headers?: Record<string, string | number | undefined>;
    data?: unknown;
  };
}

/** What was going on when a call failed. */
export interface Doing {
  /** With port. */
  host: string;
  /** As a person would say it, in the infinitive: `read the repository acme/shop`. */
  doing: string;
  /** What somebody must be allowed for it: `to administer acme/shop`. */
  needs?: string;
  /** Must not be shown, wherever it stands. */
  token: string;
}

/**
 * A call that GitHub did not do as asked. Its message is a sentence for the person who creates the service; GitHub's own text is in it
 * cut and without anything that looks like a secret.
 */
export class GithubCallError extends Error {
  override readonly name = 'GithubCallError';

  constructor(
    message: string,
    /** HTTP status; undefined when no answer came. */
    readonly status?: number,
    /** GitHub's own words, cleaned. */
    readonly words = '',
    /** True: the same call may work later. */
    readonly isPassing = false,
  ) {
    super(message);
  }
}

/** Plain text on one line, without tags and secrets, at most 200 characters. */
export function cleanWords(text: string, token = ''): string {
  const line = redactLine(
    text.slice(0, 5_000).replace(/\s+/g, ' '),
    token ? [token] : [],
  );
  const plain = line.replace(/<[^<>]{0,500}>/g, ' ').replace(/[<>`]/g, '');
  const words = plain.replace(/\s+/g, ' ').trim();
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS - 1)}…` : words;
}

function header(error: FailedCall, name: string): string | undefined {
  const value = error.response?.headers?.[name];
  return value === undefined ? undefined : String(value);
}

/** GitHub's message and what it says of each field. */
function wordsOf(error: FailedCall, token: string): string {
  const data = error.response?.data;
  if (typeof data !== 'object' || data === null) return '';
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = (Array.isArray(errors) ? errors : [errors])
    .slice(0, 5)
    .map(item => (typeof item === 'object' ? item?.message : item));
  const texts = [message, ...details].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  return cleanWords([...new Set(texts)].join(' '), token);
}

function isRateLimit(error: FailedCall, words: string): boolean {
  if (error.status === 429) return true;
  return (
    error.status === 403 &&
    (header(error, 'x-ratelimit-remaining') === '0' ||
      header(error, 'retry-after') !== undefined ||
      /rate limit/i.test(words))
  );
}

const GOES_ON =
  'Start the task again in a few minutes: it goes on where this one ended.';

function quoted(words: string): string {
  return words ? ` GitHub says: “${words}”.` : '';
}

/** A failed call as an error with a sentence. */
export function toGithubCallError(
  cause: unknown,
  { host, doing, needs, token }: Doing,
): GithubCallError {
  if (cause instanceof GithubCallError) return cause;
  const error = cause as FailedCall;
  const { status } = error;
  const words = wordsOf(error, token);
  const make = (sentence: string, isPassing = false) =>
    new GithubCallError(sentence, status, words, isPassing);

  if (status === 401) {
    return make(
      `GitHub (${host}) does not accept your sign-in any more, so it could not ${doing}. Sign in to GitHub again, then start the task again.`,
    );
  }
  if (isRateLimit(error, words)) {
    return make(
      `GitHub (${host}) takes no more calls of yours for now, so it could not ${doing}. ${GOES_ON}`,
      true,
    );
  }
  if (status === 403 || status === 451) {
    const sso = /^\s*required\b/i.test(header(error, 'x-github-sso') ?? '');
    const missing = sso
      ? ' Your organisation wants a single sign-on first: authorise this portal at GitHub.'
      : ` You need ${
          needs ?? 'more rights'
        }, and the portal's App must have the same permission.`;
    return make(
      `GitHub (${host}) did not let you ${doing}.${quoted(words)}${missing}`,
    );
  }
  if (status === 404 || status === 410) {
    return make(
      `GitHub (${host}) could not ${doing}: it is not there, or your account may not see it.`,
    );
  }
  if (status !== undefined && status >= 300 && status < 400) {
    return make(
      `GitHub (${host}) could not ${doing}: it has moved. Use its new name.`,
    );
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return make(`GitHub (${host}) refused to ${doing}.${quoted(words)}`);
  }
  const http = status === undefined ? '' : ` (HTTP ${status})`;
  return make(
    `GitHub (${host}) did not answer when asked to ${doing}${http}. ${GOES_ON}`,
    true,
  );
}

/** True for the error of a thing that is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof GithubCallError && error.status === 404;
}
