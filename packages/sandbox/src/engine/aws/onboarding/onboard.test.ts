import type { RunRecord } from '../../../state';
import { last } from '../../testUtils/memoryWorld';
import { PLATFORM_FILES } from '../../testUtils/platformFiles';
import { ACCOUNTS, provenWorld, REGION } from '../../testUtils/provenWorld';
import { refuseOnboarding } from './onboard';

type World = Awaited<ReturnType<typeof provenWorld>>;

describe('onboarding a service', () => {
  let world: World;
  beforeEach(async () => {
    world = await provenWorld(PLATFORM_FILES);
  });
  const log = (run: RunRecord) => world.engine.log(world.job(run, 'onboard'));

  it('makes roles, an immutable repository and services that run', async () => {
    const repo = world.createRepo('shop');
    const run = await world.onboard(world.inputsOf(repo, 'node-ecs-service'));
    expect(last(run).conclusion).toBe('success');
    const { roles, repositories, clusters } = world.cloud.records;
    expect(roles?.map(({ name, accountId }) => [name, accountId])).toEqual([
      ['shop-build', ACCOUNTS.dev],
      ['shop-deploy-staging', ACCOUNTS.staging],
      ['shop-settle-staging', ACCOUNTS.staging],
      ['shop-deploy-production', ACCOUNTS.production],
      ['shop-settle-production', ACCOUNTS.production],
    ]);
    expect(repositories).toMatchObject([
      { name: 'shop', mutability: 'IMMUTABLE', accountId: ACCOUNTS.dev },
    ]);
    expect(clusters.map(({ name }) => name)).toEqual(['main', 'main']);
    expect(world.service('shop', 'production')).toMatchObject({
      desiredCount: 2,
      port: 8080,
      strategy: 'ROLLING',
      circuitBreaker: { enable: true, rollback: true },
      tags: { 'delivery.platform/entity': 'component:default/shop' },
    });
  });

  it('changes nothing when it is asked for again', async () => {
    const repo = world.createRepo('shop');
    const inputs = world.inputsOf(repo, 'worker-cdk-service');
    await world.onboard(inputs);
    const { sessions, ...before } = structuredClone(world.cloud.records);
    const again = await world.onboard(inputs);
    expect(last(again).conclusion).toBe('success');
    expect(world.cloud.records).toMatchObject(before);
    expect(world.cloud.records.services).toHaveLength(before.services.length);
    expect(before.stacks.map(({ name }) => name)).toEqual([
      'shop-staging',
      'shop-production',
    ]);
    expect(world.service('shop', 'staging').port).toBeNull();
    expect(sessions).toEqual([]);
  });

  it('makes both parts of a blue/green service', async () => {
    const repo = world.createRepo('shop');
    const kind = 'terraform-bluegreen-service';
    await world.onboard(world.inputsOf(repo, kind));
    for (const part of ['shop-backend', 'shop-frontend']) {
      expect(world.service(part, 'production')).toMatchObject({
        strategy: 'BLUE_GREEN',
        pauseAt: 'POST_TEST_TRAFFIC_SHIFT',
        tags: { 'delivery.platform/entity': `component:default/${part}` },
      });
    }
    const names = world.cloud.records.roles?.map(({ name }) => name);
    expect(names).toContain('shop-infra-production');
    expect(names).toContain('shop-plan-staging');
  });

  it('gives no name twice: not of another repository, not of an older service', async () => {
    const first = world.createRepo('shop');
    await world.onboard(world.inputsOf(first, 'node-ecs-service'));
    const before = structuredClone(world.cloud.records.roles);
    const second = world.createRepo('shop');
    const refused = await world.onboard(
      world.inputsOf(second, 'node-ecs-service'),
    );
    expect(last(refused).conclusion).toBe('failure');
    expect(log(refused)).toContain(
      'The role shop-build is there already and belongs to acme/shop. Choose another name for the service.',
    );
    expect(world.cloud.records.roles).toEqual(before);

    world.cloud.putImage(
      { accountId: ACCOUNTS.dev, region: REGION },
      { repository: 'older', digest: `sha256:${'e'.repeat(64)}`, tags: [] },
    );
    const third = world.createRepo('older');
    const older = await world.onboard(
      world.inputsOf(third, 'node-ecs-service'),
    );
    expect(log(older)).toContain('The image repository older is there already');
  });

  it('can be made to fail once', async () => {
    refuseOnboarding(world.state);
    const repo = world.createRepo('shop');
    const inputs = world.inputsOf(repo, 'python-ecs-service');
    expect(last(await world.onboard(inputs)).conclusion).toBe('failure');
    expect(world.cloud.records.roles).toBeUndefined();
    expect(last(await world.onboard(inputs)).conclusion).toBe('success');
  });

  it('lets no tag be pushed twice', async () => {
    const repo = world.createRepo('shop');
    await world.onboard(world.inputsOf(repo, 'node-ecs-service'));
    const place = { accountId: ACCOUNTS.dev, region: REGION };
    const push = (letter: string) =>
      world.cloud.putImage(place, {
        repository: 'shop',
        digest: `sha256:${letter.repeat(64)}`,
        tags: ['sha-1'],
      });
    push('a');
    expect(() => push('b')).toThrow(
      "The image tag 'sha-1' already exists in the 'shop' repository and cannot be overwritten because the repository is immutable.",
    );
    expect(
      world.cloud.records.images.find(({ tags }) => tags.includes('sha-1')),
    ).toMatchObject({ digest: `sha256:${'a'.repeat(64)}` });
  });
});
