import {
  DescribeTargetGroups$,
  DescribeTargetHealth$,
  type DescribeTargetGroupsCommandInput,
  type DescribeTargetGroupsCommandOutput,
  type DescribeTargetHealthCommandInput,
  type DescribeTargetHealthCommandOutput,
  type TargetGroup,
  type TargetHealthDescription,
  type TargetHealthReasonEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../cloud';
import { TargetGroupRecord, TaskRecord } from '../../records';
import { AwsCall, isHere, Operation, reading } from '../operation';
import { pageOf, within } from '../paging';

const REASONS: readonly TargetHealthReasonEnum[] = [
  'Elb.InitialHealthChecking',
  'Elb.InternalError',
  'Elb.RegistrationInProgress',
  'Target.DeregistrationInProgress',
  'Target.FailedHealthChecks',
  'Target.HealthCheckDisabled',
  'Target.InvalidState',
  'Target.IpUnusable',
  'Target.NotInUse',
  'Target.NotRegistered',
  'Target.ResponseCodeMismatch',
  'Target.Timeout',
];

const balancerArns = (call: AwsCall, group: TargetGroupRecord): string[] =>
  call.records.balancers
    .filter(
      balancer => balancer.name === group.balancer && isHere(call)(balancer),
    )
    .map(balancer => balancer.arn);

const groupBody = (call: AwsCall, group: TargetGroupRecord): TargetGroup => ({
  TargetGroupArn: group.arn,
  TargetGroupName: group.name,
  Protocol: 'HTTP',
  ProtocolVersion: 'HTTP1',
  Port: group.port,
  VpcId: 'vpc-0a1b2c3d4e5f60001',
  HealthCheckProtocol: 'HTTP',
  HealthCheckPort: 'traffic-port',
  HealthCheckEnabled: true,
  HealthCheckIntervalSeconds: group.intervalSeconds,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: group.healthyThreshold,
  UnhealthyThresholdCount: 2,
  HealthCheckPath: group.path,
  Matcher: { HttpCode: group.matcher },
  LoadBalancerArns: balancerArns(call, group),
  TargetType: 'ip',
  IpAddressType: 'ipv4',
});

const noGroup = () =>
  new AwsError('TargetGroupNotFound', 'One or more target groups not found');

const describeTargetGroups = reading<
  DescribeTargetGroupsCommandInput,
  DescribeTargetGroupsCommandOutput
>(DescribeTargetGroups$, (input, call) => {
  const { Names, TargetGroupArns, LoadBalancerArn } = input;
  const here = call.records.targetGroups.filter(isHere(call));
  const unknown =
    Names?.some(name => !here.some(group => group.name === name)) ||
    TargetGroupArns?.some(arn => !here.some(group => group.arn === arn));
  if (unknown) throw noGroup();
  const page = pageOf(
    here.filter(
      group =>
        (!Names?.length || Names.includes(group.name)) &&
        (!TargetGroupArns?.length || TargetGroupArns.includes(group.arn)) &&
        (!LoadBalancerArn ||
          balancerArns(call, group).includes(LoadBalancerArn)),
    ),
    group => group.name,
    {
      size: within(input.PageSize, {
        name: 'PageSize',
        most: 400,
        otherwise: 400,
        error: 'ValidationError',
      }),
      token: input.Marker,
      error: 'ValidationError',
    },
  );
  return {
    TargetGroups: page.items.map(group => groupBody(call, group)),
    NextMarker: page.nextToken,
  };
});

function targetBody(
  task: TaskRecord & { target: NonNullable<TaskRecord['target']> },
  group: TargetGroupRecord,
): TargetHealthDescription {
  const { state, reason, description } = task.target;
  return {
    Target: {
      Id: task.privateIp,
      Port: group.port,
      AvailabilityZone: `${task.region}a`,
    },
    HealthCheckPort: String(group.port),
    TargetHealth: {
      State: state,
      Reason: REASONS.find(known => known === reason),
      Description: description ?? undefined,
    },
  };
}

const describeTargetHealth = reading<
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput
>(DescribeTargetHealth$, ({ TargetGroupArn, Targets }, call) => {
  const group = call.records.targetGroups.find(
    known => known.arn === TargetGroupArn && isHere(call)(known),
  );
  if (!group) throw noGroup();
  const registered = call.records.tasks.flatMap(task =>
    task.target?.group === group.name &&
    task.lastStatus !== 'STOPPED' &&
    isHere(call)(task)
      ? [targetBody({ ...task, target: task.target }, group)]
      : [],
  );
  if (!Targets?.length) return { TargetHealthDescriptions: registered };
  return {
    TargetHealthDescriptions: Targets.map(
      wanted =>
        registered.find(({ Target }) => Target?.Id === wanted.Id) ?? {
          Target: wanted,
          TargetHealth: {
            State: 'unused',
            Reason: 'Target.NotRegistered',
            Description: 'Target is not registered to the target group',
          },
        },
    ),
  };
});

export const TARGET_OPERATIONS: readonly Operation[] = [
  describeTargetGroups,
  describeTargetHealth,
];
