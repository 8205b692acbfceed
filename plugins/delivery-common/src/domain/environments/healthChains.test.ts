import type { HealthChain } from '../../contract';
import type { RuntimeHealth, RuntimeTask } from '../../runtime';
import type { RuntimeState } from './facts';
import { healthChains } from './healthChains';
import { viewOf } from './viewOf';
import {
  facts,
  NOW,
  runtimeDeployment as ecs,
  runtimeOf,
  service,
  sha,
  task,
} from './testUtils/environmentFacts';

type Group = RuntimeHealth['targetGroups'][number];

const GROUP = 'arn:tg/blue';
const group = (
  targets: Group['targets'],
  part: Partial<Group> = {},
): Group => ({
  ...{ arn: GROUP, name: 'blue', weight: 100, targets },
  balancer: { arn: 'arn:lb', name: 'lb', state: 'active' },
  ...part,
});
const good = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map(id => ({
  ...{ id, state: 'healthy' },
}));
const three = good.map(({ id }, i) => task(`t${i}`, { address: id }));

const health = (part: Partial<RuntimeHealth> = {}): RuntimeHealth => ({
  ...{ at: NOW, tasks: three, stopped: [], targetGroups: [group(good)] },
  ...{ alarms: [], metrics: [], problems: [], ...part },
});
const steady = (part: Parameters<typeof service>[0] = {}) =>
  runtimeOf([ecs(1, { to: 1, at: 0 })], [sha('a'), sha('b')], {
    ...{ targetGroups: [GROUP], ...part },
  });

function chains(state: RuntimeState, read?: RuntimeHealth) {
  const view = viewOf(facts([], state), NOW);
  return healthChains({ runtime: state, health: read, view, now: NOW });
}
const states = ({ boundaries }: HealthChain) =>
  boundaries.map(item => item.state);
const red = ({ boundaries }: HealthChain) =>
  boundaries.find(item => item.state === 'unhealthy');
const sick = (part: Partial<RuntimeTask>) => task('bad', part);

describe('a chain', () => {
  it('goes from container to balancer', () => {
    const [chain, ...rest] = chains(steady(), health());
    expect(rest).toEqual([]);
    expect(chain).toMatchObject({ role: 'current', commit: { sha: sha('a') } });
    expect(chain.boundaries.map(item => item.boundary)).toEqual([
      ...['container', 'task', 'service', 'target', 'balancer'],
    ]);
    expect(states(chain)).toEqual(Array(5).fill('healthy'));
  });

  it.each<[string, RuntimeState, RuntimeHealth, string, RegExp, RegExp]>([
    [
      'a container that fails its check',
      steady(),
      health({
        tasks: [
          ...three,
          sick({
            health: 'unhealthy',
            containers: [{ name: 'api', health: 'unhealthy' }],
          }),
        ],
      }),
      'container',
      /health check of container api fails/,
      /log/,
    ],
    [
      'a container that crashes',
      steady({ running: 0 }),
      health({
        tasks: [],
        stopped: [
          sick({
            ...{ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' },
            stoppedReason: 'Essential container in task exited',
            containers: [{ name: 'api', health: 'unknown', exitCode: 1 }],
          }),
        ],
      }),
      'container',
      /api exited with code 1 \(Essential/,
      /last lines of its log/,
    ],
    [
      'a container that is killed',
      steady({ running: 0 }),
      health({
        tasks: [],
        stopped: [
          sick({
            stopCode: 'EssentialContainerExited',
            containers: [{ name: 'api', health: 'unknown', exitCode: 137 }],
          }),
        ],
      }),
      'container',
      /code 137/,
      /memory/,
    ],
    [
      'an image that cannot be pulled',
      steady({ running: 0 }),
      health({
        tasks: [],
        stopped: [
          sick({
            stopCode: 'TaskFailedToStart',
            stoppedReason: 'CannotPullContainerError: not found',
          }),
        ],
      }),
      'task',
      /CannotPull/,
      /registry/,
    ],
    [
      'tasks that are missing',
      steady({ running: 2 }),
      health({ tasks: three.slice(1) }),
      'service',
      /1 of 3 tasks is missing/,
      /events/,
    ],
    [
      'tasks that ECS stopped because of the balancer',
      steady({ running: 2 }),
      health({
        tasks: three.slice(1),
        stopped: [
          sick({
            stoppedReason: 'Task failed ELB health checks in (target-group x)',
          }),
        ],
        targetGroups: [
          group([
            {
              ...{ id: '10.0.0.9', state: 'unhealthy' },
              ...{ reason: 'Target.Timeout', description: 'Request timed out' },
            },
          ]),
        ],
      }),
      'service',
      /Target.Timeout: Request timed out/,
      /security group/,
    ],
    ...(
      [
        ['Target.Timeout', /no answer/, /security group/],
        ['Target.ResponseCodeMismatch', /another status/, /matcher/],
        ['Target.FailedHealthChecks', /failed/, /port/],
        ['Target.HealthCheckDisabled', /switched off/, /on/],
        ['Elb.InternalError', /error of its own/, /Wait/],
        ['Target.Splendid', /not healthy/, /security group, port and path/],
      ] as const
    ).map(
      ([reason, cause, advice]): [
        string,
        RuntimeState,
        RuntimeHealth,
        string,
        RegExp,
        RegExp,
      ] => [
        reason,
        steady(),
        health({
          targetGroups: [
            group([...good, { id: '10.0.0.9', state: 'unhealthy', reason }]),
          ],
        }),
        ...(['target', cause, advice] as const),
      ],
    ),
    [
      'a target group without a rule',
      steady(),
      health({
        targetGroups: [
          group([{ id: '1', state: 'unused', reason: 'Target.NotInUse' }]),
        ],
      }),
      'target',
      /No listener rule/,
      /Forward/,
    ],
    [
      'tasks that are no targets',
      steady(),
      health({ targetGroups: [group([])] }),
      'target',
      /none is registered/,
      /container name and port/,
    ],
    [
      'a balancer without traffic',
      steady(),
      health({ targetGroups: [group(good, { weight: undefined })] }),
      'balancer',
      /No listener rule sends/,
      /weight/,
    ],
    [
      'a balancer that is impaired',
      steady(),
      health({
        targetGroups: [
          group(good, {
            balancer: { arn: 'a', name: 'lb', state: 'active_impaired' },
          }),
        ],
      }),
      'balancer',
      /scale/,
      /addresses/,
    ],
  ])(
    'explains %s and reaches nothing behind it',
    (_, state, read, name, cause, advice) => {
      const [chain] = chains(state, read);
      const first = red(chain);
      expect(first?.boundary).toBe(name);
      expect(first?.cause).toMatch(cause);
      expect(first?.advice).toMatch(advice);
      const behind = chain.boundaries.slice(
        chain.boundaries.indexOf(first!) + 1,
      );
      expect(behind.every(item => item.state === 'not_reached')).toBe(true);
      expect(behind.every(item => item.cause === undefined)).toBe(true);
    },
  );
});
