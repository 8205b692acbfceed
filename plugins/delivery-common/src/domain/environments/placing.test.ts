import type { Environment } from '../../contract';
import { versionLagOf } from './driftOf';
import { isMovingService } from './isMovingService';
import {
  lagOf,
  matchesEnvironment,
  matrixCellOf,
  placeBehind,
} from './placing';
import { groupStopped } from './tasks';
import {
  moving,
  runtimeDeployment,
  service,
  sha,
  task,
} from './testUtils/environmentFacts';

function environment(
  name: string,
  letter: string | undefined,
  part: Partial<Environment> = {},
): Environment {
  return {
    ...{ name, tier: name === 'production' ? 'production' : 'other' },
    ...{ basis: 'observed', drift: [], alarmsFiring: [] },
    health: {
      state: 'healthy',
      code: 'tasks_run',
      message: '3 of 3 tasks run.',
    },
    commit: letter
      ? { sha: sha(letter), source: 'label', confidence: 'high' }
      : undefined,
    ...part,
  };
}

describe('placeBehind', () => {
  const counts = (base: string, head: string) =>
    ({ ab: { commits: 3, oldestAt: 5 }, ba: { commits: 0 } }[
      `${base[0]}${head[0]}`
    ]);
  const behind = (...environments: Environment[]) =>
    placeBehind(environments, counts).map(item => item.behind);

  it('counts against the nearest earlier one whose commit is known', () => {
    expect(
      behind(
        environment('dev', 'b'),
        environment('qa', undefined),
        environment('production', 'a'),
      ),
    ).toEqual([
      undefined,
      undefined,
      { environment: 'dev', commits: 3, oldestAt: 5 },
    ]);
  });

  it.each<[string, Environment[], unknown]>([
    [
      'the same commit',
      [environment('dev', 'a'), environment('production', 'a')],
      undefined,
    ],
    [
      'one that is ahead',
      [environment('dev', 'a'), environment('production', 'b')],
      undefined,
    ],
    [
      'an unknown commit',
      [environment('dev', 'b'), environment('production', undefined)],
      undefined,
    ],
    ['the first one', [environment('production', 'a')], undefined],
    [
      'what is not counted yet',
      [environment('dev', 'c'), environment('production', 'a')],
      { environment: 'dev' },
    ],
  ])('knows %s', (_, environments, expected) => {
    expect(behind(...environments).at(-1)).toEqual(expected);
  });

  it('forgets what it said before', () => {
    const old = environment('dev', 'a', { behind: { environment: 'x' } });
    expect(behind(old)).toEqual([undefined]);
  });
});

it('adds up what production lacks; what is not counted counts as one', () => {
  const by = (commits?: number) => ({ behind: { environment: 'x', commits } });
  const way = [
    environment('qa', 'a', by(2)),
    environment('staging', 'a', by()),
    environment('production', 'a', by(4)),
  ];
  expect(lagOf(way)).toBe(7);
  expect(lagOf([...way, environment('dr', 'a', by(9))])).toBe(7);
  expect(lagOf(way.slice(0, 2))).toBe(3);
  expect(lagOf([])).toBe(0);
});

it('says version lag as a sentence', () => {
  const lag = (commits?: number) =>
    versionLagOf(
      environment('production', 'a', {
        behind: { environment: 'staging', commits },
      }),
    )?.message;
  expect(lag(1)).toBe('1 commit behind staging.');
  expect(lag()).toBe('Behind staging.');
  expect(versionLagOf(environment('production', 'a'))).toBeUndefined();
});

