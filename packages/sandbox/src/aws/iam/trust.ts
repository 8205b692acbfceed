import {
  decide,
  effectOf,
  isObject,
  readCondition,
  statementsOf,
  textsOf,
  type ConditionContext,
} from './policyDocument';

/** Who asks for the role, and how. */
export interface TrustQuestion {
  /** ARN of the OIDC provider the token comes from. */
  federated: string;
  action: string;
  context: ConditionContext;
}

/**
 * Reads a trust policy whose principals are OIDC providers.
 * @throws AwsError MalformedPolicyDocument
 */
export function readTrust(text: string): (asked: TrustQuestion) => boolean {
  const statements = statementsOf(text).map(raw => {
    const effect = effectOf(raw);
    const actions = textsOf(raw.Action, 'Action');
    const principal = isObject(raw.Principal) ? raw.Principal : {};
    const federated = textsOf(principal.Federated ?? [], 'Federated');
    const condition = readCondition(raw.Condition);
    return {
      effect,
      matches: (asked: TrustQuestion) =>
        actions.includes(asked.action) &&
        federated.includes(asked.federated) &&
        condition(asked.context),
    };
  });
  return asked => decide(statements, asked);
}
