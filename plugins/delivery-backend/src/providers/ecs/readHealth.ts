import {
  parseRuntimeKey,
  type RuntimeHealth,
  type RuntimeRef,
  type RuntimeServiceFact,
  type RuntimeTask,
} from 'backstage-plugin-delivery-common';
import { InputError } from '@backstage/errors';
import type { RawTargetGroup, RawTargetHealth } from './balancerSchema';
import type { AwsClients } from './clients';
import { problemOf } from './errors';
import { taskOf } from './taskFacts';
import { readAlarms } from './readAlarms';
import {
  readBalancer,
  readRules,
  readTargetGroups,
  readTargets,
  weightOf,
  type Balancer,
  type Rule,
} from './readBalancers';
import { readMetrics, type Measured } from './readMetrics';
import { describeTasks, taskPage } from './readTasks';

/** How long what hardly ever changes is not asked again. */
const KEEP_MS = 5 * 60_000;
const MAX_KEPT = 1_000;
const MAX_GROUPS = 10;
const MAX_BALANCERS = 5;
/** More tasks of one service are not looked at for one page; their number is known from the service. */
const MAX_TASKS = 500;
const STOPPED = 10;

type Group = RuntimeHealth['targetGroups'][number];

/** Reads one service from container to balancer; remembers balancers for five minutes. */
export class HealthReader {
  private readonly balancers = new Map<
    string,
    { at: number; value: Balancer | undefined }
  >();
  private readonly rules = new Map<string, { at: number; value: Rule[] }>();

  constructor(private readonly aws: AwsClients) {}

  /** See RuntimeProvider.readHealth. */
  async read(
    service: RuntimeServiceFact,
    signal: AbortSignal,
  ): Promise<RuntimeHealth> {
    const ref = parseRuntimeKey(service.runtimeKey);
    if (!ref) {
      throw new InputError(`${service.runtimeKey} is no service of a runtime.`);
    }
    const { aws } = this;
    const at = aws.now;
    const problems: RuntimeHealth['problems'] = [];
    // Whatever fails is told, and the rest goes on.
    const part: Part = async (name, read, otherwise) => {
      try {
        return await read();
      } catch (error) {
        signal.throwIfAborted();
        problems.push({ part: name, ...problemOf(error), at });
        return otherwise;
      }
    };
    const [tasks, { groups, measured }, alarms] = await Promise.all([
      this.tasks(ref, part, signal),
      this.groups(ref, service, part, signal),
      part(
        'alarms',
        async () =>
          service.alarmNames.length === 0
            ? []
            : (
                await readAlarms(aws, ref, service.alarmNames, signal)
              ).alarms,
        [],
      ),
    ]);
    const metrics = await part(
      'metrics',
      () => readMetrics(aws, ref, ref.service, measured, signal),
      [],
    );
    return {
      at,
      ...tasks,
      targetGroups: groups,
      alarms,
      metrics,
      problems: distinct(problems),
    };
  }