describe('matrixCellOf', () => {
  const deployment = (status: 'failed' | 'rolled_back' | 'in_progress') => ({
    ...{ id: 'd', kind: 'regular' as const, status, startedAt: 1 },
    commit: { source: 'none' as const, confidence: 'none' as const },
    ...{ approvedBy: [], ranHealthy: false, evidence: [] },
    message: `It ${status}.`,
  });

  it('is small for an environment that is well', () => {
    expect(
      matrixCellOf(environment('production', 'a', { since: 4 })),
    ).toMatchObject({
      ...{ basis: 'observed', sha: sha('a'), since: 4, health: 'healthy' },
      ...{ flags: [], note: undefined, progress: undefined },
    });
  });

  it('tells everything loud, and the loudest in words', () => {
    const cell = matrixCellOf(
      environment('production', 'a', {
        newest: deployment('rolled_back'),
        drift: [
          {
            ...{ kind: 'out_of_band', code: 'running_other' },
            message: 'Running aaaaaaa, pipeline says bbbbbbb.',
          },
        ],
        alarmsFiring: ['errors'],
        waiting: { runId: 'r', runNumber: 1, sha: sha('b') },
        problem: { code: 'throttled', message: 'AWS is busy.', at: 1 },
        behind: { environment: 'staging', commits: 3 },
      }),
    );
    expect(cell).toMatchObject({
      flags: [
        ...['waiting', 'rolled_back', 'drift', 'alarm', 'problem', 'behind'],
      ],
      note: 'Running aaaaaaa, pipeline says bbbbbbb.',
      behind: 3,
    });
  });

  it('tells how far a rollout is', () => {
    const cell = matrixCellOf(
      environment('production', 'a', {
        newest: deployment('in_progress'),
        rollout: {
          ...{ strategy: 'rolling', status: 'in_progress', failedTasks: 0 },
          rawStatus: 'IN_PROGRESS',
          new: { requested: 3, running: 2, pending: 1 },
        },
      }),
    );
    expect(cell).toMatchObject({ flags: ['moving'], progress: 67 });
  });

  it('tells a failure in its words', () => {
    expect(
      matrixCellOf(
        environment('production', 'a', { newest: deployment('failed') }),
      ),
    ).toMatchObject({ flags: ['failed'], note: 'It failed.' });
  });
});

describe('matchesEnvironment', () => {
  it.each<[string[], string, boolean]>([
    [['production', 'prod'], 'Production', true],
    [['prod-*'], 'PROD-eu', true],
    [['prod-*'], 'production', false],
    [['*-eu-*'], 'prod-eu-1', true],
    [['a*b*c'], 'a-b-b-c', true],
    [['a*b*c'], 'a-c', false],
    [['ab*ba'], 'aba', false],
    [['*'], '', true],
    [[''], 'x', false],
    [[], 'production', false],
    [['prod.*'], 'prodx', false],
  ])('%j and %s: %s', (match, name, expected) => {
    expect(matchesEnvironment(match, name)).toBe(expected);
  });

  it('does not take longer for hostile names', () => {
    const pattern = `${'*a'.repeat(60)}b`;
    const start = performance.now();
    for (let i = 0; i < 1_000; i++) {
      expect(matchesEnvironment([pattern], `${'a'.repeat(250)}c`)).toBe(false);
    }
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(matchesEnvironment(['*'], 'a'.repeat(5_000))).toBe(false);
  });
});

describe('isMovingService', () => {
  const primary = (rollout?: 'in_progress' | 'completed') => ({
    ...{ id: 'ecs-svc/1', role: 'primary' as const, rollout, failedTasks: 0 },
    ...{ desired: 3, running: 3, pending: 0 },
  });
  const done = runtimeDeployment(1, { to: 1, at: 0 });
  const open = { ...done, ...moving };
  const current = { currentDeployment: done.deploymentKey };

  it.each<[string, Parameters<typeof service>[0], (typeof done)[], boolean]>([
    ['its deployment moves', current, [open], true],
    [
      'its deployment ended',
      { ...current, deployments: [primary('in_progress')] },
      [done],
      false,
    ],
    [
      'only an older deployment moves',
      { currentDeployment: 'x' },
      [open],
      false,
    ],
    [
      'the service says so',
      { deployments: [primary('in_progress')] },
      [],
      true,
    ],
    [
      'the service says it is done',
      { deployments: [primary('completed')] },
      [],
      false,
    ],
    [
      'two sets of tasks run',
      { deployments: [primary(), { ...primary(), role: 'active' }] },
      [],
      true,
    ],
    ['the service is gone', { ...current, status: 'inactive' }, [open], false],
  ])('when %s', (_, part, deployments, expected) => {
    expect(isMovingService(service(part), deployments)).toBe(expected);
  });
});

it('groups stopped tasks by reason, newest first, without ids and controls', () => {
  const stopped = (id: string, at: number, stoppedReason: string, code = 0) =>
    task(id, {
      ...{ lastStatus: 'STOPPED', stoppedAt: at, stoppedReason },
      containers: [{ name: 'api', health: 'unknown', exitCode: code }],
    });
  expect(
    groupStopped([
      stopped('1', 1, 'Task 0123456789abcdef0123 failed ELB health checks'),
      stopped('2', 5, 'Task fedcba98765432100123 failed ELB health checks'),
      stopped('3', 9, 'Essential\u001b[31m container exited', 137),
      task('4', { stopCode: undefined, stoppedAt: 2 }),
    ]),
  ).toEqual([
    {
      reason: 'Essential container exited (api exited with code 137)',
      ...{ count: 1, at: 9 },
    },
    { reason: 'Task … failed ELB health checks', count: 2, at: 5 },
    { reason: 'No reason is told', count: 1, at: 2 },
  ]);
});
