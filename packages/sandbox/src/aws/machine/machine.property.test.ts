import fc from 'fast-check';
import type { ServiceSpec } from './seedService';
import { awsBench, PERSON, PLACE, WEB } from './testUtils/awsBench';

type Bench = ReturnType<typeof awsBench>;

type Command =
  | { do: 'deploy'; image: number; put: boolean }
  | { do: 'spoil'; what: 'image' | 'crash' | 'health' }
  | { do: 'count'; count: number }
  | { do: 'kill'; count: number }
  | { do: 'break'; how: 'timeout' | 'code' | undefined }
  | { do: 'stop'; how: 'ROLLBACK' | 'ABORT' }
  | { do: 'hook'; how: 'CONTINUE' | 'ROLLBACK' }
  | { do: 'alarm'; state: 'OK' | 'ALARM' }
  | { do: 'force' }
  | { do: 'task'; exitCode: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deploy' as const),
      image: fc.integer({ min: 2, max: 6 }),
      put: fc.boolean(),
    }),
  },
  fc.record({
    do: fc.constant('spoil' as const),
    what: fc.constantFrom('image', 'crash', 'health'),
  }),
  fc.record({ do: fc.constant('count' as const), count: fc.nat(5) }),
  fc.record({ do: fc.constant('kill' as const), count: fc.nat(4) }),
  fc.record({
    do: fc.constant('break' as const),
    how: fc.constantFrom('timeout', 'code', undefined),
  }),
  fc.record({
    do: fc.constant('stop' as const),
    how: fc.constantFrom('ROLLBACK', 'ABORT'),
  }),
  fc.record({
    do: fc.constant('hook' as const),
    how: fc.constantFrom('CONTINUE', 'ROLLBACK'),
  }),
  fc.record({
    do: fc.constant('alarm' as const),
    state: fc.constantFrom('OK', 'ALARM'),
  }),
  fc.record({ do: fc.constant('force' as const) }),
  fc.record({ do: fc.constant('task' as const), exitCode: fc.nat(2) }),
);

const spec: fc.Arbitrary<Partial<ServiceSpec>> = fc.record({
  strategy: fc.constantFrom('ROLLING', 'BLUE_GREEN', 'CANARY', 'LINEAR'),
  circuitBreaker: fc.constantFrom(
    null,
    { enable: true, rollback: true },
    { enable: true, rollback: false },
  ),
  desiredCount: fc.integer({ min: 0, max: 5 }),
  port: fc.constantFrom(null, 8080),
  healthCheck: fc.constantFrom(null, 'true'),
  bakeMinutes: fc.constantFrom(0, 4),
  stepPercent: fc.constantFrom(25, 40),
  stepBakeMinutes: fc.constantFrom(0, 2),
  pauseAt: fc.constantFrom(
    null,
    'POST_TEST_TRAFFIC_SHIFT',
    'PRE_PRODUCTION_TRAFFIC_SHIFT',
  ),
  pauseTimeoutMinutes: fc.constant(10),
  alarms: fc.constant({
    items: [{ name: 'errors', metric: '5xx', threshold: 1 }],
    rollback: true,
  }),
});

// So fast that much falls on the same millisecond.
const speed = fc.constantFrom(1, 20, 5000);

const story = fc.array(
  fc.record({ command, seconds: fc.integer({ min: 0, max: 250 }) }),
  { minLength: 1, maxLength: 10 },
);

const current = (bench: Bench) => {
  const arn = bench.service.currentDeployment;
  const found = bench.cloud.records.deployments.find(one => one.arn === arn);
  if (!found) throw new Error('a service without a deployment');
  return found;
};

function obey(bench: Bench, order: Command): void {
  const { cloud } = bench;
  switch (order.do) {
    case 'deploy':
      bench.deploy(order.image, order.put);
      break;
    case 'spoil':
      cloud.spoilNext(WEB, order.what);
      break;
    case 'count':
      cloud.setDesiredCount(WEB, order.count);
      break;
    case 'kill':
      cloud.killTasks(WEB, order.count);
      break;
    case 'break':
      cloud.breakTargets(WEB, order.how);
      break;
    case 'alarm':
      cloud.setAlarm(PLACE, 'errors', order.state);
      break;
    case 'force':
      cloud.updateService(WEB, { force: true }, PERSON);
      break;
    case 'task':
      cloud.runTask(
        { ...PLACE, cluster: 'main' },
        { taskDefinition: 'web', startedBy: 'x', exitCode: order.exitCode },
      );
      break;
    case 'stop':
      if (cloud.progress(current(bench).arn).state === 'moving') {
        cloud.stopDeployment(current(bench).arn, order.how);
      }
      break;
    default: {
      const { arn, hook } = current(bench);
      if (hook?.status === 'AWAITING_ACTION') {
        cloud.continueDeployment(arn, hook.id, order.how);
      }
    }
  }
}