  private async tasks(
    ref: RuntimeRef,
    part: Part,
    signal: AbortSignal,
  ): Promise<Pick<RuntimeHealth, 'tasks' | 'stopped'>> {
    const { aws } = this;
    const filter = { service: ref.service };
    const [running, stopped] = await Promise.all([
      part(
        'tasks',
        () =>
          aws.pages('tasks', token =>
            taskPage(
              aws,
              ref,
              { ...filter, desiredStatus: 'RUNNING' },
              signal,
              token,
            ),
          ),
        [],
      ),
      part(
        'stopped tasks',
        async () =>
          (
            await taskPage(
              aws,
              ref,
              { ...filter, desiredStatus: 'STOPPED' },
              signal,
            )
          ).items,
        [],
      ),
    ]);
    const gone = new Set(stopped);
    const asked = [...running.slice(0, MAX_TASKS), ...gone];
    const raw = await part(
      'tasks',
      async () =>
        asked.length === 0 ? [] : describeTasks(aws, ref, asked, signal),
      [],
    );
    const own = raw.filter(({ group }) => group === `service:${ref.service}`);
    const of = (isGone: boolean): RuntimeTask[] =>
      own.filter(task => gone.has(task.taskArn) === isGone).map(taskOf);
    return {
      tasks: of(false).sort((a, b) => (a.id < b.id ? -1 : 1)),
      stopped: of(true)
        .sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0))
        .slice(0, STOPPED),
    };
  }

  private async groups(
    ref: RuntimeRef,
    service: RuntimeServiceFact,
    part: Part,
    signal: AbortSignal,
  ): Promise<{ groups: Group[]; measured: Measured[] }> {
    const { aws } = this;
    const arns = service.targetGroups.slice(0, MAX_GROUPS);
    if (arns.length === 0) return { groups: [], measured: [] };
    const [described, targets] = await Promise.all([
      part(
        'target groups',
        () => readTargetGroups(aws, ref, arns, signal),
        [] as RawTargetGroup[],
      ),
      Promise.all(
        arns.map(arn =>
          part(
            'targets',
            () => readTargets(aws, ref, arn, signal),
            [] as RawTargetHealth[],
          ),
        ),
      ),
    ]);
    const known = new Map(described.map(raw => [raw.TargetGroupArn, raw]));
    const balancerArns = [
      ...new Set(described.flatMap(raw => raw.LoadBalancerArns)),
    ].slice(0, MAX_BALANCERS);
    // While traffic moves, weights of five minutes ago would be told as those of now.
    const fresh =
      service.deployments.length > 1 || service.revisions.length > 1;
    const found = await Promise.all(
      balancerArns.map(arn =>
        part(
          'load balancer',
          () => this.balancer(ref, arn, fresh, signal),
          undefined,
        ),
      ),
    );
    const balancers = found.filter(one => one !== undefined);
    const rules = balancers.flatMap(one => one.rules);
    const groups = arns.map((arn, i): Group => {
      const raw = known.get(arn);
      const balancer = balancers.find(one =>
        raw?.LoadBalancerArns.includes(one.LoadBalancerArn),
      );
      return {
        ...groupOf(arn, raw, targets[i]),
        weight: weightOf(arn, rules, service.productionRules),
        balancer: balancer && balancerOf(balancer),
      };
    });
    const measured = groups.flatMap(({ arn, balancer }) =>
      balancer ? [{ targetGroup: arn, balancer: balancer.arn }] : [],
    );
    return { groups, measured };
  }

  private async balancer(
    ref: RuntimeRef,
    arn: string,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<(Balancer & { rules: Rule[] }) | undefined> {
    const { aws } = this;
    const balancer = await this.kept(this.balancers, ref, arn, false, () =>
      readBalancer(aws, ref, arn, signal),
    );
    if (!balancer) return undefined;
    const rules = await Promise.all(
      balancer.listeners.map(listener =>
        this.kept(this.rules, ref, listener, fresh, () =>
          readRules(aws, ref, listener, signal),
        ),
      ),
    );
    return { ...balancer, rules: rules.flat() };
  }

  private async kept<T>(
    map: Map<string, { at: number; value: T }>,
    { accountId, region }: RuntimeRef,
    arn: string,
    fresh: boolean,
    read: () => Promise<T>,
  ): Promise<T> {
    const key = [accountId, region, arn].join(' ');
    const at = this.aws.now;
    const found = map.get(key);
    if (found && !fresh && at - found.at < KEEP_MS) return found.value;
    const value = await read();
    map.delete(key);
    map.set(key, { at, value });
    const [oldest] = map.keys();
    if (map.size > MAX_KEPT && oldest !== undefined) map.delete(oldest);
    return value;
  }
}

/** Two target groups that fail alike are one problem to a person. */
function distinct(problems: RuntimeHealth['problems']) {
  const found = new Map(
    problems.map(one => [`${one.part} ${one.code} ${one.message}`, one]),
  );
  return [...found.values()].sort((a, b) => (a.part < b.part ? -1 : 1));
}

type Part = <T>(
  name: string,
  read: () => Promise<T>,
  otherwise: T,
) => Promise<T>;

function groupOf(
  arn: string,
  raw: RawTargetGroup | undefined,
  targets: RawTargetHealth[],
): Omit<Group, 'weight' | 'balancer'> {
  return {
    arn,
    name: raw?.TargetGroupName ?? arn.split('/')[1] ?? arn,
    port: raw?.Port,
    path: raw?.HealthCheckPath,
    matcher: raw?.Matcher?.HttpCode ?? raw?.Matcher?.GrpcCode,
    intervalSeconds: raw?.HealthCheckIntervalSeconds,
    healthyThreshold: raw?.HealthyThresholdCount,
    targets: targets.map(({ Target, TargetHealth }) => ({
      id: Target.Id,
      port: Target.Port,
      state: TargetHealth?.State ?? '',
      reason: TargetHealth?.Reason,
      description: TargetHealth?.Description,
    })),
  };
}

function balancerOf(raw: Balancer): NonNullable<Group['balancer']> {
  return {
    arn: raw.LoadBalancerArn,
    name: raw.LoadBalancerName ?? raw.LoadBalancerArn.split('/')[2] ?? '',
    state: raw.State?.Code ?? '',
    dnsName: raw.DNSName,
  };
}
