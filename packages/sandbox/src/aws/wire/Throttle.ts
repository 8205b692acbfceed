import { AwsPlace } from '../records';

/** Size of a bucket and how many calls flow back each second. */
interface Rate {
  group: string;
  burst: number;
  perSecond: number;
}

const rate = (
  group: string,
  burst: number,
  perSecond: number,
  operations: string[],
): [string, Rate][] =>
  operations.map(operation => [
    `ecs.${operation}`,
    { group, burst, perSecond },
  ]);

/** As the page "Request throttling" of ECS says; what is not there is not limited. */
const RATES = new Map<string, Rate>([
  ...rate('service read', 100, 20, ['DescribeServices', 'ListServices']),
  ...rate('service deployment', 50, 20, [
    'DescribeServiceDeployments',
    'ListServiceDeployments',
  ]),
  ...rate('service revision', 50, 20, ['DescribeServiceRevisions']),
  ...rate('task definition read', 50, 20, [
    'DescribeTaskDefinition',
    'ListTaskDefinitions',
  ]),
  ...rate('cluster resource read', 100, 20, ['ListTasks', 'DescribeTasks']),
  ...rate('cluster read', 50, 20, ['DescribeClusters', 'ListClusters']),
  ...rate('tag read', 50, 20, ['ListTagsForResource']),
  ...rate('service modify', 50, 5, ['UpdateService']),
  ...rate('task definition modify', 20, 1, [
    'RegisterTaskDefinition',
    'DeregisterTaskDefinition',
  ]),
  ...rate('cluster resource modify', 100, 40, ['RunTask']),
]);

const BALANCING: Rate = { group: 'balancing', burst: 40, perSecond: 10 };

function rateOf(operation: string): Rate | undefined {
  return operation.startsWith('elasticloadbalancing.')
    ? BALANCING
    : RATES.get(operation);
}

/** Token buckets, one for each account, region and group of operations. */
export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** @returns false when the bucket is empty */
  take(place: AwsPlace, operation: string, now: number): boolean {
    const found = rateOf(operation);
    if (!found) return true;
    const key = [place.accountId, place.region, found.group].join(' ');
    const bucket = this.buckets.get(key) ?? { tokens: found.burst, at: now };
    const gained = (Math.max(0, now - bucket.at) / 1000) * found.perSecond;
    const tokens = Math.min(found.burst, bucket.tokens + gained);
    const taken = tokens >= 1;
    this.buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at: now });
    return taken;
  }
}
