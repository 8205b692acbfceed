import { Refusal, type Input } from './__testUtils__/fakeAws';
import {
  ACCOUNT,
  CLUSTER,
  fixture,
  never,
  REGION,
  useAws,
} from './__testUtils__/setup';

const setup = useAws();
const [rawTask] = fixture<{ tasks: Input[] }>('DescribeTasks').tasks;
const taskArn = (i: number) =>
  `arn:aws:ecs:${REGION}:${ACCOUNT}:task/production/${String(i).padStart(
    32,
    '0',
  )}`;

describe('tasks of a cluster', () => {
  /** A cluster with so many tasks, of three services and one of none. */
  function populate(count: number) {
    const arns = Array.from({ length: count }, (_, i) => taskArn(i));
    setup.aws.answers.ListTasks = ({ nextToken, maxResults }) => {
      const from = Number(nextToken ?? 0);
      const to = from + Number(maxResults);
      return {
        taskArns: arns.slice(from, to),
        nextToken: to < count ? String(to) : undefined,
      };
    };
    setup.aws.answers.DescribeTasks = ({ tasks }) => ({
      tasks: (tasks as string[]).map(arn => {
        const kind = Number(arn.slice(-3)) % 4;
        return {
          ...rawTask,
          taskArn: arn,
          group: kind === 3 ? 'family:job' : `service:s${kind}`,
        };
      }),
    });
  }

  it.each([
    [1, 2],
    [100, 2],
    [101, 4],
    [1250, 26],
  ])('%d of them are read by %d calls', async (count, calls) => {
    populate(count);
    const facts = await setup.provider().readTasks(CLUSTER, never);
    expect(setup.calls).toHaveLength(calls);
    const told = facts.flatMap(({ tasks }) => tasks);
    const ofServices = Array.from({ length: count }, (_, i) => i).filter(
      i => (i % 1000) % 4 !== 3,
    );
    expect(told).toHaveLength(ofServices.length);
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  });

  it('none is one call', async () => {
    populate(0);
    expect(await setup.provider().readTasks(CLUSTER, never)).toEqual([]);
    expect(setup.operations()).toEqual(['ListTasks']);
  });

  it('are told by service, with health, address and digest', async () => {
    populate(4);
    const facts = await setup.provider().readTasks(CLUSTER, never);
    expect(facts.map(({ runtimeKey }) => runtimeKey)).toEqual(
      [0, 1, 2].map(i => `ecs/${ACCOUNT}/${REGION}/production/s${i}`),
    );
    expect(facts[0].tasks).toMatchObject([
      {
        id: '0'.repeat(32),
        health: 'healthy',
        lastStatus: 'RUNNING',
        startedBy: 'ecs-svc/1234567890123456789',
        address: '10.0.0.1',
        containers: [{ name: 'app', digest: `sha256:${'a'.repeat(64)}` }],
      },
    ]);
  });
});

describe('alarms', () => {
  it('are asked for by the hundred; one nobody knows is missing', async () => {
    const body = fixture('DescribeAlarms');
    setup.aws.answers.DescribeAlarms = () => body;
    const names = Array.from({ length: 250 }, (_, i) => `other-${i}`);
    const fact = await setup
      .provider()
      .readAlarms(CLUSTER, ['vaultex-5xx', 'vaultex-all', ...names], never);
    expect(setup.calls).toHaveLength(3);
    expect(fact.alarms).toHaveLength(252);
    expect(fact.alarms.slice(0, 3)).toMatchObject([
      { name: 'vaultex-5xx', state: 'alarm', updatedAt: 1795169880000 },
      { name: 'vaultex-all', state: 'ok' },
      { name: 'other-0', state: 'missing' },
    ]);
  });

  it('in a state nobody has heard of are unknown', async () => {
    setup.aws.answers.DescribeAlarms = () => ({
      MetricAlarms: [{ AlarmName: 'a', StateValue: 'SLEEPING' }],
    });
    const fact = await setup.provider().readAlarms(CLUSTER, ['a'], never);
    expect(fact.alarms).toMatchObject([{ name: 'a', state: 'unknown' }]);
  });
});

describe('services of a cluster', () => {
  it('are listed by the hundred', async () => {
    setup.aws.answers.ListServices = ({ nextToken }) => ({
      serviceArns: Array.from(
        { length: 100 },
        (_, i) =>
          `arn:aws:ecs:${REGION}:${ACCOUNT}:service/production/s${
            nextToken ?? 0
          }-${i}`,
      ),
      nextToken: nextToken ? undefined : '1',
    });
    const names = await setup.provider().listServices(CLUSTER, never);
    expect(names).toHaveLength(200);
    expect(names).toContain('s1-99');
    expect(setup.calls).toHaveLength(2);
  });
});

describe('drift of stacks', () => {
  it('is what was last detected; detecting is never started', async () => {
    setup.aws.answers.DescribeStacks = ({ StackName }) =>
      StackName === 'gone'
        ? new Refusal('ValidationError', 'Stack with id gone does not exist')
        : fixture('DescribeStacks');
    setup.aws.answers.DescribeStackResourceDrifts = () => ({
      StackResourceDrifts: [
        { LogicalResourceId: 'A' },
        { LogicalResourceId: 'B' },
      ],
    });
    const drifts = await setup
      .provider()
      .readStackDrift?.(CLUSTER, ['vaultex-production', 'gone', 'b@d'], never);
    expect(drifts).toEqual([
      {
        stack: 'vaultex-production',
        status: 'drifted',
        checkedAt: Date.UTC(2026, 10, 20, 8),
        driftedResources: 2,
      },
      { stack: 'gone', status: 'unknown' },
      { stack: 'b@d', status: 'unknown' },
    ]);
    expect(setup.operations().join()).not.toContain('Detect');
  });

  it('is told without the number where only that cannot be read', async () => {
    setup.aws.answers.DescribeStacks = () => fixture('DescribeStacks');
    setup.aws.answers.DescribeStackResourceDrifts = () =>
      new Refusal('AccessDenied', 'no', 403);
    const drifts = await setup
      .provider()
      .readStackDrift?.(CLUSTER, ['vaultex-production'], never);
    expect(drifts?.[0]).toMatchObject({ status: 'drifted' });
  });
});
