import { AwsError } from '../cloud';
import {
  decide,
  effectOf,
  like,
  readCondition,
  statementsOf,
  textsOf,
} from '../iam/policyDocument';

/** What a call is about, as policies look at it. */
export interface PolicyQuestion {
  /** `ecs:UpdateService` */
  action: string;
  /** ARN, or `*` for operations that are about no single thing. */
  resource: string;
  /** Values of condition keys, lower case: `ecs:cluster`. */
  context: Record<string, string>;
}

const MAX_CHARACTERS = 2048;

/** A role's own policy may be longer than one given with a session. */
const MAX_ROLE_CHARACTERS = 10_240;

/**
 * Reads an identity policy: Allow and Deny with Action, Resource and simple conditions.
 * @throws AwsError MalformedPolicyDocument, PackedPolicyTooLarge
 */
export function readPolicy(
  text: string,
  most = MAX_CHARACTERS,
): (question: PolicyQuestion) => boolean {
  if (text.length > most) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Policy size must not exceed ${most} characters.`,
      400,
    );
  }
  const statements = statementsOf(text).map(raw => {
    const effect = effectOf(raw);
    const actions = textsOf(raw.Action, 'Action');
    const resources = textsOf(raw.Resource, 'Resource');
    const condition = readCondition(raw.Condition);
    return {
      effect,
      matches: ({ action, resource, context }: PolicyQuestion) =>
        actions.some(wanted => like(wanted, action, 'i')) &&
        resources.some(wanted => like(wanted, resource)) &&
        condition(context),
    };
  });
  return question => decide(statements, question);
}

/** As {@link readPolicy}, for the policy of a role. */
export const readRolePolicy = (text: string) =>
  readPolicy(text, MAX_ROLE_CHARACTERS);
