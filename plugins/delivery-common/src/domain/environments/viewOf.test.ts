import type { EnvironmentFacts } from './facts';
import { viewOf } from './viewOf';
import {
  deploymentKey,
  facts,
  moving,
  NOW,
  pipelineDeployment as pipeline,
  revisionKey,
  runtime,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
  task,
  taskDefinition,
  taskDefinitionOf,
} from './testUtils/environmentFacts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T = 10_000_000;
const tags = [sha('a'), sha('b'), sha('c')];
const first = pipeline(1, { letter: 'a', at: T });
const firstEcs = ecs(1, { to: 1, at: T + MINUTE });
const second = pipeline(2, { letter: 'b', at: T + HOUR });
const secondEcs = (part = {}) =>
  ecs(2, { from: 1, to: 2, at: T + HOUR + MINUTE }, part);
const view = (given: EnvironmentFacts, now = NOW) =>
  viewOf(given, now).environment;
const rolledBack = {
  ...{ status: 'rolled_back', rawStatus: 'ROLLBACK_SUCCESSFUL' },
  rollback: { reason: 'circuit breaker', revisionKey: revisionKey(1) },
} as const;

describe('what runs', () => {
  it('is what the last deployment brought, since it ended', () => {
    const given = facts(
      [first, second],
      runtimeOf([firstEcs, secondEcs()], tags),
    );
    expect(view(given)).toMatchObject({
      ...{ basis: 'observed', since: T + HOUR + 3 * MINUTE, asOf: NOW },
      ...{ commit: { sha: sha('b') }, deployment: { id: 'gh.2' }, drift: [] },
      ...{ tasks: { running: 3, desired: 3 }, newest: undefined },
      rollout: undefined,
    });
  });

  it('is the old revision until a rollout has ended', () => {
    const given = facts(
      [
        first,
        pipeline(2, { letter: 'b', at: T + HOUR, ending: 'in_progress' }),
      ],
      runtimeOf([firstEcs, secondEcs(moving)], tags),
    );
    const environment = view(given);
    expect(environment).toMatchObject({
      ...{ commit: { sha: sha('a') }, since: T + 3 * MINUTE, drift: [] },
      ...{ deployment: { id: 'gh.1' }, newest: { id: 'gh.2' } },
      rollout: {
        ...{ status: 'in_progress', strategy: 'rolling' },
        new: { commit: { sha: sha('b') }, requested: 3 },
        old: { commit: { sha: sha('a') } },
      },
    });
    expect(environment.rollout?.expectedAt).toBeUndefined();
  });

  it('is the old revision after ECS rolled back, and the pipeline that says otherwise is drift', () => {
    const given = facts(
      [first, second],
      runtimeOf([firstEcs, secondEcs(rolledBack)], tags),
    );
    expect(view(given)).toMatchObject({
      ...{ commit: { sha: sha('a') }, since: T + 3 * MINUTE },
      ...{ deployment: { id: 'gh.1' } },
      newest: { id: 'gh.2', status: 'rolled_back' },
      rollout: { status: 'rolled_back', reason: 'circuit breaker' },
      drift: [
        {
          ...{ kind: 'out_of_band', code: 'running_other' },
          message: 'Running aaaaaaa, pipeline says bbbbbbb.',
        },
      ],
    });
  });

  it('is no drift when the pipeline itself rolled back', () => {
    const failed = pipeline(2, {
      ...{ letter: 'b', at: T + HOUR, ending: 'failure', minutes: 9 },
      rollBack: 'success',
    });
    const back = ecs(3, { from: 2, to: 3, at: T + HOUR + 4 * MINUTE });
    const state = runtimeOf(
      [firstEcs, secondEcs(), back],
      [sha('a'), sha('b'), sha('a')],
    );
    expect(view(facts([first, failed], state))).toMatchObject({
      ...{ commit: { sha: sha('a') }, since: T + 3 * MINUTE, drift: [] },
      ...{ deployment: { id: 'gh.1' } },
      newest: { id: 'gh.2', status: 'rolled_back' },
    });
  });

  it('is what the pipeline says where nothing is read', () => {
    const failed = pipeline(2, {
      letter: 'b',
      at: T + HOUR,
      ending: 'failure',
    });
    expect(view(facts([first, failed]))).toMatchObject({
      ...{ basis: 'declared', commit: { sha: sha('a'), source: 'declared' } },
      ...{ health: { state: 'none', code: 'declared' }, runtime: undefined },
      newest: { status: 'failed' },
    });
  });

  it('is told with the gate that waits', () => {
    const waiting = pipeline(2, {
      letter: 'b',
      at: T + HOUR,
      ending: 'waiting',
    });
    const environment = view(
      facts([first, waiting], runtimeOf([firstEcs], tags)),
    );
    expect(environment.waiting).toEqual({
      ...{ runId: 'gh.92', runNumber: 2, sha: sha('b') },
      since: T + HOUR - MINUTE,
    });
    expect(environment.newest).toBeUndefined();
  });

  it('is nothing for a service that was deleted; its history stays', () => {
    const state = runtimeOf([firstEcs], tags, {
      ...{ status: 'missing', desired: 0, running: 0 },
    });
    const found = viewOf(facts([first], state), NOW);
    expect(found.environment).toMatchObject({
      ...{ commit: undefined, tasks: undefined },
      health: { state: 'none', code: 'service_missing' },
    });
    expect(found.deployments).toHaveLength(1);
  });

  it('is unknown for a revision nobody knows', () => {
    const state = runtimeOf([ecs(1, { to: 9, at: T })], tags);
    expect(view(facts([], state)).commit).toMatchObject({
      ...{ source: 'none', reason: { code: 'revision_not_read' } },
    });
  });

  it('stays as it was when it cannot be read, and says so', () => {
    const problem = { code: 'throttled', message: 'AWS is busy.', at: NOW };
    const state = { ...runtimeOf([firstEcs], tags), problem };
    expect(view(facts([first], state))).toMatchObject({
      ...{ problem, commit: { sha: sha('a') }, tasks: { running: 3 } },
    });
  });

  it('says the service was never read', () => {
    expect(view(facts([first], runtime()))).toMatchObject({
      ...{ basis: 'declared', commit: { sha: sha('a') } },
      health: { state: 'unknown', code: 'not_read' },
    });
  });

  it('leaves out of the history what it knows only half of', () => {
    const given = facts([second], runtimeOf([firstEcs, secondEcs()], tags), {
      completeSince: T + HOUR - MINUTE,
    });
    expect(viewOf(given, NOW).deployments.map(item => item.id)).toEqual([
      'gh.2',
    ]);
  });
});

