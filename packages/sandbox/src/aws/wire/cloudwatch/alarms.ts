import {
  DescribeAlarms$,
  type DescribeAlarmsCommandInput,
  type DescribeAlarmsCommandOutput,
  type Dimension,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../cloud';
import { AlarmRecord, ServiceRecord } from '../../records';
import { alarmArn } from '../arns';
import { AwsCall, isHere, reading } from '../operation';
import { pageOf, within } from '../paging';

const INVALID = 'ValidationError';

/** Namespace of a metric by its name. */
export function namespaceOf(metric: string): string {
  if (metric.startsWith('Approximate')) return 'AWS/SQS';
  return metric.endsWith('Utilization') ? 'AWS/ECS' : 'AWS/ApplicationELB';
}

/** Whether an alarm watches the service: it is named in its deployments or after it. */
export const watches = (alarm: AlarmRecord, service: ServiceRecord): boolean =>
  alarm.accountId === service.accountId &&
  alarm.region === service.region &&
  ((service.alarms?.names.includes(alarm.name) ?? false) ||
    alarm.name.startsWith(`${service.name}-`));

function dimensionsOf(call: AwsCall, alarm: AlarmRecord): Dimension[] {
  const service = call.records.services.find(known => watches(alarm, known));
  if (!service) return [];
  switch (namespaceOf(alarm.metric)) {
    case 'AWS/SQS':
      return [{ Name: 'QueueName', Value: service.name }];
    case 'AWS/ECS':
      return [
        { Name: 'ClusterName', Value: service.cluster },
        { Name: 'ServiceName', Value: service.name },
      ];
    default: {
      const group = call.records.targetGroups
        .filter(isHere(call))
        .find(({ name }) => name === service.targetGroups[0]);
      return group
        ? [
            {
              Name: 'TargetGroup',
              Value: group.arn.slice(group.arn.lastIndexOf(':') + 1),
            },
          ]
        : [];
    }
  }
}

const alarmBody = (call: AwsCall, alarm: AlarmRecord): MetricAlarm => ({
  AlarmName: alarm.name,
  AlarmArn: alarmArn(alarm, alarm.name),
  AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAt),
  ActionsEnabled: true,
  OKActions: [],
  AlarmActions: [],
  InsufficientDataActions: [],
  StateValue: alarm.state,
  StateReason: alarm.reason,
  StateUpdatedTimestamp: new Date(alarm.updatedAt),
  StateTransitionedTimestamp: new Date(alarm.updatedAt),
  MetricName: alarm.metric,
  Namespace: namespaceOf(alarm.metric),
  Statistic: alarm.metric.endsWith('_Count') ? 'Sum' : 'Average',
  Dimensions: dimensionsOf(call, alarm),
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 3,
  Threshold: alarm.threshold,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
});

export const describeAlarms = reading<
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput
>(DescribeAlarms$, (input, call) => {
  const { AlarmNames, AlarmNamePrefix, StateValue, AlarmTypes } = input;
  if ((AlarmNames?.length ?? 0) > 100) {
    throw new AwsError(
      INVALID,
      "1 validation error detected: Value at 'alarmNames' failed to satisfy constraint: Member must have length less than or equal to 100",
    );
  }
  if (AlarmNames?.length && AlarmNamePrefix) {
    throw new AwsError(
      INVALID,
      'AlarmNamePrefix cannot be given with AlarmNames.',
    );
  }
  const metric = !AlarmTypes?.length || AlarmTypes.includes('MetricAlarm');
  const page = pageOf(
    call.records.alarms.filter(
      alarm =>
        metric &&
        (!AlarmNames?.length || AlarmNames.includes(alarm.name)) &&
        (!AlarmNamePrefix || alarm.name.startsWith(AlarmNamePrefix)) &&
        (!StateValue || alarm.state === StateValue) &&
        isHere(call)(alarm),
    ),
    alarm => alarm.name,
    {
      size: within(input.MaxRecords, {
        name: 'MaxRecords',
        most: 100,
        otherwise: 50,
        error: INVALID,
      }),
      token: input.NextToken,
      error: 'InvalidNextToken',
    },
  );
  return {
    MetricAlarms: page.items.map(alarm => alarmBody(call, alarm)),
    CompositeAlarms: [],
    NextToken: page.nextToken,
  };
});
