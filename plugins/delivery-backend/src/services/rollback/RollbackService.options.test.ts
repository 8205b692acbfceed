import type { RollbackOptions } from 'backstage-plugin-delivery-common';
import { rollbackOptionsSchema } from 'backstage-plugin-delivery-common';
import { DEFAULT_POLICY } from 'backstage-plugin-delivery-common/domain';
import type { RunRow } from '../../database/rows';
import { RollbackWorld } from './__testUtils__/RollbackWorld';
import {
  deploymentFact,
  digest,
  HOUR,
  logical,
  primary,
  RANGE,
  service,
  sha,
  taskDefinition,
} from './__testUtils__/shop';

let world: RollbackWorld;
beforeEach(() => {
  world = new RollbackWorld();
});

const check = (options: RollbackOptions, code: string, at = 0) =>
  options.targets[at].checks.find(item => item.code === code);

describe('what an environment can go back to', () => {
  it('is what ran healthy, newest first, with everything known of it', async () => {
    const options = await world.options();
    expect(() => rollbackOptionsSchema.parse(options)).not.toThrow();
    expect(options).toMatchObject({
      way: 'pipeline',
      running: { commit: { sha: sha(3) }, taskDefinition: taskDefinition(3) },
      you: { allowed: true },
      emergency: { allowed: true },
    });
    expect(options.targets).toMatchObject([
      {
        deploymentId: 'deployment/2',
        taskDefinition: taskDefinition(2),
        ...{ ranMs: HOUR, by: 'dana', approvedBy: ['cleo'], possible: true },
      },
      { deploymentId: 'deployment/1', possible: true },
    ]);
  });

  it('is nothing that failed, and not what runs now', async () => {
    world.history = [
      logical(3),
      logical(2, { ranHealthy: false, status: 'failed' }),
      // The same version as now, brought by another deployment.
      { ...logical(3), id: 'deployment/again' },
      logical(1),
    ];
    const { targets } = await world.options();
    expect(targets.map(target => target.deploymentId)).toEqual([
      'deployment/1',
    ]);
  });

  it('is each version once, and twenty at most', async () => {
    const old = Array.from({ length: 60 }, (_, n) => ({
      ...logical(2),
      id: `old/${n}`,
      commit: {
        source: 'tag' as const,
        confidence: 'medium' as const,
        sha: `${Math.floor(n / 2)}`.padStart(40, 'a'),
      },
      evidence: [],
    }));
    world.history = [logical(3), ...old];
    const { targets } = await world.options();
    expect(targets).toHaveLength(20);
    expect(targets.map(target => target.deploymentId)).toEqual(
      Array.from({ length: 20 }, (_, n) => `old/${n * 2}`),
    );
  });

  it('can be without any runtime', async () => {
    world.hasRuntime = false;
    const options = await world.options();
    expect(options.way).toBe('pipeline');
    expect(options.targets[0].taskDefinition).toBeUndefined();
    expect(options.targets[0].checks.map(({ code }) => code)).toEqual([
      'approved',
      'migrations',
      'environment_free',
      'data_stays',
    ]);
  });
});

describe('a check beforehand', () => {
  it('a deregistered task definition makes a target impossible', async () => {
    world.inactive = [taskDefinition(2)];
    const options = await world.options();
    expect(check(options, 'task_definition')).toMatchObject({ state: 'fail' });
    expect(options.targets.map(target => target.possible)).toEqual([
      false,
      true,
    ]);
  });

  it('an image that is gone makes a target impossible', async () => {
    world.missingImages = [digest(1)];
    const options = await world.options();
    expect(check(options, 'image')).toMatchObject({ state: 'pass' });
    expect(check(options, 'image', 1)).toMatchObject({ state: 'fail' });
    expect(options.targets.map(target => target.possible)).toEqual([
      true,
      false,
    ]);
  });

  it('migrations in between are told, with what they mean', async () => {
    world.range = {
      ...RANGE,
      files: [
        {
          ...{ path: 'db/migrations/0007_drop.sql', status: 'added' },
          ...{ additions: 1, deletions: 0 },
        },
      ],
    };
    const options = await world.options();
    expect(check(options, 'migrations')).toMatchObject({
      state: 'warn',
      message: expect.stringMatching(/0007_drop\.sql.*expand/),
    });
    expect(world.ranges).toContainEqual({
      ...{ base: sha(2), head: sha(3), own: false },
    });
  });

  it('commits in between are compared once, and only for the newest', async () => {
    const old = Array.from({ length: 8 }, (_, n) => ({
      ...logical(2),
      id: `old/${n}`,
      evidence: [],
      commit: { ...logical(2).commit, sha: sha(n + 20) },
    }));
    world.history = [logical(3), ...old];
    await world.options();
    await world.options();
    expect(world.ranges.length).toBeLessThanOrEqual(5);
    const options = await world.options();
    expect(check(options, 'migrations', 7)).toMatchObject({
      state: 'unknown',
    });
  });

  it('an unapproved target of production is a warning', async () => {
    world.history = [logical(3), logical(2, { approvedBy: [] })];
    expect(check(await world.options(), 'approved')).toMatchObject({
      state: 'warn',
    });
  });

  it('says that data stays as it is', async () => {
    expect(check(await world.options(), 'data_stays')).toMatchObject({
      message: expect.stringContaining('database'),
    });
  });

  it.each(['waits', 'deploys'])(
    'a run that %s holds the environment',
    async how => {
      const run = {
        ...{ runKey: 'run/7', runNumber: 7, attempt: 1, createdAt: 1 },
        waitingFor: how === 'waits' ? ['Production'] : [],
      } as unknown as RunRow;
      world.openRuns = [run];
      world.jobs = [
        {
          ...{ runKey: 'run/7', attempt: 1, environment: 'prod' },
          state: { status: how === 'waits' ? 'waiting' : 'in_progress' },
        },
      ] as unknown as RollbackWorld['jobs'];
      const options = await world.options();
      expect(options.way).toBe('refused');
      expect(options.message).toContain('#7');
      expect(check(options, 'environment_free')).toMatchObject({
        state: 'warn',
      });
      // Whoever may break the glass need not wait.
      expect(options.emergency).toEqual({ allowed: true });
    },
  );
});