describe('when a rollout is expected to end', () => {
  const earlier = [1, 2, 3].map(n =>
    ecs(n, { to: 1, at: T + n * HOUR, minutes: n }),
  );
  const now = ecs(4, { from: 1, to: 2, at: T + 5 * HOUR }, moving);
  const at = (deployments: typeof earlier, when: number) =>
    view(facts([], runtimeOf(deployments, tags)), when).rollout?.expectedAt;

  it('is the median of three earlier successes', () => {
    expect(at([...earlier, now], now.createdAt + MINUTE)).toBe(
      now.createdAt + 2 * MINUTE,
    );
  });
  it('is not told with fewer, for other strategies or in the past', () => {
    const shifting = {
      ...now,
      target: { ...now.target!, productionTraffic: 10 },
    };
    expect(at([...earlier.slice(1), now], now.createdAt)).toBeUndefined();
    expect(at([...earlier, shifting], now.createdAt)).toBeUndefined();
    expect(at([...earlier, now], now.createdAt + HOUR)).toBeUndefined();
  });
  it('comes with traffic, pause and circuit breaker', () => {
    const shifting = {
      ...now,
      target: { ...now.target!, productionTraffic: 25, testTraffic: 100 },
      hooks: [
        {
          type: 'PAUSE',
          state: 'AWAITING_ACTION',
          stage: 'POST_TEST_TRAFFIC_SHIFT',
          expiresAt: 5,
        },
      ],
      circuitBreaker: {
        state: 'monitoring' as const,
        failures: 1,
        threshold: 3,
      },
    };
    expect(
      view(facts([], runtimeOf([...earlier, shifting], tags))).rollout,
    ).toMatchObject({
      ...{ new: { traffic: 25, testTraffic: 100 }, old: { traffic: 75 } },
      paused: { stage: 'POST_TEST_TRAFFIC_SHIFT', expiresAt: 5 },
      ...{ failedTasks: 1, circuitBreaker: { failures: 1, threshold: 3 } },
    });
  });
});

