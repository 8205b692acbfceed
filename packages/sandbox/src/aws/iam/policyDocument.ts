import { AwsError } from '../cloud';

/** AWS's own answer to a document it cannot read. */
export const malformed = (message: string) =>
  new AwsError('MalformedPolicyDocument', message, 400);

/** Values of condition keys, keys in lower case. A list is a key with several values. */
export type ConditionContext = Record<string, string | readonly string[]>;

/** `*` and `?` stand for any characters and one character. */
export function like(pattern: string, value: string, flags = ''): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, `s${flags}`).test(value);
}

/** @throws AwsError MalformedPolicyDocument when it is neither a text nor a list of texts */
export function textsOf(value: unknown, member: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item): item is string => typeof item === 'string')) {
    throw malformed(`Syntax errors in policy: ${member} must be text.`);
  }
  return list;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const equal = (wanted: string, value: string) => wanted === value;

const OPERATORS: Record<string, (wanted: string, value: string) => boolean> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: (wanted, value) =>
    equal(wanted.toLowerCase(), value.toLowerCase()),
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
};

/** Operators that hold when none of the wanted values fits; a key that is absent fits nothing. */
const NEGATED: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

const QUALIFIED = /^(?:(ForAnyValue|ForAllValues):)?(\w+)$/;

type Test = (context: ConditionContext) => boolean;

function testOf(operator: string, key: string, wanted: string[]): Test {
  const [, qualifier, plain = ''] = QUALIFIED.exec(operator) ?? [];
  const negated = NEGATED[plain];
  const compare = OPERATORS[negated ?? plain];
  if (!compare) {
    throw malformed(
      `Syntax errors in policy: the sandbox does not know the condition operator ${operator}.`,
    );
  }
  const fits = (value: string) => wanted.some(text => compare(text, value));
  const holds = negated
    ? (value: string) => !fits(value)
    : (value: string) => fits(value);
  return context => {
    const given = context[key.toLowerCase()];
    if (given === undefined) {
      return qualifier === 'ForAllValues' || negated !== undefined;
    }
    const values = [given].flat();
    return qualifier === 'ForAllValues' || (negated && !qualifier)
      ? values.every(holds)
      : values.some(holds);
  };
}

/**
 * Reads `Condition`: every key of every operator must fit, and a key that the request does not have fits nothing.
 * @throws AwsError MalformedPolicyDocument
 */
export function readCondition(value: unknown): Test {
  if (value === undefined) return () => true;
  if (!isObject(value)) throw malformed('Syntax errors in policy: Condition.');
  const tests = Object.entries(value).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw malformed('Syntax errors in policy: Condition.');
    return Object.entries(keys).map(([key, wanted]) =>
      testOf(operator, key, textsOf(wanted, key)),
    );
  });
  return context => tests.every(test => test(context));
}

/** `Allow` when a statement that fits allows and none that fits denies. */
export function decide<Q>(
  statements: readonly {
    effect: 'Allow' | 'Deny';
    matches(asked: Q): boolean;
  }[],
  asked: Q,
): boolean {
  const fitting = statements.filter(statement => statement.matches(asked));
  return (
    fitting.some(({ effect }) => effect === 'Allow') &&
    !fitting.some(({ effect }) => effect === 'Deny')
  );
}

/** @throws AwsError MalformedPolicyDocument */
export function effectOf(statement: Record<string, unknown>): 'Allow' | 'Deny' {
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw malformed('Syntax errors in policy: Effect must be Allow or Deny.');
  }
  return effect;
}

/**
 * The statements of a document.
 * @throws AwsError MalformedPolicyDocument
 */
export function statementsOf(text: string): Record<string, unknown>[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (!isObject(value) || value.Statement === undefined) {
    throw malformed('Syntax errors in policy: Statement is missing.');
  }
  return [value.Statement].flat().map(raw => {
    if (!isObject(raw)) throw malformed('Syntax errors in policy: Statement.');
    return raw;
  });
}
