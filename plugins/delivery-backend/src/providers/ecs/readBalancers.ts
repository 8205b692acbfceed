import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { RuntimeScope } from 'backstage-plugin-delivery-common';
import {
  balancerSchema,
  listenerSchema,
  ruleSchema,
  targetGroupSchema,
  targetHealthSchema,
  type RawBalancer,
  type RawRule,
  type RawTargetGroup,
  type RawTargetHealth,
} from './balancerSchema';
import type { AwsClients } from './clients';
import { list } from './schema';

const MAX = 100;
const MAX_TARGETS = 1000;
const SERVICE = 'elasticloadbalancing';

/** A balancer with the ARNs of its listeners. */
export interface Balancer extends RawBalancer {
  listeners: string[];
}

/** A rule with the listener it belongs to. */
export interface Rule extends RawRule {
  listener: string;
}

export async function readTargetGroups(
  aws: AwsClients,
  scope: RuntimeScope,
  TargetGroupArns: string[],
  signal: AbortSignal,
): Promise<RawTargetGroup[]> {
  const answer = await aws.call(
    SERVICE,
    scope,
    { operation: 'DescribeTargetGroups', signal },
    (client, options) =>
      client.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns }),
        options,
      ),
  );
  return list(targetGroupSchema, MAX).parse(answer.TargetGroups);
}

export async function readTargets(
  aws: AwsClients,
  scope: RuntimeScope,
  TargetGroupArn: string,
  signal: AbortSignal,
): Promise<RawTargetHealth[]> {
  const answer = await aws.call(
    SERVICE,
    scope,
    { operation: 'DescribeTargetHealth', signal },
    (client, options) =>
      client.send(new DescribeTargetHealthCommand({ TargetGroupArn }), options),
  );
  return list(targetHealthSchema, MAX_TARGETS).parse(
    answer.TargetHealthDescriptions,
  );
}

export async function readBalancer(
  aws: AwsClients,
  scope: RuntimeScope,
  arn: string,
  signal: AbortSignal,
): Promise<Balancer | undefined> {
  const [balancers, listeners] = await Promise.all([
    aws.call(
      SERVICE,
      scope,
      { operation: 'DescribeLoadBalancers', signal },
      (client, options) =>
        client.send(
          new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }),
          options,
        ),
    ),
    aws.call(
      SERVICE,
      scope,
      { operation: 'DescribeListeners', signal },
      (client, options) =>
        client.send(
          new DescribeListenersCommand({ LoadBalancerArn: arn }),
          options,
        ),
    ),
  ]);
  const found = list(balancerSchema, MAX)
    .parse(balancers.LoadBalancers)
    .find(one => one.LoadBalancerArn === arn);
  return (
    found && {
      ...found,
      listeners: list(listenerSchema, 50)
        .parse(listeners.Listeners)
        .map(one => one.ListenerArn),
    }
  );
}

export async function readRules(
  aws: AwsClients,
  scope: RuntimeScope,
  listener: string,
  signal: AbortSignal,
): Promise<Rule[]> {
  return aws.pages('rules', async Marker => {
    const answer = await aws.call(
      SERVICE,
      scope,
      { operation: 'DescribeRules', signal },
      (client, options) =>
        client.send(
          new DescribeRulesCommand({ ListenerArn: listener, Marker }),
          options,
        ),
    );
    return {
      items: list(ruleSchema, 400)
        .parse(answer.Rules)
        .map(rule => ({ ...rule, listener })),
      next: answer.NextMarker,
    };
  });
}

/**
 * Percent of traffic a target group gets, by the rules that forward to it: of the production rules, where the service names them, or else
 * the most any rule gives it. Undefined: no rule forwards to it.
 */
export function weightOf(
  targetGroup: string,
  rules: Rule[],
  productionRules: string[] = [],
): number | undefined {
  const production = rules.filter(
    ({ RuleArn, listener }) =>
      productionRules.includes(RuleArn) || productionRules.includes(listener),
  );
  const weights = (production.length > 0 ? production : rules).flatMap(
    ({ Actions }) =>
      Actions.flatMap(action => {
        const groups = action.ForwardConfig?.TargetGroups ?? [];
        if (groups.length === 0) {
          return action.TargetGroupArn === targetGroup ? [100] : [];
        }
        const weight = (one: { Weight?: number }) => one.Weight ?? 1;
        const all = groups.reduce((sum, one) => sum + weight(one), 0);
        return groups
          .filter(one => one.TargetGroupArn === targetGroup)
          .map(one => (all === 0 ? 0 : (100 * weight(one)) / all));
      }),
  );
  return weights.length > 0 ? Math.max(...weights) : undefined;
}
