import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { EnvironmentSet } from 'backstage-plugin-delivery-common/domain';
import { FakeRuntime, refusal } from '../__testUtils__/FakeRuntime';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import { environmentBinding } from '../database/DatabaseEnvironmentStore/testRuntime';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { RuntimeDiscovery } from './RuntimeDiscovery';

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const TAG = 'delivery.platform/entity';
const SHA = 'a'.repeat(40);
const MINUTE = 60_000;
const BROKEN = '999900009999';
const { signal } = new AbortController();

const place = (accountId: string, more: object = {}) => ({
  ...{ name: accountId, tier: 'other' as const, match: [], stacks: [] },
  aws: { accountId, region: 'eu-west-1', cluster: 'main', ...more },
});

describe('RuntimeDiscovery', () => {
  let now: number;
  let store: EnvironmentStore;
  let runtime: FakeRuntime;
  let found: number;

  beforeEach(async () => {
    const database = await databases.init('SQLITE_3');
    store = (await DatabaseDeliveryStore.create({ database })).environments;
    now = Date.UTC(2026, 10, 20, 12);
    runtime = new FakeRuntime();
    found = 0;
  });

  const discover = (environments: EnvironmentSet['environments']) =>
    new RuntimeDiscovery({
      ...{ store, provider: runtime, clock: () => now },
      sets: [{ name: 'default', environments }],
      logger: mockServices.logger.mock(),
      onDiscovered: () => {
        found += 1;
      },
    });

  it('reads services nobody has, so that their tag can tell whose they are', async () => {
    const tags = { [TAG]: 'component:default/api' };
    const key = runtime.deploy(FakeRuntime.ref('payments'), SHA, { tags });
    const bound = runtime.deploy(FakeRuntime.ref('web'), SHA);
    await store.replaceEnvironments(
      [environmentBinding('web', 'production', { runtimeKey: bound })],
      { complete: true },
    );
    const discovery = discover([place('111122223333')]);
    await discovery.tick(signal);
    expect(runtime.taken()).toEqual({ ListServices: 1, DescribeServices: 1 });
    expect(await store.runtimesWithTag(TAG)).toEqual([
      { runtimeKey: key, tags },
    ]);
    expect(found).toBe(1);

    now += MINUTE;
    await discovery.tick(signal);
    expect(runtime.taken()).toEqual({ ListServices: 1 });
    expect(found).toBe(1);
    // Somebody may have given it another tag.
    now += 15 * MINUTE;
    await discovery.tick(signal);
    expect(runtime.taken()).toEqual({ ListServices: 1, DescribeServices: 1 });
  });

  it('lists no cluster whose services the configuration names', async () => {
    runtime.deploy(FakeRuntime.ref('api'), SHA);
    await discover([
      place('111122223333', { service: '{name}' }),
      place('111122223333', { cluster: '{name}' }),
    ]).tick(signal);
    expect(runtime.taken()).toEqual({});
  });

  it('lists the other clusters when one account cannot be read, and that one later', async () => {
    const key = runtime.deploy(FakeRuntime.ref('api'), SHA);
    runtime.broken.set(BROKEN, refusal('role_not_assumable', 'No such role.'));
    const discovery = discover([place(BROKEN), place('111122223333')]);
    await discovery.tick(signal);
    expect(await store.runtimeReadStates()).toMatchObject([
      { runtimeKey: key },
    ]);
    runtime.taken();
    await discovery.tick(signal);
    expect(runtime.taken()).toEqual({ ListServices: 1 });
    now += 10 * MINUTE;
    await discovery.tick(signal);
    expect(runtime.taken()).toEqual({ ListServices: 2 });
  });
});