const MOVING = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

/** What does not hold now and should at every instant. */
function wrong(bench: Bench, mostDesired: number): string[] {
  const { records } = bench.cloud;
  const { currentDeployment } = bench.service;
  const found: string[] = [];
  const moving = records.deployments.filter(({ status }) =>
    MOVING.includes(status),
  );
  // Only the newest may move: it alone is PRIMARY.
  for (const { arn } of moving) {
    if (arn !== currentDeployment) found.push(`${arn} still moves`);
  }
  for (const { listeners } of records.balancers) {
    for (const { arn, forwards } of listeners.flatMap(({ rules }) => rules)) {
      const sum = forwards.reduce((total, { weight }) => total + weight, 0);
      if (sum !== 100) found.push(`weights of ${arn} are ${sum}`);
    }
  }
  const meant = records.tasks.filter(
    task => task.service !== null && task.desiredStatus === 'RUNNING',
  );
  // A smaller count takes effect a moment later while a deployment begins or is asked to stop.
  if (meant.length > 2 * mostDesired) found.push('more than 200 % of tasks');
  for (const task of records.tasks) {
    const { arn, lastStatus, stoppedAt, startedAt, createdAt, target } = task;
    if ((lastStatus === 'STOPPED') !== (stoppedAt !== null)) {
      found.push(`${arn} stopped without time, or runs with one`);
    }
    if (lastStatus === 'RUNNING' && startedAt === null) {
      found.push(`${arn} runs and never started`);
    }
    if (target && !['RUNNING', 'STOPPING'].includes(lastStatus)) {
      found.push(`${arn} is a target while ${lastStatus}`);
    }
    const latest = Math.max(createdAt, startedAt ?? 0, stoppedAt ?? 0);
    if (latest > bench.clock.now()) found.push(`${arn} is of the future`);
  }
  return found;
}

const plain = (bench: Bench): unknown =>
  JSON.parse(JSON.stringify(bench.cloud.records));

describe('whatever is done to a service, and whenever', () => {
  it('looking often, once, or after a restart gives the same', () => {
    fc.assert(
      fc.property(
        spec,
        speed,
        story,
        fc.nat(9),
        (service, fast, steps, restartAt) => {
          const once = awsBench(service, { speed: fast });
          const often = awsBench(service, { speed: fast });
          const broken = new Set<string>();
          let most = once.service.desiredCount;
          steps.forEach((step, index) => {
            obey(once, step.command);
            obey(often, step.command);
            most = Math.max(most, often.service.desiredCount);
            once.clock.advance(Math.round((step.seconds * 1000) / fast));
            const end = once.clock.now();
            for (
              let next = often.cloud.nextAt();
              next !== undefined && next <= end;
              next = often.cloud.nextAt()
            ) {
              often.clock.advanceTo(next);
              often.cloud.settle();
              wrong(often, most).forEach(one => broken.add(one));
            }
            often.clock.advanceTo(end);
            often.cloud.settle();
            if (index === restartAt) often.restart();
          });
          once.cloud.settle();
          expect([...broken]).toEqual([]);
          expect(plain(often)).toEqual(plain(once));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('comes to rest with the desired tasks when nothing fails any more', () => {
    fc.assert(
      fc.property(spec, story, (service, steps) => {
        const bench = awsBench(service);
        for (const { command: order, seconds } of steps) {
          obey(bench, order);
          bench.after(seconds);
        }
        obey(bench, { do: 'break', how: undefined });
        obey(bench, { do: 'alarm', state: 'OK' });
        delete bench.service.spoilNext;
        const last = bench.deploy(7);
        while (last.status !== 'SUCCESSFUL') {
          bench.until(
            () =>
              last.status === 'SUCCESSFUL' ||
              last.hook?.status === 'AWAITING_ACTION',
          );
          obey(bench, { do: 'hook', how: 'CONTINUE' });
        }
        bench.until(() => bench.cloud.nextAt() === undefined);
        expect(wrong(bench, bench.service.desiredCount)).toEqual([]);
        const tasks = bench.live();
        expect(tasks).toHaveLength(bench.service.desiredCount);
        for (const task of tasks) {
          expect(task.lastStatus).toBe('RUNNING');
          expect(task.revision).toBe(last.targetRevision);
        }
      }),
      { numRuns: 100 },
    );
  });
});
