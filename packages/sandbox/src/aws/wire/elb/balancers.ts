import {
  DescribeListeners$,
  DescribeLoadBalancers$,
  DescribeRules$,
  type DescribeListenersCommandInput,
  type DescribeListenersCommandOutput,
  type DescribeLoadBalancersCommandInput,
  type DescribeLoadBalancersCommandOutput,
  type DescribeRulesCommandInput,
  type DescribeRulesCommandOutput,
  type Action,
  type Listener,
  type LoadBalancer,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../cloud';
import { BalancerRecord } from '../../records';
import { AwsCall, isHere, Operation, reading } from '../operation';
import { pageOf, within } from '../paging';

type ListenerRecord = BalancerRecord['listeners'][number];
type RuleRecord = ListenerRecord['rules'][number];

const notFound = (what: string, words: string) =>
  new AwsError(`${what}NotFound`, `One or more ${words} not found`);

const VALIDATION = 'ValidationError';

const sizeOf = (given: number | undefined) =>
  within(given, {
    name: 'PageSize',
    most: 400,
    otherwise: 400,
    error: VALIDATION,
  });

const balancerBody = (balancer: BalancerRecord): LoadBalancer => ({
  LoadBalancerArn: balancer.arn,
  DNSName: balancer.dnsName,
  CanonicalHostedZoneId: 'Z32O12XQLNTSW2',
  CreatedTime: new Date(balancer.createdAt),
  LoadBalancerName: balancer.name,
  Scheme: 'internet-facing',
  VpcId: 'vpc-0a1b2c3d4e5f60001',
  State: { Code: balancer.state },
  Type: 'application',
  IpAddressType: 'ipv4',
  AvailabilityZones: ['a', 'b'].map((zone, index) => ({
    ZoneName: `${balancer.region}${zone}`,
    SubnetId: `subnet-0a1b2c3d4e5f6000${index + 1}`,
  })),
  SecurityGroups: ['sg-0a1b2c3d4e5f60001'],
});

const describeLoadBalancers = reading<
  DescribeLoadBalancersCommandInput,
  DescribeLoadBalancersCommandOutput
>(DescribeLoadBalancers$, (input, call) => {
  const { Names, LoadBalancerArns } = input;
  const here = call.records.balancers.filter(isHere(call));
  const unknown =
    Names?.some(name => !here.some(known => known.name === name)) ||
    LoadBalancerArns?.some(arn => !here.some(known => known.arn === arn));
  if (unknown) throw notFound('LoadBalancer', 'load balancers');
  const page = pageOf(
    here.filter(
      balancer =>
        (!Names?.length || Names.includes(balancer.name)) &&
        (!LoadBalancerArns?.length || LoadBalancerArns.includes(balancer.arn)),
    ),
    balancer => balancer.name,
    {
      size: sizeOf(input.PageSize),
      token: input.Marker,
      error: VALIDATION,
    },
  );
  return {
    LoadBalancers: page.items.map(balancerBody),
    NextMarker: page.nextToken,
  };
});

function actionOf(call: AwsCall, rule: RuleRecord): Action {
  const groups = rule.forwards.map(({ group, weight }) => ({
    TargetGroupArn: call.records.targetGroups.find(
      known => known.name === group && isHere(call)(known),
    )?.arn,
    Weight: weight,
  }));
  return {
    Type: 'forward',
    Order: 1,
    // AWS names the group here too when there is only one
    ...(groups.length === 1
      ? { TargetGroupArn: groups[0].TargetGroupArn }
      : {}),
    ForwardConfig: {
      TargetGroups: groups,
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}

function listenerBody(
  call: AwsCall,
  balancer: BalancerRecord,
  listener: ListenerRecord,
): Listener {
  const fallback =
    listener.rules.find(rule => rule.priority === 'default') ??
    listener.rules.at(-1);
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: balancer.arn,
    Port: listener.port,
    Protocol: listener.port === 443 ? 'HTTPS' : 'HTTP',
    DefaultActions: fallback ? [actionOf(call, fallback)] : [],
  };
}

const describeListeners = reading<
  DescribeListenersCommandInput,
  DescribeListenersCommandOutput
>(DescribeListeners$, (input, call) => {
  const { LoadBalancerArn, ListenerArns } = input;
  const here = call.records.balancers.filter(isHere(call));
  if (!LoadBalancerArn && !ListenerArns?.length) {
    throw new AwsError(
      VALIDATION,
      'You must specify either listener ARNs or a load balancer ARN',
    );
  }
  if (LoadBalancerArn && !here.some(({ arn }) => arn === LoadBalancerArn)) {
    throw notFound('LoadBalancer', 'load balancers');
  }
  const all = here.flatMap(balancer =>
    balancer.listeners.map(listener => ({ balancer, listener })),
  );
  if (
    ListenerArns?.some(arn => !all.some(({ listener }) => listener.arn === arn))
  ) {
    throw notFound('Listener', 'listeners');
  }
  const page = pageOf(
    all.filter(
      ({ balancer, listener }) =>
        (!LoadBalancerArn || balancer.arn === LoadBalancerArn) &&
        (!ListenerArns?.length || ListenerArns.includes(listener.arn)),
    ),
    ({ listener }) => listener.arn,
    {
      size: sizeOf(input.PageSize),
      token: input.Marker,
      error: VALIDATION,
    },
  );
  return {
    Listeners: page.items.map(({ balancer, listener }) =>
      listenerBody(call, balancer, listener),
    ),
    NextMarker: page.nextToken,
  };
});

const ruleBody = (call: AwsCall, rule: RuleRecord): Rule => ({
  RuleArn: rule.arn,
  Priority: rule.priority,
  IsDefault: rule.priority === 'default',
  Conditions:
    rule.priority === 'default'
      ? []
      : [
          {
            Field: 'path-pattern',
            Values: ['/*'],
            PathPatternConfig: { Values: ['/*'] },
          },
        ],
  Actions: [actionOf(call, rule)],
});

const describeRules = reading<
  DescribeRulesCommandInput,
  DescribeRulesCommandOutput
>(DescribeRules$, ({ ListenerArn, RuleArns }, call) => {
  const listeners = call.records.balancers
    .filter(isHere(call))
    .flatMap(balancer => balancer.listeners);
  if (!ListenerArn && !RuleArns?.length) {
    throw new AwsError(
      VALIDATION,
      'You must specify either listener or rule ARNs',
    );
  }
  if (ListenerArn && !listeners.some(({ arn }) => arn === ListenerArn)) {
    throw notFound('Listener', 'listeners');
  }
  const all = listeners.flatMap(listener => listener.rules);
  if (RuleArns?.some(arn => !all.some(rule => rule.arn === arn))) {
    throw notFound('Rule', 'rules');
  }
  return {
    Rules: listeners
      .filter(({ arn }) => !ListenerArn || arn === ListenerArn)
      .flatMap(listener => listener.rules)
      .filter(rule => !RuleArns?.length || RuleArns.includes(rule.arn))
      .map(rule => ruleBody(call, rule)),
  };
});

export const BALANCER_OPERATIONS: readonly Operation[] = [
  describeLoadBalancers,
  describeListeners,
  describeRules,
];
