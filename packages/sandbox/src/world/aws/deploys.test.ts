import { deployWorld } from '../testUtils/deployWorld';

type World = Awaited<ReturnType<typeof deployWorld>>;

const API = 'vaultex-api';
const conclusion = (run: { attempts: { conclusion: string | null }[] }) =>
  run.attempts.at(-1)?.conclusion;

describe('a pipeline that deploys', () => {
  let world: World;

  beforeAll(async () => {
    world = await deployWorld();
  }, 60_000);
  afterAll(() => world?.close());

  it('brings a push to staging: new digest, tag and label lead to the commit', async () => {
    const before = world.running(API, 'staging');
    const production = world.running(API, 'production').digest;
    const run = await world.push(API);
    world.clock.runAll();
    const { digest, tags, definition, service } = world.running(API, 'staging');
    expect(digest).not.toBe(before.digest);
    expect(world.job(run, 'staging').outputs['task-definition']).toBe(
      service.taskDefinition,
    );
    expect(tags).toEqual([`sha-${run.headSha}`]);
    expect(definition.containers[0].labels).toEqual({
      'org.opencontainers.image.revision': run.headSha,
    });
    expect(definition.registeredBy).toBe(
      `arn:aws:sts::333333333333:assumed-role/vaultex-deploy/gha-${run.id}-1`,
    );
    expect(world.running(API, 'production').digest).toBe(production);

    world.approve(run);
    world.clock.runAll();
    expect(conclusion(run)).toBe('success');
    expect(world.running(API, 'production').digest).toBe(digest);
    const log = world.engine.log(world.job(run, 'production'));
    expect(log).toMatch(/Task definition registered: arn:aws:ecs:eu-west-1:4/);
    expect(log).toContain('The task stopped with exit code 0');
    expect(log).toMatch(/IN_PROGRESS: [12] of 3 tasks running/);
  });

  it('goes back when the smoke test fails', async () => {
    const { taskDefinition } = world.running(API, 'production');
    const repo = world.state.repo('vaultex', 'vaultex');
    if (!repo) throw new Error('no vaultex');
    world.engine.failStep(repo, {
      workflows: ['api-pipeline.yml'],
      environment: 'production',
      step: 'smoke',
    });
    const run = await world.push(API);
    world.deploy(run);
    expect(conclusion(run)).toBe('failure');
    const results = ['Deploy to ECS', 'Smoke test', 'Roll back'].map(
      name => world.step(run, 'production', name).conclusion,
    );
    expect(results).toEqual(['success', 'failure', 'success']);
    expect(world.running(API, 'production').taskDefinition).toBe(
      taskDefinition,
    );
    expect(world.deployments(API, 'production').at(-1)).toMatchObject({
      status: 'SUCCESSFUL',
      requestedBy: expect.stringContaining(`gha-${run.id}-1`),
    });
    // One wish, one failure.
    const next = await world.push(API);
    world.deploy(next);
    expect(conclusion(next)).toBe('success');
  });

  it.each(['image', 'crash'] as const)(
    'is red when ECS gives up on it (%s), and what ran before runs',
    async what => {
      const { taskDefinition } = world.running(API, 'production');
      world.cloud.spoilNext(world.place(API, 'production'), what);
      const run = await world.push(API);
      world.deploy(run);
      expect(conclusion(run)).toBe('failure');
      expect(world.deployments(API, 'production').at(-1)?.status).toBe(
        'ROLLBACK_SUCCESSFUL',
      );
      expect(world.running(API, 'production').taskDefinition).toBe(
        taskDefinition,
      );
      expect(world.engine.log(world.job(run, 'production'))).toMatch(
        /##\[error\]The deployment of vaultex-api failed and Amazon ECS rolled it back/,
      );
    },
  );

  it('fails before it changes anything when the migration fails', async () => {
    const repo = world.state.repo('vaultex', 'vaultex');
    if (!repo) throw new Error('no vaultex');
    const { digest } = world.running(API, 'staging');
    const count = world.deployments(API, 'staging').length;
    world.engine.failNext(repo, { job: 'deploy-staging', step: 'Deploy to' });
    const run = await world.push(API);
    world.clock.runAll();
    expect(conclusion(run)).toBe('failure');
    expect(world.engine.log(world.job(run, 'staging'))).toContain(
      'exit code 1',
    );
    expect(world.running(API, 'staging').digest).toBe(digest);
    expect(world.deployments(API, 'staging')).toHaveLength(count);
  });

  it('does not begin while another deployment is under way', async () => {
    const run = await world.push(API);
    const before = () =>
      world.step(run, 'staging', 'Record what is running').status;
    world.playUntil(
      () =>
        (world.state.jobsOfRun.get(run.id) ?? []).some(
          job => job.environment === 'staging' && job.steps.length > 0,
        ) && before() === 'in_progress',
    );
    world.cloud.drift(world.place(API, 'staging'), 'arn:aws:iam::3:user/x', {
      repository: API,
      digest: `sha256:${'a'.repeat(64)}`,
      tags: ['hotfix'],
    });
    world.clock.runAll();
    expect(conclusion(run)).toBe('failure');
    expect(world.engine.log(world.job(run, 'staging'))).toContain(
      '##[error]a deployment is under way already',
    );
  });

  it('is found again after a restart in the middle of the rollout', async () => {
    const count = world.deployments(API, 'staging').length;
    const run = await world.push(API);
    const effect = () =>
      (world.state.jobsOfRun.get(run.id) ?? [])
        .filter(job => job.environment === 'staging')
        .flatMap(({ steps }) => steps)
        .find(({ name }) => name === 'Deploy to ECS')?.effect;
    world.playUntil(() => (effect()?.deployments.length ?? 0) > 0);
    await world.restart();
    world.clock.runAll();
    expect(world.job(run, 'staging').conclusion).toBe('success');
    expect(world.deployments(API, 'staging')).toHaveLength(count + 1);
    expect(world.running(API, 'staging').tags).toEqual([`sha-${run.headSha}`]);
    world.engine.cancel(run, 'dana');
    world.clock.runAll();
  });

  it('leaves the rollout to AWS when it is cancelled, then rolls back as the workflow says', async () => {
    const { taskDefinition } = world.running(API, 'staging');
    const count = world.deployments(API, 'staging').length;
    const run = await world.push(API);
    world.playUntil(() => world.deployments(API, 'staging').length > count);
    world.engine.cancel(run, 'dana');
    world.clock.runAll();
    expect(conclusion(run)).toBe('cancelled');
    expect(world.step(run, 'staging', 'Deploy to ECS').conclusion).toBe(
      'cancelled',
    );
    expect(world.step(run, 'staging', 'Roll back').conclusion).toBe('success');
    const [mine, back] = world.deployments(API, 'staging').slice(count);
    expect(mine.status).toBe('STOPPED');
    expect(back.status).toBe('SUCCESSFUL');
    expect(world.running(API, 'staging').taskDefinition).toBe(taskDefinition);
  });

  it('moves billing:latest and starts the service anew, without a trace of the commit', async () => {
    const before = world.running('legacy-billing', 'production');
    const run = await world.push('legacy-billing');
    world.clock.runAll();
    expect(conclusion(run)).toBe('success');
    world.clock.advance(600_000);
    const after = world.running('legacy-billing', 'production');
    expect(after.digest).not.toBe(before.digest);
    expect(after.taskDefinition).toBe(before.taskDefinition);
    expect(after.tags).toEqual(['latest']);
    expect(after.definition.containers[0].labels).toEqual({});
  });

  it('shifts the traffic of eventflow and waits until the old tasks are gone', async () => {
    const run = await world.push('eventflow-backend');
    world.deploy(run);
    expect(conclusion(run)).toBe('success');
    for (const component of ['eventflow-backend', 'eventflow-frontend']) {
      const { tags, service } = world.running(component, 'production');
      expect(tags).toEqual([`sha-${run.headSha}`]);
      expect(service.region).toBe('eu-central-1');
    }
    const wait = world.step(run, 'production', 'Wait until both are stable');
    const minutes = ((wait.completedAt ?? 0) - (wait.startedAt ?? 0)) / 60_000;
    // Ten real-world minutes of baking at fifteen times the speed.
    expect(minutes).toBeGreaterThan(10 / 15);
    const log = world.engine.log(world.job(run, 'production'));
    expect(log).toMatch(/\(service frontend\) IN_PROGRESS.*TRAFFIC_SHIFT/);
  });

  it('takes eventflow back when its smoke tests fail', async () => {
    const before = ['eventflow-backend', 'eventflow-frontend'].map(
      component => world.running(component, 'production').taskDefinition,
    );
    const repo = world.state.repo('eventflow', 'eventflow');
    if (!repo) throw new Error('no eventflow');
    const wish = { environment: 'production', step: 'smoke' };
    world.engine.failStep(repo, wish);
    const run = await world.push('eventflow-backend');
    world.deploy(run);
    expect(conclusion(run)).toBe('failure');
    expect(world.step(run, 'production', 'Roll back').conclusion).toBe(
      'success',
    );
    expect(
      ['eventflow-backend', 'eventflow-frontend'].map(
        component => world.running(component, 'production').taskDefinition,
      ),
    ).toEqual(before);
  });
});
