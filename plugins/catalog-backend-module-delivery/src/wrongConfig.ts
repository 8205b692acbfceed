import { z } from 'zod';

/** Where the configuration of templates stands. */
export const KEY = 'delivery.templates';

/**
 * Checks a value of the configuration.
 *
 * @throws `Error` with one sentence about its first mistake
 */
export function parse<T>(key: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw wrong([key, ...issue.path].join('.'), sentence(issue));
}

/** The error of a wrong value: `Wrong configuration: <key> <what>.` */
export function wrong(key: string, what: string): Error {
  return new Error(`Wrong configuration: ${key} ${what}.`);
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `has unknown keys: ${issue.keys.join(', ')}`;
  }
  if (issue.message.startsWith('must')) return issue.message;
  if (issue.code === 'invalid_value') {
    return `must be one of ${issue.values.join(', ')}`;
  }
  return 'is missing or of the wrong kind';
}