describe('the way back', () => {
  it.each([
    ['code_deploy', 'CodeDeploy'],
    ['external', 'outside of ECS'],
    ['unknown', 'not known'],
  ] as const)(
    'of a service of %s is refused, also past the rules',
    async (controller, why) => {
      world.service = service(3, { controller });
      const options = await world.options();
      expect(options.way).toBe('refused');
      expect(options.message).toContain(why);
      expect(options.emergency).toMatchObject({
        allowed: false,
        reason: { code: 'rollback_refused' },
      });
    },
  );

  it('of a deployment under way leads to where it came from', async () => {
    world.deployments = [
      deploymentFact(3, { status: 'in_progress' }),
      ...[deploymentFact(2), deploymentFact(1)],
    ];
    world.service = service(3, { deployments: [primary(3, 'in_progress')] });
    const options = await world.options();
    expect(options.way).toBe('stop_deployment');
    expect(options.targets.map(target => target.deploymentId)).toEqual([
      'deployment/2',
    ]);
  });

  it('of a deployment under way is told even when no deployment is known of where it came from', async () => {
    world.history = [];
    world.deployments = [deploymentFact(3, { status: 'in_progress' })];
    const { targets } = await world.options();
    expect(targets).toMatchObject([
      { deploymentId: 'revision/2', taskDefinition: taskDefinition(2) },
    ]);
  });

  it('of a paused deployment goes through its hook', async () => {
    world.deployments = [
      deploymentFact(3, {
        status: 'in_progress',
        hooks: [{ id: 'h', type: 'PAUSE', state: 'AWAITING_ACTION' }],
      }),
    ];
    expect((await world.options()).way).toBe('continue_hook');
  });

  it('of a deployment under way needs a role to act with', async () => {
    world.canActOnRuntime = false;
    world.deployments = [deploymentFact(3, { status: 'in_progress' })];
    const options = await world.options();
    expect(options.way).toBe('refused');
    expect(options.message).toContain('actRoleName');
  });

  it('needs a workflow that can be started by hand', async () => {
    world.workflow = undefined;
    expect((await world.options()).message).toContain('rollback.yml');
    world = new RollbackWorld();
    world.workflow = 'on: push\njobs: { a: { runs-on: x } }';
    expect(await world.options()).toMatchObject({
      way: 'refused',
      message: expect.stringContaining('workflow_dispatch'),
    });
  });

  it('is by the workflow that the policy names', async () => {
    world.policy = { ...DEFAULT_POLICY, rollbackWorkflow: '../evil.yml' };
    expect((await world.options()).way).toBe('refused');
  });
});

describe('who may', () => {
  it('needs the permission', async () => {
    world.permissions = [];
    expect(await world.options()).toMatchObject({
      you: { allowed: false, reason: { code: 'permission_missing' } },
      emergency: { allowed: false },
    });
  });

  it('is also whoever may not decide, where a gate holds it', async () => {
    world.permissions = ['delivery.deployment.rollback'];
    expect(await world.options()).toMatchObject({
      you: { allowed: true },
      emergency: { allowed: false },
    });
  });

  it.each([
    ['without a gate', undefined],
    ['with one that everybody passes alone', { preventSelfReview: false }],
    ['with one without reviewers', { reviewers: [] }],
  ])('is only whoever may decide, %s', async (_, gate) => {
    world.permissions = ['delivery.deployment.rollback'];
    world.gate = gate && { ...world.gate!, ...gate };
    expect((await world.options()).you).toMatchObject({
      allowed: false,
      reason: { message: 'no delivery.approval.decide' },
    });
  });
});

describe('the view', () => {
  it('is another one when something else runs, it goes another way, or to something else', async () => {
    const first = await world.options();
    const again = await world.options();
    expect(again.viewHash).toBe(first.viewHash);
    const hashes = new Set([first.viewHash]);
    world.service = service(4);
    hashes.add((await world.options()).viewHash);
    world = new RollbackWorld();
    world.deployments = [deploymentFact(3, { status: 'in_progress' })];
    hashes.add((await world.options()).viewHash);
    world = new RollbackWorld();
    world.history = [logical(3), logical(1)];
    hashes.add((await world.options()).viewHash);
    expect(hashes.size).toBe(4);
  });

  it('shows the last good state of a runtime that cannot be read', async () => {
    world.service = 'unreadable';
    expect(await world.options()).toMatchObject({
      way: 'pipeline',
      running: { taskDefinition: taskDefinition(3) },
    });
  });
});
