import type { HealthChain } from '../../contract';
import type { RuntimeHealth } from '../../runtime';
import type { RuntimeState } from './facts';
import { healthChains } from './healthChains';
import { viewOf } from './viewOf';
import {
  facts,
  NOW,
  runtime,
  runtimeDeployment as ecs,
  runtimeOf,
  service,
  sha,
  task,
  taskDefinition,
  taskDefinitionOf,
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

describe('a chain', () => {
  it('knows the unknown as its own state', () => {
    const definition = taskDefinition(1, sha('a'));
    const state = steady();
    state.taskDefinitions.set(taskDefinitionOf(1), {
      ...definition,
      containers: [{ ...definition.containers[0], healthCheck: false }],
    });
    const unchecked = three.map(item => ({
      ...item,
      health: 'unknown' as const,
      containers: [{ name: 'api', health: 'unknown' as const }],
    }));
    const [chain] = chains(state, health({ tasks: unchecked }));
    expect(states(chain)).toEqual([
      ...['unknown', 'unknown', 'healthy', 'healthy', 'healthy'],
    ]);
    expect(chain.boundaries[0]).toMatchObject({
      summary: 'No health check is defined',
      advice: expect.stringContaining('HEALTHCHECK of a Dockerfile'),
    });
  });

  it('is never green where nothing runs', () => {
    const [chain] = chains(
      steady({ desired: 0, running: 0 }),
      health({ tasks: [], targetGroups: [group([])] }),
    );
    expect(states(chain).slice(0, 4)).toEqual(Array(4).fill('unknown'));
  });

  it('tells parts that could not be read, and the others nevertheless', () => {
    const problems = ['targets', 'load balancer'].map(part => ({
      ...{ part, code: 'throttled', message: 'AWS is busy.', at: NOW },
    }));
    const [chain] = chains(steady(), health({ problems, targetGroups: [] }));
    expect(states(chain)).toEqual([
      ...['healthy', 'healthy', 'healthy', 'unknown', 'unknown'],
    ]);
    expect(chain.boundaries[3].facts).toEqual([
      { label: 'Not read', value: 'AWS is busy.' },
    ]);
  });

  it('waits for what starts', () => {
    const initial = {
      ...{ id: '10.0.0.1', state: 'initial' },
      reason: 'Elb.InitialHealthChecking',
    };
    const [chain] = chains(
      steady(),
      health({
        targetGroups: [
          group([initial], { intervalSeconds: 10, healthyThreshold: 3 }),
        ],
      }),
    );
    expect(chain.boundaries[3]).toMatchObject({
      state: 'waiting',
      advice: expect.stringContaining('30 s'),
    });
  });

  it('announces an alarm that fires before a deployment', () => {
    const state = {
      ...steady({ alarmNames: ['errors-5xx'] }),
      alarms: [{ name: 'errors-5xx', state: 'alarm' as const }],
    };
    const boundary = chains(state, health())[0].boundaries[2];
    expect(boundary.state).toBe('healthy');
    expect(boundary.advice).toContain(
      'The alarm errors-5xx is firing: ECS will ignore it for the next deployment',
    );
  });

  it.each<[string, RuntimeState['alarms'], string]>([
    ['quiet', [{ name: 'q', state: 'ok' }], 'healthy'],
    ['ringing', [{ name: 'q', state: 'alarm' }], 'unhealthy'],
    ['without data', [{ name: 'q', state: 'insufficient_data' }], 'unknown'],
    ['none', [], 'absent'],
  ])(
    'of a worker ends at the service; its queue: %s',
    (_, alarms, expected) => {
      const state = {
        ...steady({ targetGroups: [], alarmNames: alarms.map(it => it.name) }),
        alarms,
      };
      const [chain] = chains(state, health({ targetGroups: [] }));
      expect(states(chain)).toEqual([
        ...['healthy', 'healthy', 'healthy', 'absent', 'absent', expected],
      ]);
    },
  );

  it('is none for what was never read', () => {
    expect(chains(runtime())).toEqual([]);
  });

  it('says that the service is gone', () => {
    const [chain] = chains(
      steady({ status: 'missing', desired: 0, running: 0 }),
      health({ tasks: [], targetGroups: [] }),
    );
    expect(red(chain)?.boundary).toBe('service');
  });
});
