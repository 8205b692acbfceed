import { AwsError } from '../cloud';

export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  nextToken?: string;
}

const INVALID = 'InvalidParameterException';

/** A count the API limits. @throws AwsError when it is outside */
export function within(
  given: number | undefined,
  options: { name: string; most: number; otherwise: number; error?: string },
): number {
  if (given === undefined) return options.otherwise;
  if (!Number.isInteger(given) || given < 1 || given > options.most) {
    throw new AwsError(
      options.error ?? INVALID,
      `${options.name} must be between 1 and ${options.most}.`,
    );
  }
  return given;
}

/** What is newest sorts first. */
export const newestFirst = (at: number, name: string): string =>
  `${String(1e15 - at).padStart(16, '0')} ${name}`;

/**
 * One page of the items in the order of their keys. The token names the last key, so that items that come or go between two pages
 * neither repeat nor hide others.
 * @throws AwsError when the token is none of the sandbox's
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  options: { size: number; token: string | undefined; error?: string },
): Page<T> {
  const sorted = items
    .map(item => ({ item, key: keyOf(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  let after: string | undefined;
  if (options.token) {
    const text = Buffer.from(options.token, 'base64url').toString('utf8');
    if (!text.startsWith('after:')) {
      throw new AwsError(options.error ?? INVALID, 'Invalid token.');
    }
    after = text.slice('after:'.length);
  }
  const last = after;
  const rest =
    last === undefined ? sorted : sorted.filter(({ key }) => key > last);
  const shown = rest.slice(0, options.size);
  const end = shown.at(-1);
  return {
    items: shown.map(({ item }) => item),
    ...(end && rest.length > shown.length
      ? {
          nextToken: Buffer.from(`after:${end.key}`).toString('base64url'),
        }
      : {}),
  };
}
