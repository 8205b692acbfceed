import { AwsError } from '../cloud';

/** What a call is about, as policies look at it. */
export interface PolicyQuestion {
  /** `ecs:UpdateService` */
  action: string;
  /** ARN, or `*` for operations that are about no single thing. */
  resource: string;
  /** Values of condition keys, lower case: `ecs:cluster`. */
  context: Record<string, string>;
}

interface Statement {
  effect: 'Allow' | 'Deny';
  matches(question: PolicyQuestion): boolean;
}

const MAX_CHARACTERS = 2048;

const malformed = (message: string) =>
  new AwsError('MalformedPolicyDocument', message, 400);

/** `*` and `?` stand for any characters and one character. */
function like(pattern: string, value: string, flags = ''): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, `s${flags}`).test(value);
}

function textsOf(value: unknown, member: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item): item is string => typeof item === 'string')) {
    throw malformed(`Syntax errors in policy: ${member} must be text.`);
  }
  return list;
}

const object = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const OPERATORS: Record<string, (wanted: string, value: string) => boolean> = {
  StringEquals: (wanted, value) => wanted === value,
  StringLike: (wanted, value) => like(wanted, value),
  ArnEquals: (wanted, value) => like(wanted, value),
  ArnLike: (wanted, value) => like(wanted, value),
};

/** Every key of every operator must fit; a key the sandbox does not know fits nothing. */
function conditionOf(value: unknown) {
  if (value === undefined) return () => true;
  if (!object(value)) throw malformed('Syntax errors in policy: Condition.');
  const tests = Object.entries(value).flatMap(([operator, keys]) => {
    const compare = OPERATORS[operator];
    if (!compare || !object(keys)) {
      throw malformed(
        `Syntax errors in policy: the sandbox does not know the condition operator ${operator}.`,
      );
    }
    return Object.entries(keys).map(([key, wanted]) => {
      const texts = textsOf(wanted, key);
      return ({ context }: PolicyQuestion) => {
        const given = context[key.toLowerCase()];
        return given !== undefined && texts.some(text => compare(text, given));
      };
    });
  });
  return (question: PolicyQuestion) => tests.every(test => test(question));
}

function readStatement(raw: unknown): Statement {
  if (!object(raw)) throw malformed('Syntax errors in policy: Statement.');
  const { Effect: effect, Action, Resource, Condition } = raw;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw malformed('Syntax errors in policy: Effect must be Allow or Deny.');
  }
  const actions = textsOf(Action, 'Action');
  const resources = textsOf(Resource, 'Resource');
  const condition = conditionOf(Condition);
  return {
    effect,
    matches: question =>
      actions.some(action => like(action, question.action, 'i')) &&
      resources.some(resource => like(resource, question.resource)) &&
      condition(question),
  };
}

/**
 * Reads an identity policy: Allow and Deny with Action, Resource and simple conditions.
 * @throws AwsError MalformedPolicyDocument, PackedPolicyTooLarge
 */
export function readPolicy(
  text: string,
): (question: PolicyQuestion) => boolean {
  if (text.length > MAX_CHARACTERS) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Policy size must not exceed ${MAX_CHARACTERS} characters.`,
      400,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (!object(value) || value.Statement === undefined) {
    throw malformed('Syntax errors in policy: Statement is missing.');
  }
  const statements = [value.Statement].flat().map(readStatement);
  return question => {
    const fitting = statements.filter(statement => statement.matches(question));
    return (
      fitting.some(({ effect }) => effect === 'Allow') &&
      !fitting.some(({ effect }) => effect === 'Deny')
    );
  };
}
