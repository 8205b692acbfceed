import type { RuntimeServiceFact } from 'backstage-plugin-delivery-common';
import { Refusal, type Input } from './__testUtils__/fakeAws';
import { AT, CLUSTER, fixture, never, useAws } from './__testUtils__/setup';

const setup = useAws();
const service = async (name: string): Promise<RuntimeServiceFact> => {
  setup.aws.answers.DescribeServices = () => fixture('DescribeServices');
  const [read] = await setup.provider().readServices(CLUSTER, [name], never);
  setup.calls.length = 0;
  setup.aws.heard.length = 0;
  if (!('fact' in read)) throw new Error(read.problem.message);
  return read.fact;
};

const bodies = [
  ...['DescribeTasks', 'DescribeTargetGroups', 'DescribeTargetHealth'],
  ...['DescribeLoadBalancers', 'DescribeListeners', 'DescribeAlarms'],
];

beforeEach(() => {
  const { answers } = setup.aws;
  for (const operation of bodies) answers[operation] = () => fixture(operation);
  const arns = fixture<{ tasks: Input[] }>('DescribeTasks').tasks.map(
    one => one.taskArn,
  );
  answers.ListTasks = ({ desiredStatus }) => ({
    taskArns: desiredStatus === 'STOPPED' ? arns.slice(2) : arns.slice(0, 2),
  });
  const rules = fixture<Record<string, object>>('DescribeRules');
  answers.DescribeRules = ({ ListenerArn }) =>
    String(ListenerArn).endsWith('4'.repeat(16))
      ? rules.production
      : rules.test;
  answers.GetMetricData = ({ MetricDataQueries }) => ({
    MetricDataResults: (MetricDataQueries as Input[]).map(({ Id }, i) => ({
      Id,
      Timestamps: [AT / 1000 - 60, AT / 1000 - 120],
      Values: [i + 1, 99],
    })),
  });
});

