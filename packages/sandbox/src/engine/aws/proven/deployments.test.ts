import { last } from '../../testUtils/memoryWorld';
import { createdService } from '../../testUtils/createdService';
import { ACCOUNTS } from '../../testUtils/provenWorld';

const VERIFIED = 'delivery.platform/verified';

type World = Awaited<ReturnType<typeof createdService>>;

const digestOf = (world: World, environment: 'staging' | 'production') => {
  const { activeRevision } = world.service('shop', environment);
  return world.cloud.records.revisions.find(({ arn }) => arn === activeRevision)
    ?.images[0].digest;
};

describe('a service that proves itself', () => {
  it('runs the pushed digest everywhere at the end, in the name of its own roles', async () => {
    const world = await createdService('ROLLING');
    const { first } = world;
    expect(last(first).conclusion).toBe('success');
    const image = world.job(first, 'build/build').outputs.image;
    const digest = image.split('@')[1];
    expect(digestOf(world, 'staging')).toBe(digest);
    expect(digestOf(world, 'production')).toBe(digest);
    const service = world.service('shop', 'production');
    expect(service.tags).toMatchObject({
      [VERIFIED]: service.taskDefinition,
      'delivery.platform/entity': 'component:default/shop',
    });
    const definition = world.cloud.taskDefinition(service.taskDefinition);
    expect(definition.containers[0].labels).toMatchObject({
      'org.opencontainers.image.revision': first.headSha,
    });
    expect(definition.registeredBy).toBe(
      `arn:aws:sts::${ACCOUNTS.production}:assumed-role/shop-deploy-production/gha-${first.id}-1`,
    );
    const roles = world.cloud.records.sessions.map(({ roleName }) => roleName);
    expect(roles).toEqual([
      'shop-build',
      'shop-deploy-staging',
      'shop-settle-staging',
      'shop-deploy-production',
      'shop-settle-production',
    ]);
    expect(world.job(first, 'production/deploy').outputs.approver).toBe('cleo');
    expect(JSON.stringify(world.state.jobsOfRun.get(first.id))).not.toContain(
      world.cloud.records.sessions[0].secretAccessKey,
    );
  });

  it('goes back to the recorded revision when the smoke test fails, and is red', async () => {
    const world = await createdService('ROLLING');
    const before = world.service('shop', 'production').taskDefinition;
    world.engine.failStep(world.repo, {
      environment: 'production',
      step: 'smoke',
    });
    const run = await world.push();
    world.clock.runAll();
    world.approve(run);
    expect(last(run).conclusion).toBe('failure');
    expect(world.job(run, 'staging/smoke').conclusion).toBe('success');
    expect(world.job(run, 'production/deploy').conclusion).toBe('success');
    expect(world.job(run, 'production/smoke').conclusion).toBe('failure');
    expect(world.job(run, 'production/settle').outputs).toEqual({
      'rolled-back': 'true',
      result: 'rolled-back',
    });
    expect(
      world.step(run, 'production/settle', 'Prove what runs').conclusion,
    ).toBe('success');
    const service = world.service('shop', 'production');
    expect(service.taskDefinition).toBe(before);
    expect(service.tags[VERIFIED]).toBe(before);
    // One wish, one failure.
    const next = await world.push();
    world.clock.runAll();
    world.approve(next);
    expect(last(next).conclusion).toBe('success');
  });

  it('goes back while the next run waits for its approval', async () => {
    const world = await createdService('ROLLING');
    const before = world.service('shop', 'production').taskDefinition;
    world.engine.failStep(world.repo, {
      environment: 'production',
      step: 'smoke',
    });
    const run = await world.push();
    world.clock.runAll();
    const next = await world.push();
    world.clock.runAll();
    world.approve(run);
    expect(last(next).status).toBe('waiting');
    expect(last(run).conclusion).toBe('failure');
    expect(world.job(run, 'production/settle').outputs.result).toBe(
      'rolled-back',
    );
    expect(world.service('shop', 'production').taskDefinition).toBe(before);
    world.approve(next);
    expect(last(next).conclusion).toBe('success');
  });

  it('finds it already back when ECS gave up on it', async () => {
    const world = await createdService('ROLLING');
    const { taskDefinition } = world.service('shop', 'production');
    world.cloud.spoilNext(world.nameOf('shop', 'production'), 'crash');
    const run = await world.push();
    world.clock.runAll();
    world.approve(run);
    expect(last(run).conclusion).toBe('failure');
    expect(world.job(run, 'production/smoke').conclusion).toBe('skipped');
    expect(world.job(run, 'production/settle').outputs.result).toBe(
      'already-back',
    );
    expect(world.service('shop', 'production').taskDefinition).toBe(
      taskDefinition,
    );
  });

  it('is brought back when the run is cancelled in the middle of the rollout', async () => {
    const world = await createdService('ROLLING');
    const before = world.service('shop', 'staging').taskDefinition;
    const run = await world.push();
    const { clock } = world;
    while (world.service('shop', 'staging').taskDefinition === before) {
      clock.advanceTo(clock.nextAt());
    }
    world.engine.cancel(run, 'dana');
    clock.runAll();
    expect(last(run).conclusion).toBe('cancelled');
    expect(world.job(run, 'staging/deploy').conclusion).toBe('cancelled');
    expect(world.job(run, 'staging/settle').outputs).toEqual({
      'rolled-back': 'true',
      result: 'rolled-back',
    });
    expect(world.service('shop', 'staging').taskDefinition).toBe(before);
    expect(world.log(run, 'staging/settle')).toContain('Stopped arn:aws:ecs');
  });

  it('leaves alone what somebody else has put into the service since', async () => {
    const world = await createdService('ROLLING');
    world.engine.failStep(world.repo, {
      environment: 'staging',
      step: 'smoke',
    });
    const run = await world.push();
    const { clock, cloud } = world;
    const smokes = () =>
      (world.state.jobsOfRun.get(run.id) ?? []).some(
        ({ key, status }) =>
          key.endsWith('staging/smoke') && status === 'in_progress',
      );
    while (!smokes()) clock.advanceTo(clock.nextAt());
    cloud.drift(
      world.nameOf('shop', 'staging'),
      'arn:aws:iam::333333333333:user/ravi',
      {
        repository: 'shop',
        digest: `sha256:${'a'.repeat(64)}`,
        tags: ['hotfix'],
      },
    );
    const theirs = world.service('shop', 'staging').taskDefinition;
    clock.runAll();
    expect(last(run).conclusion).toBe('failure');
    expect(world.job(run, 'staging/settle').outputs.result).toBe('left-alone');
    expect(world.service('shop', 'staging').taskDefinition).toBe(theirs);
  });

  it('refuses to take an older commit where a newer one runs', async () => {
    const world = await createdService('ROLLING');
    const newer = await world.push();
    world.clock.runAll();
    world.approve(newer);
    const [late] = await world.pushCommit(world.repo, world.first.headSha);
    world.clock.runAll();
    expect(last(late).conclusion).toBe('failure');
    expect(world.log(late, 'staging/deploy')).toContain(
      `${world.first.headSha} does not descend from the running commit ${newer.headSha}`,
    );
    expect(world.job(late, 'staging/settle').conclusion).toBe('success');
  });
});
