import type { HealthChain } from '../../contract';
import type { RuntimeHealth } from '../../runtime';
import type { RuntimeState } from './facts';
import { healthChains } from './healthChains';
import { viewOf } from './viewOf';
import {
  facts,
  moving,
  NOW,
  revision,
  revisionKey,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
  task,
  taskDefinitionOf,
} from './testUtils/environmentFacts';

type Group = RuntimeHealth['targetGroups'][number];

const GROUP = 'arn:tg/blue';
const OTHER = 'arn:tg/green';
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

function chains(state: RuntimeState, read?: RuntimeHealth) {
  const view = viewOf(facts([], state), NOW);
  return healthChains({ runtime: state, health: read, view, now: NOW });
}
const states = ({ boundaries }: HealthChain) =>
  boundaries.map(item => item.state);
const red = ({ boundaries }: HealthChain) =>
  boundaries.find(item => item.state === 'unhealthy');

describe('during a rollout', () => {
  const part = (n: number, traffic: number) => ({
    ...{ revisionKey: revisionKey(n), requested: 1, running: 1, pending: 0 },
    productionTraffic: traffic,
  });
  const rollout = ecs(
    2,
    { from: 1, to: 2, at: 9 },
    { ...moving, target: part(2, 25), sources: [part(1, 75)] },
  );
  const state = runtimeOf(
    [ecs(1, { to: 1, at: 0 }), rollout],
    [sha('a'), sha('b')],
    {
      ...{ targetGroups: [GROUP, OTHER], desired: 1, running: 2 },
    },
  );
  state.revisions.set(
    revisionKey(1),
    revision(1, sha('a'), { targetGroups: [GROUP] }),
  );
  state.revisions.set(
    revisionKey(2),
    revision(2, sha('b'), { targetGroups: [OTHER] }),
  );
  const tasks = [
    task('old', { startedBy: 'ecs-svc/1' }),
    task('new', {
      ...{ startedBy: 'ecs-svc/2', health: 'unhealthy' },
      containers: [{ name: 'api', health: 'unhealthy' }],
    }),
  ];
  const targetGroups = [
    group([good[0]], { weight: 75 }),
    group([{ id: '10.0.0.2', state: 'initial' }], { arn: OTHER, weight: 25 }),
  ];

  it('there are two, each with its own tasks, targets and traffic', () => {
    const [fresh, old] = chains(state, health({ tasks, targetGroups }));
    expect(fresh).toMatchObject({
      ...{ role: 'new', traffic: 25, commit: { sha: sha('b') } },
    });
    expect(old).toMatchObject({
      ...{ role: 'old', traffic: 75, commit: { sha: sha('a') } },
    });
    expect(red(fresh)?.boundary).toBe('container');
    expect(states(old)).toEqual(Array(5).fill('healthy'));
  });

  it('tasks that do not say who started them are known by their task definition', () => {
    const plain = tasks.map((item, i) => ({
      ...item,
      startedBy: undefined,
      taskDefinition: taskDefinitionOf(i + 1),
    }));
    const [fresh, old] = chains(state, health({ tasks: plain, targetGroups }));
    expect(red(fresh)?.boundary).toBe('container');
    expect(red(old)).toBeUndefined();
  });
});
