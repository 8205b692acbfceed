import { createHash } from 'crypto';
import {
  GetMetricData$,
  type Dimension,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../cloud';
import { ServiceRecord, TaskRecord } from '../../records';
import { AwsCall, isHere, reading } from '../operation';
import { watches } from './alarms';

/** A day of minutes: more is not answered. */
const MOST_POINTS = 1440;
const MOST_QUERIES = 500;

/** Lowest and highest value on a good day. */
const USUAL: Record<string, [low: number, high: number]> = {
  CPUUtilization: [12, 35],
  MemoryUtilization: [38, 55],
  HTTPCode_Target_2XX_Count: [200, 900],
  HTTPCode_Target_4XX_Count: [0, 12],
  HTTPCode_Target_5XX_Count: [0, 1],
  RequestCount: [210, 920],
  TargetResponseTime: [0.04, 0.16],
  ApproximateAgeOfOldestMessage: [1, 15],
  ApproximateNumberOfMessagesVisible: [0, 5],
};

/** From 0 to 1, the same for the same words. */
const chance = (...words: (string | number)[]) =>
  createHash('sha256').update(words.join(' ')).digest().readUInt32BE(0) /
  0xffffffff;

const dimension = (dimensions: readonly Dimension[], name: string) =>
  dimensions.find(({ Name }) => Name === name)?.Value;

const groupOf = (dimensions: readonly Dimension[]) =>
  dimension(dimensions, 'TargetGroup')?.split('/').at(1);

/** The service that a metric is about. */
function serviceOf(
  call: AwsCall,
  dimensions: readonly Dimension[],
): ServiceRecord | undefined {
  const group = groupOf(dimensions);
  const queue = dimension(dimensions, 'QueueName');
  const name = dimension(dimensions, 'ServiceName');
  const cluster = dimension(dimensions, 'ClusterName');
  return call.records.services.filter(isHere(call)).find(service => {
    if (group !== undefined) return service.targetGroups.includes(group);
    if (queue !== undefined) return queue.startsWith(service.name);
    return service.name === name && service.cluster === cluster;
  });
}

function hosts(
  tasks: readonly TaskRecord[],
  healthy: boolean,
  from: number,
  to: number,
): number {
  return tasks.filter(task => {
    if (task.startedAt === null || task.startedAt > to) return false;
    if (task.stoppedAt !== null) return healthy && task.stoppedAt > from;
    const state = task.target?.state;
    return healthy ? state === 'healthy' : state === 'unhealthy';
  }).length;
}

/** What the metric was between two times; undefined when CloudWatch would know nothing. */
type Measure = (from: number, to: number) => number | undefined;

function measureOf(
  call: AwsCall,
  metric: string,
  dimensions: readonly Dimension[],
): Measure | undefined {
  const service = serviceOf(call, dimensions);
  if (!service) return undefined;
  if (metric === 'HealthyHostCount' || metric === 'UnHealthyHostCount') {
    const group = groupOf(dimensions);
    const tasks = call.records.tasks.filter(
      task => task.target?.group === group && isHere(call)(task),
    );
    return (from, to) => hosts(tasks, metric === 'HealthyHostCount', from, to);
  }
  const usual = USUAL[metric];
  if (!usual) return undefined;
  const alarm = call.records.alarms.find(
    known => known.metric === metric && watches(known, service),
  );
  const [low, high] = usual;
  const name = `${service.accountId} ${service.region} ${service.name}`;
  return (from, to) => {
    if (from < service.createdAt) return undefined;
    const share = chance(name, metric, from);
    const rings = alarm?.state === 'ALARM' && to > alarm.updatedAt;
    const value = rings
      ? alarm.threshold * (1.2 + share) + 1
      : Math.min(
          low + share * (high - low),
          alarm ? alarm.threshold * 0.8 : Infinity,
        );
    return metric.endsWith('Count')
      ? Math.round(value)
      : Math.round(value * 1000) / 1000;
  };
}

function resultOf(
  call: AwsCall,
  query: MetricDataQuery,
  { from, to, newestFirst }: { from: number; to: number; newestFirst: boolean },
): MetricDataResult {
  const { MetricStat } = query;
  if (!MetricStat?.Metric?.MetricName) {
    throw new AwsError(
      'ValidationError',
      `The sandbox has no expressions: give MetricStat for ${query.Id}.`,
    );
  }
  const { Metric, Period = 60 } = MetricStat;
  if (Period < 60 || Period % 60 !== 0) {
    throw new AwsError(
      'ValidationError',
      'The Period must be a multiple of 60.',
    );
  }
  const step = Period * 1000;
  const end = Math.min(to, call.now);
  const start = Math.max(
    Math.floor(from / step) * step,
    (Math.floor(end / step) - MOST_POINTS) * step,
  );
  const measure = measureOf(
    call,
    Metric.MetricName ?? '',
    Metric.Dimensions ?? [],
  );
  const points: { at: number; value: number }[] = [];
  for (let at = start; measure && at < end; at += step) {
    const value = measure(at, at + step);
    if (value !== undefined) points.push({ at, value });
  }
  if (newestFirst) points.reverse();
  return {
    Id: query.Id,
    Label: query.Label ?? Metric.MetricName,
    Timestamps: points.map(({ at }) => new Date(at)),
    Values: points.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}

export const getMetricData = reading<
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput
>(GetMetricData$, (input, call) => {
  const { MetricDataQueries, StartTime, EndTime, ScanBy } = input;
  if (!StartTime || !EndTime || StartTime >= EndTime) {
    throw new AwsError(
      'ValidationError',
      'The parameter EndTime must be greater than StartTime.',
    );
  }
  if (!MetricDataQueries?.length || MetricDataQueries.length > MOST_QUERIES) {
    throw new AwsError(
      'ValidationError',
      `MetricDataQueries must have 1 to ${MOST_QUERIES} elements.`,
    );
  }
  return {
    MetricDataResults: MetricDataQueries.filter(
      ({ ReturnData }) => ReturnData !== false,
    ).map(query =>
      resultOf(call, query, {
        from: StartTime.getTime(),
        to: EndTime.getTime(),
        newestFirst: ScanBy !== 'TimestampAscending',
      }),
    ),
    Messages: [],
  };
});
