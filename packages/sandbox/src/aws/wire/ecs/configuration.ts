import type {
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
} from '@aws-sdk/client-ecs';
import { AwsRecords, ServiceRecord } from '../../records';

const LIFECYCLE_STAGES = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;

function strategyOf(service: ServiceRecord): DeploymentConfiguration {
  switch (service.strategy) {
    case 'ROLLING':
      return {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        ...(service.circuitBreaker
          ? { deploymentCircuitBreaker: service.circuitBreaker }
          : {}),
      };
    case 'CANARY':
      return {
        bakeTimeInMinutes: service.bakeMinutes,
        canaryConfiguration: {
          canaryPercent: service.canaryPercent,
          canaryBakeTimeInMinutes: service.stepBakeMinutes,
        },
      };
    case 'LINEAR':
      return {
        bakeTimeInMinutes: service.bakeMinutes,
        linearConfiguration: {
          stepPercent: service.stepPercent,
          stepBakeTimeInMinutes: service.stepBakeMinutes,
        },
      };
    default:
      return { bakeTimeInMinutes: service.bakeMinutes };
  }
}

export function deploymentConfiguration(
  service: ServiceRecord,
): DeploymentConfiguration {
  const stage = LIFECYCLE_STAGES.find(known => known === service.pauseAt);
  return {
    strategy: service.strategy,
    ...strategyOf(service),
    ...(service.alarms
      ? {
          alarms: {
            alarmNames: service.alarms.names,
            enable: true,
            rollback: service.alarms.rollback,
          },
        }
      : {}),
    ...(stage
      ? {
          lifecycleHooks: [
            {
              targetType: 'PAUSE',
              lifecycleStages: [stage],
              timeoutConfiguration: {
                timeoutInMinutes: service.pauseTimeoutMinutes,
                action: 'ROLLBACK',
              },
            },
          ],
        }
      : {}),
  };
}

const groupArn = (
  records: AwsRecords,
  service: ServiceRecord,
  name: string | undefined,
): string | undefined =>
  records.targetGroups.find(
    group =>
      group.name === name &&
      group.accountId === service.accountId &&
      group.region === service.region,
  )?.arn;

/** ARN of the listener rule that sends production traffic to the group. */
export function productionRule(
  records: AwsRecords,
  service: ServiceRecord,
): string | undefined {
  return records.balancers
    .filter(
      balancer =>
        balancer.accountId === service.accountId &&
        balancer.region === service.region,
    )
    .flatMap(balancer => balancer.listeners)
    .flatMap(listener => listener.rules)
    .find(rule =>
      rule.forwards.some(({ group }) => group === service.targetGroups[0]),
    )?.arn;
}

/** Balancers of a service: none for a worker; with an alternate target group unless it rolls. */
export function loadBalancers(
  records: AwsRecords,
  service: ServiceRecord,
): LoadBalancer[] {
  const [first, second] = service.targetGroups;
  if (first === undefined) return [];
  return [
    {
      targetGroupArn: groupArn(records, service, first),
      containerName: service.container,
      containerPort: service.port ?? undefined,
      ...(second === undefined
        ? {}
        : {
            advancedConfiguration: {
              alternateTargetGroupArn: groupArn(records, service, second),
              productionListenerRule: productionRule(records, service),
              roleArn: `arn:aws:iam::${service.accountId}:role/ecsInfrastructureRole`,
            },
          }),
    },
  ];
}

export const NETWORK: NetworkConfiguration = {
  awsvpcConfiguration: {
    subnets: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'],
    securityGroups: ['sg-0a1b2c3d4e5f60001'],
    assignPublicIp: 'DISABLED',
  },
};

export const PLATFORM = {
  platformVersion: '1.4.0',
  platformFamily: 'Linux',
} as const;