describe('health from container to balancer', () => {
  it('is told whole, in about six calls and the rules', async () => {
    const health = await setup
      .provider()
      .readHealth(await service('vaultex'), never);
    expect(health).toMatchObject({
      at: AT,
      tasks: [
        { health: 'healthy', address: '10.0.0.1' },
        { health: 'healthy', address: '10.0.0.2' },
      ],
      stopped: [
        {
          stopCode: 'EssentialContainerExited',
          health: 'unknown',
          containers: [
            {
              health: 'unhealthy',
              exitCode: 137,
              reason: expect.stringContaining('OutOfMemoryError'),
            },
          ],
        },
      ],
      targetGroups: [
        {
          name: 'vaultex-blue',
          port: 8080,
          path: '/health',
          matcher: '200-299',
          intervalSeconds: 15,
          healthyThreshold: 3,
          targets: [
            { id: '10.0.0.1', state: 'healthy' },
            { id: '10.0.0.2', state: 'unhealthy', reason: 'Target.Timeout' },
          ],
          weight: 90,
          balancer: {
            name: 'shared',
            state: 'active',
            dnsName: 'shared-1.eu-west-1.elb.amazonaws.com',
          },
        },
      ],
      alarms: [{ name: 'vaultex-5xx', state: 'alarm' }],
      problems: [],
    });
    expect(health.metrics).toContainEqual({
      name: 'TargetResponseTime',
      unit: 'Seconds',
      value: 6,
      at: AT - 60_000,
    });
    expect(setup.operations().sort()).toEqual([
      'DescribeAlarms',
      'DescribeListeners',
      'DescribeLoadBalancers',
      'DescribeRules',
      'DescribeRules',
      'DescribeTargetGroups',
      'DescribeTargetHealth',
      'DescribeTasks',
      'GetMetricData',
      'ListTasks',
      'ListTasks',
    ]);
  });

  it('weighs by the production rule, not by that of the test listener', async () => {
    const health = await setup
      .provider()
      .readHealth(await service('checkout'), never);
    expect(health.targetGroups.map(one => [one.name, one.weight])).toEqual([
      ['vaultex-blue', 90],
      ['vaultex-green', 10],
    ]);
  });

  it('remembers balancers for five minutes, and rules while traffic stands still', async () => {
    let now = AT;
    const provider = setup.provider({ clock: () => now });
    const asked = () => {
      const all = setup.operations();
      setup.aws.heard.length = 0;
      return ['DescribeLoadBalancers', 'DescribeRules'].map(
        name => all.filter(one => one === name).length,
      );
    };
    const [steady, moving] = [
      await service('vaultex'),
      await service('checkout'),
    ];
    await provider.readHealth(steady, never);
    expect(asked()).toEqual([1, 2]);
    now += 299_999;
    await provider.readHealth(steady, never);
    expect(asked()).toEqual([0, 0]);
    await provider.readHealth(moving, never);
    expect(asked()).toEqual([0, 2]);
    now += 1;
    await provider.readHealth(steady, never);
    expect(asked()).toEqual([1, 0]);
  });

  it.each([
    ['ListTasks', ['stopped tasks', 'tasks']],
    ['DescribeTasks', ['tasks']],
    ['DescribeTargetHealth', ['targets']],
    ['DescribeTargetGroups', ['target groups']],
    ['DescribeLoadBalancers', ['load balancer']],
    ['DescribeRules', ['load balancer']],
    ['DescribeAlarms', ['alarms']],
    ['GetMetricData', ['metrics']],
  ])('tells everything else when %s fails', async (operation, parts) => {
    const whole = await service('vaultex');
    setup.aws.answers[operation] = () =>
      new Refusal('AccessDeniedException', 'canary', 403);
    const health = await setup.provider().readHealth(whole, never);
    expect(health.problems.map(({ part }) => part)).toEqual(parts);
    expect(health.problems[0]).toMatchObject({ code: 'not_allowed', at: AT });
    expect(health.problems[0].message).toContain(`:${operation}:`);
    const empty = [
      health.tasks.length === 0,
      health.stopped.length === 0,
      health.targetGroups[0].targets.length === 0,
      health.targetGroups[0].path === undefined,
      health.targetGroups[0].balancer === undefined,
      health.alarms.length === 0,
      health.metrics.length === 0,
    ];
    // What follows from a part that failed is gone with it; nothing else is.
    const gone: Record<string, boolean[]> = {
      ListTasks: [true, true],
      DescribeTasks: [true, true],
      DescribeTargetHealth: [false, false, true],
      DescribeTargetGroups: [false, false, false, true, true],
      DescribeLoadBalancers: [false, false, false, false, true],
      DescribeRules: [false, false, false, false, true],
      DescribeAlarms: [false, false, false, false, false, true],
      GetMetricData: [false, false, false, false, false, false, true],
    };
    expect(empty).toEqual(empty.map((_, i) => gone[operation][i] ?? false));
  });

  it('of a worker ends at the service', async () => {
    const worker = {
      ...(await service('vaultex')),
      targetGroups: [],
      alarmNames: [],
    };
    const health = await setup.provider().readHealth(worker, never);
    expect(health.targetGroups).toEqual([]);
    expect(health.alarms).toEqual([]);
    expect(health.metrics.map(({ name }) => name)).toEqual([
      'CPUUtilization',
      'MemoryUtilization',
    ]);
    expect(setup.operations().sort()).toEqual([
      'DescribeTasks',
      'GetMetricData',
      'ListTasks',
      'ListTasks',
    ]);
  });

  it('says where there are no measurements', async () => {
    setup.aws.answers.GetMetricData = () => ({ MetricDataResults: [] });
    const health = await setup
      .provider()
      .readHealth(await service('vaultex'), never);
    expect(health.metrics).toContainEqual({
      name: 'HealthyHostCount',
      unit: 'Count',
    });
  });

  it('stops when it is told to', async () => {
    const whole = await service('vaultex');
    for (const operation of Object.keys(setup.aws.answers)) {
      setup.aws.answers[operation] = () => undefined;
    }
    const aborting = new AbortController();
    const reading = setup.provider().readHealth(whole, aborting.signal);
    const reason = new Error('enough');
    aborting.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
