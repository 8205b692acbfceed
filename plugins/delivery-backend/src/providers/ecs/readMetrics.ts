import {
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type {
  ClusterScope,
  RuntimeHealth,
} from 'backstage-plugin-delivery-common';
import { metricSchema } from './balancerSchema';
import type { AwsClients } from './clients';
import { list } from './schema';

type Metric = RuntimeHealth['metrics'][number];

const PERIOD_S = 60;
/** Metrics of CloudWatch come minutes late. */
const WINDOW_MS = 15 * 60_000;
/** Queries of a call; CloudWatch allows 500. */
const MAX_QUERIES = 100;

interface Wanted {
  name: string;
  unit: string;
  stat: string;
  /** How the values of several target groups become one. */
  join: (values: number[]) => number;
}

const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
const most = (values: number[]) => Math.max(...values);
const OF_SERVICE: Wanted[] = [
  { name: 'CPUUtilization', unit: 'Percent', stat: 'Average', join: most },
  { name: 'MemoryUtilization', unit: 'Percent', stat: 'Average', join: most },
];
const OF_GROUP: Wanted[] = [
  { name: 'HealthyHostCount', unit: 'Count', stat: 'Minimum', join: sum },
  { name: 'UnHealthyHostCount', unit: 'Count', stat: 'Maximum', join: sum },
];
const OF_APPLICATION_GROUP: Wanted[] = [
  { name: 'HTTPCode_Target_5XX_Count', unit: 'Count', stat: 'Sum', join: sum },
  { name: 'TargetResponseTime', unit: 'Seconds', stat: 'Average', join: most },
];

/** A target group and the balancer it is behind. */
export interface Measured {
  targetGroup: string;
  balancer: string;
}

function query(
  Id: string,
  wanted: Wanted,
  Namespace: string,
  dimensions: Record<string, string>,
): MetricDataQuery {
  return {
    Id,
    MetricStat: {
      Metric: {
        Namespace,
        MetricName: wanted.name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({
          Name,
          Value,
        })),
      },
      Period: PERIOD_S,
      Stat: wanted.stat,
    },
  };
}

/** Queries of one target group; the ends of both ARNs are its dimensions. */
function wantedOf({ targetGroup, balancer }: Measured) {
  const TargetGroup = targetGroup.slice(targetGroup.lastIndexOf(':') + 1);
  const LoadBalancer = balancer.split(':loadbalancer/')[1] ?? '';
  const network = LoadBalancer.startsWith('net/');
  return (network ? OF_GROUP : [...OF_GROUP, ...OF_APPLICATION_GROUP]).map(
    wanted => ({
      wanted,
      namespace: network ? 'AWS/NetworkELB' : 'AWS/ApplicationELB',
      dimensions: { TargetGroup, LoadBalancer },
    }),
  );
}

/** The newest value of each metric: one call. */
export async function readMetrics(
  aws: AwsClients,
  cluster: ClusterScope,
  service: string,
  measured: Measured[],
  signal: AbortSignal,
): Promise<Metric[]> {
  const wanted = [
    ...OF_SERVICE.map(one => ({
      wanted: one,
      namespace: 'AWS/ECS',
      dimensions: { ClusterName: cluster.cluster, ServiceName: service },
    })),
    ...measured.flatMap(wantedOf),
  ].slice(0, MAX_QUERIES);
  const now = aws.now;
  const answer = await aws.call(
    'cloudwatch',
    cluster,
    { operation: 'GetMetricData', signal },
    (client, options) =>
      client.send(
        new GetMetricDataCommand({
          MetricDataQueries: wanted.map((one, i) =>
            query(`m${i}`, one.wanted, one.namespace, one.dimensions),
          ),
          StartTime: new Date(now - WINDOW_MS),
          EndTime: new Date(now),
          ScanBy: 'TimestampDescending',
        }),
        options,
      ),
  );
  const results = new Map(
    list(metricSchema, MAX_QUERIES)
      .parse(answer.MetricDataResults)
      .map(one => [one.Id, one]),
  );
  const byName = new Map<string, { wanted: Wanted; points: Point[] }>();
  wanted.forEach((one, i) => {
    const entry = byName.get(one.wanted.name) ?? {
      wanted: one.wanted,
      points: [],
    };
    entry.points.push(...newest(results.get(`m${i}`)));
    byName.set(one.wanted.name, entry);
  });
  return [...byName.values()].map(({ wanted: { name, unit, join }, points }) =>
    points.length === 0
      ? { name, unit }
      : {
          name,
          unit,
          value: join(points.map(({ value }) => value)),
          at: Math.min(...points.map(({ at }) => at)),
        },
  );
}

interface Point {
  at: number;
  value: number;
}

function newest(result?: { Timestamps: number[]; Values: number[] }): Point[] {
  const points = (result?.Timestamps ?? []).flatMap((at, i) => {
    const value = result?.Values[i];
    return value === undefined ? [] : [{ at, value }];
  });
  return points.sort((a, b) => b.at - a.at).slice(0, 1);
}
