import { GitHubError } from '../../state';

type Json = Record<string, unknown>;

/** A 422 in the words of the check of request bodies. */
export function invalidRequest(...problems: string[]): GitHubError {
  return new GitHubError(422, `Invalid request.\n\n${problems.join('\n')}`);
}

/** @throws GitHubError 422 that names the first member that is missing */
export function supplied(body: Json, ...names: string[]): void {
  const missing = names.filter(
    name => body[name] === undefined || body[name] === null,
  );
  if (missing.length === 0) return;
  const [one] = missing;
  throw invalidRequest(
    missing.length === 1
      ? `"${one}" wasn't supplied.`
      : `${missing.map(name => `"${name}"`).join(', ')} weren't supplied.`,
  );
}

const wrongType = (name: string, value: unknown, wanted: string) =>
  invalidRequest(
    `For 'properties/${name}', ${JSON.stringify(value)} is not ${wanted}.`,
  );

/** @throws GitHubError 422 for something that is no text */
export function textIn(body: Json, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(name, value, 'a string');
  return value;
}

/** @throws GitHubError 422 for something that is neither true nor false */
export function truthIn(body: Json, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongType(name, value, 'a boolean');
  return value;
}

/** @throws GitHubError 422 for something that is no whole number in these limits */
export function integerIn(
  body: Json,
  name: string,
  limits: { least: number; most: number },
): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw wrongType(name, value, 'an integer');
  }
  if (value < limits.least) {
    throw invalidRequest(
      `${value} must be greater than or equal to ${limits.least}.`,
    );
  }
  if (value > limits.most) {
    throw invalidRequest(
      `${value} must be less than or equal to ${limits.most}.`,
    );
  }
  return value;
}

/** @throws GitHubError 422 for something that is no list of texts */
export function textsIn(body: Json, name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const isList =
    Array.isArray(value) &&
    value.every((item): item is string => typeof item === 'string');
  if (!isList) throw wrongType(name, value, 'an array');
  return value;
}

/** @throws GitHubError 422 for something that is not one of these */
export function choiceIn<T extends string>(
  body: Json,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = textIn(body, name);
  if (value === undefined) return undefined;
  const chosen = choices.find(choice => choice === value);
  if (chosen) return chosen;
  throw invalidRequest(
    `${value} is not a member of ${JSON.stringify(choices)}.`,
  );
}