describe('drift', () => {
  const drift = (given: EnvironmentFacts) => view(given).drift;
  const byHand = (tag: string | undefined, registeredBy?: string) => {
    const state = runtimeOf([firstEcs, secondEcs()], [sha('a'), tag]);
    state.taskDefinitions.set(
      taskDefinitionOf(2),
      taskDefinition(2, tag, { registeredBy }),
    );
    return state;
  };

  it('tells a deployment by hand with who registered what runs', () => {
    const by = 'arn:aws:sts::1:assumed-role/admin/jane.doe';
    expect(drift(facts([first], byHand(sha('b'), by)))).toEqual([
      {
        ...{ kind: 'out_of_band', code: 'running_other' },
        message: 'Running bbbbbbb, pipeline says aaaaaaa.',
        ...{ since: T + HOUR + 3 * MINUTE, by: 'jane.doe (admin)' },
        ...{ running: sha('b'), expected: sha('a') },
      },
    ]);
  });

  it.each<[string, string | undefined, string[]]>([
    [
      'an unknown commit',
      'latest',
      ['Running an unknown commit, pipeline says aaaaaaa.'],
    ],
    [
      'the same commit in another task definition',
      sha('a'),
      ['Running api:2, pipeline says api:1.'],
    ],
  ])('tells %s', (_, tag, messages) => {
    expect(drift(facts([first], byHand(tag))).map(it => it.message)).toEqual(
      messages,
    );
  });

  it('is not told of the same task definition deployed again', () => {
    const again = ecs(2, { from: 1, to: 1, at: T + HOUR });
    expect(drift(facts([first], runtimeOf([firstEcs, again], tags)))).toEqual(
      [],
    );
  });

  it.each<[string, EnvironmentFacts]>([
    ['without any pipeline', facts([], byHand(sha('b')))],
    [
      'while it moves',
      facts([first], runtimeOf([firstEcs, secondEcs(moving)], tags)),
    ],
    [
      'before the runtime was read again',
      facts([first, second], {
        ...runtimeOf([firstEcs], tags),
        observedAt: T + HOUR,
      }),
    ],
    [
      'when the pipeline failed and its revision stays',
      facts(
        [first, pipeline(2, { letter: 'b', at: T + HOUR, ending: 'failure' })],
        runtimeOf([firstEcs, secondEcs()], tags),
      ),
    ],
  ])('is not told %s', (_, given) => {
    expect(drift(given)).toEqual([]);
  });

  it('tells what the pipeline says it deployed and ECS never saw', () => {
    expect(
      drift(facts([first, second], runtimeOf([firstEcs], tags)))[0].message,
    ).toBe('Running aaaaaaa, pipeline says bbbbbbb.');
  });

  it('tells tasks of another revision, once nothing has moved for five minutes', () => {
    const state = runtimeOf([firstEcs], tags);
    const tasks = [
      task('1'),
      task('2', { taskDefinition: taskDefinitionOf(2) }),
    ];
    const ended = firstEcs.finishedAt!;
    const at = (when: number) =>
      drift(facts([first], { ...state, tasks: { at: when, tasks } }));
    expect(at(ended + 4 * MINUTE)).toEqual([]);
    expect(at(ended + 5 * MINUTE)).toMatchObject([
      {
        kind: 'mixed_tasks',
        message:
          '1 of 2 tasks runs api:2 instead of api:1, and nothing is being rolled out.',
      },
    ]);
  });

  it('tells stacks that differ', () => {
    const stacks = [
      { stack: 'api', status: 'drifted', driftedResources: 2, checkedAt: 7 },
      { stack: 'other', status: 'in_sync' },
    ];
    expect(
      drift(facts([first], { ...runtimeOf([firstEcs], tags), stacks })),
    ).toMatchObject([
      {
        kind: 'infrastructure',
        since: 7,
        message: expect.stringMatching(/api .* 2 resources/),
      },
    ]);
  });
});

it('names what nobody deployed by the deployment of the runtime', () => {
  const state = runtimeOf([firstEcs], tags);
  expect(view(facts([], state)).deployment).toMatchObject({
    ...{ id: deploymentKey(1), kind: 'out_of_band' },
  });
});
