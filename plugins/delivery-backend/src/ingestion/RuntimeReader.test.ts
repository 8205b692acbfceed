import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  runtimeKeyOf,
  type RuntimeRef,
} from 'backstage-plugin-delivery-common';
import { FakeRuntime, refusal } from '../__testUtils__/FakeRuntime';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import { environmentBinding } from '../database/DatabaseEnvironmentStore/testRuntime';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { RuntimeReader } from './RuntimeReader';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);
const MINUTE = 60_000;
const BROKEN = '999900009999';
const { signal } = new AbortController();

describe.each(databases.eachSupportedId())('RuntimeReader on %s', id => {
  let now: number;
  let store: EnvironmentStore;
  let runtime: FakeRuntime;
  let reader: RuntimeReader;
  let changed: string[];
  let timers: (() => void)[];

  beforeEach(async () => {
    const database = await databases.init(id);
    const deliveries = await DatabaseDeliveryStore.create({ database });
    store = deliveries.environments;
    now = Date.UTC(2026, 10, 20, 12);
    runtime = new FakeRuntime();
    changed = [];
    timers = [];
    reader = new RuntimeReader({
      ...{ store, providers: [runtime], clock: () => now },
      ...{ steadyMs: MINUTE, movingMs: 10_000, clusterTimeoutMs: 3_000 },
      logger: mockServices.logger.mock(),
      onChanged: keys => changed.push(...keys),
      later: (_ms, run) => {
        timers.push(run);
        return { cancel: () => {} };
      },
    });
  });

  const bind = (refs: RuntimeRef[]) =>
    store.replaceEnvironments(
      refs.map(ref =>
        environmentBinding(runtimeKeyOf(ref), 'production', {
          runtimeKey: runtimeKeyOf(ref),
        }),
      ),
      { complete: true },
    );
  const tick = async (ms = MINUTE) => {
    await reader.tick(signal);
    now += ms;
    return runtime.taken();
  };
  const stateOf = async (key: string) =>
    (await store.runtimeStates([key], 10)).get(key);

  it('asks for no more than the batches allow: services every time, tasks and alarms every fifth time', async () => {
    const refs = ['blue', 'green'].flatMap(cluster =>
      Array.from({ length: 23 }, (_, index) =>
        FakeRuntime.ref(`svc-${index}`, { cluster }),
      ),
    );
    for (const ref of refs) {
      const alarmNames = [0, 1, 2].map(
        n => `${ref.cluster}-${ref.service}-${n}`,
      );
      runtime.deploy(ref, OLD, { alarmNames, tasks: 11 });
    }
    await bind(refs);
    // The history of a service is listed once, five services of a cluster a tick; and this ends the round of five.
    for (let round = 0; round < 10; round++) await tick();
    const perTick = [];
    for (let round = 0; round < 6; round++) perTick.push(await tick());
    const services = { DescribeServices: 2 * 3 };
    const fifth = {
      ...services,
      // 253 tasks in each cluster, 138 alarms in the account.
      ...{ ListTasks: 2 * 3, DescribeTasks: 2 * 3, DescribeAlarms: 2 },
    };
    expect(perTick).toEqual([
      ...[fifth, services, services, services, services, fifth],
    ]);
  });

  it('looks at what a pipeline deploys as if it moved, for a while', async () => {
    const ref = FakeRuntime.ref('api');
    const key = runtime.deploy(ref, OLD);
    await bind([ref]);
    await tick(10_000);
    expect(reader.moves).toBe(false);
    reader.expect([key]);
    expect(reader.moves).toBe(true);
    const reads: boolean[] = [];
    for (let round = 0; round < 24; round++) {
      reads.push(Boolean((await tick(10_000)).DescribeServices));
    }
    expect(reads.slice(0, 17)).not.toContain(false);
    // Nothing came of it.
    expect(reads.slice(18).filter(Boolean)).toHaveLength(1);
    expect(reader.moves).toBe(false);
  });

  it('reads what stands still once a minute, and what moves in every tick', async () => {
    const ref = FakeRuntime.ref('api');
    const key = runtime.deploy(ref, OLD);
    await bind([ref]);
    await tick(10_000);
    const steady = [];
    for (let round = 0; round < 12; round++) steady.push(await tick(10_000));
    const read = steady.filter(calls => calls.DescribeServices).length;
    expect(read).toBe(2);

    runtime.deploy(ref, NEW, { rollout: 'in_progress', running: 0, at: now });
    reader.hint([{ ...ref }]);
    await reader.readHinted(signal);
    now += 10_000;
    runtime.taken();
    for (const running of [1, 2]) {
      runtime.deploy(ref, NEW, { rollout: 'in_progress', running, at: now });
      const calls = await tick(10_000);
      expect(calls).toMatchObject({
        ...{ DescribeServices: 1, DescribeServiceDeployments: 1 },
      });
      expect((await stateOf(key))?.service?.running).toBe(running);
    }
    runtime.deploy(ref, NEW);
    await tick(10_000);
    const [state] = await store.runtimeReadStates();
    expect(state).toMatchObject({ moving: false, observedAt: now - 10_000 });
    expect((await stateOf(key))?.deployments).toMatchObject([
      { status: 'succeeded' },
      { status: 'succeeded' },
    ]);
  });

  it('keeps all that tells the commit of a service, and never asks for it again', async () => {
    const ref = FakeRuntime.ref('api');
    const key = runtime.deploy(ref, OLD);
    await bind([ref]);
    expect(await tick()).toMatchObject({
      ...{ ListServiceDeployments: 1, DescribeServiceDeployments: 1 },
      ...{ DescribeServiceRevisions: 1, DescribeTaskDefinition: 1 },
    });
    const state = await stateOf(key);
    expect(state?.revisions.size).toBe(1);
    expect(state?.taskDefinitions.size).toBe(1);
    expect(changed).toEqual([key]);
    expect(await tick()).toEqual({ DescribeServices: 1 });
    expect(changed).toEqual([key]);

    runtime.deploy(ref, NEW, { at: now });
    expect(await tick()).toEqual({
      ...{ DescribeServices: 1, DescribeServiceDeployments: 1 },
      ...{ DescribeServiceRevisions: 1, DescribeTaskDefinition: 1 },
    });
    expect((await stateOf(key))?.deployments).toHaveLength(2);
  });

  it('does not ask again for a task definition that is gone', async () => {
    const ref = FakeRuntime.ref('api');
    const key = runtime.deploy(ref, OLD);
    runtime.definitions.clear();
    await bind([ref]);
    expect((await tick()).DescribeTaskDefinition).toBe(1);
    expect(await tick()).toEqual({ DescribeServices: 1 });
    expect((await stateOf(key))?.problem).toBeUndefined();
  });

  it('keeps the last good state of a broken account, says why, and lets nobody wait for it', async () => {
    const good = FakeRuntime.ref('api');
    const bad = FakeRuntime.ref('api', { accountId: BROKEN });
    const goodKey = runtime.deploy(good, OLD);
    const badKey = runtime.deploy(bad, OLD);
    await bind([good, bad]);
    const first = now;
    await tick();
    runtime.silent.add(BROKEN);
    await tick();
    expect(await stateOf(goodKey)).toMatchObject({
      observedAt: first + MINUTE,
    });
    const stale = await stateOf(badKey);
    expect(stale).toMatchObject({
      observedAt: first,
      problem: { code: 'unreachable', at: first + MINUTE },
      service: { running: 2 },
    });
    runtime.silent.clear();
    now += 10 * MINUTE;
    await tick();
    expect(await stateOf(badKey)).toMatchObject({ observedAt: now - MINUTE });
    expect((await stateOf(badKey))?.problem).toBeUndefined();
    // Both ends of the trouble are news.
    expect(changed.filter(key => key === badKey)).toHaveLength(3);
  });

  it('asks for a role that cannot be assumed again only after ten minutes', async () => {
    const bad = FakeRuntime.ref('api', { accountId: BROKEN });
    runtime.deploy(bad, OLD);
    await bind([bad]);
    runtime.broken.set(
      BROKEN,
      refusal(
        'role_not_assumable',
        'The role delivery-read cannot be assumed.',
      ),
    );
    const asked = [];
    for (let round = 0; round < 22; round++) {
      asked.push(Object.keys(await tick()).length > 0);
    }
    expect(asked.flatMap((was, minute) => (was ? minute : []))).toEqual([
      ...[0, 10, 20],
    ]);
  });

  it('leaves a cluster alone for longer and longer while it fails', async () => {
    const ref = FakeRuntime.ref('api');
    runtime.deploy(ref, OLD);
    await bind([ref]);
    runtime.broken.set('DescribeServices', refusal('throttled', 'Too many.'));
    const asked = [];
    for (let round = 0; round < 60; round++) {
      const at = round * 30;
      if ((await tick(30_000)).DescribeServices) asked.push(at);
    }
    expect(asked).toEqual([0, 30, 90, 210, 450, 930, 1530]);
  });

  it('tells of what one service lacks without hiding the others', async () => {
    const api = FakeRuntime.ref('api');
    const gone = FakeRuntime.ref('gone');
    const apiKey = runtime.deploy(api, OLD);
    await bind([api, gone]);
    runtime.broken.set(
      'DescribeTaskDefinition',
      refusal('not_allowed', 'ecs:DescribeTaskDefinition is not allowed.'),
    );
    await tick();
    expect(await stateOf(apiKey)).toMatchObject({
      service: { running: 2 },
      problem: { code: 'not_allowed' },
    });
    const states = await store.runtimeReadStates();
    expect(states.map(state => state.problem?.code)).toEqual([
      ...['not_allowed', 'service_not_found'],
    ]);
    runtime.broken.clear();
    await tick();
    expect((await stateOf(apiKey))?.problem).toBeUndefined();
    expect((await stateOf(apiKey))?.taskDefinitions.size).toBe(1);
  });

  it('reads what an event names now, many events at once', async () => {
    const refs = ['api', 'web'].map(name => FakeRuntime.ref(name));
    const [key] = refs.map(ref => runtime.deploy(ref, OLD));
    await bind(refs);
    await tick(1_000);
    runtime.deploy(refs[0], OLD, { running: 1 });
    for (let times = 0; times < 5; times++) reader.hint([{ ...refs[0] }]);
    expect(timers).toHaveLength(1);
    await reader.readHinted(signal);
    expect(runtime.taken()).toMatchObject({ DescribeServices: 1 });
    expect((await stateOf(key))?.service?.running).toBe(1);
    // Nothing is left to follow.
    await reader.readHinted(signal);
    expect(runtime.taken()).toEqual({});
  });

  it('reads alarms when an event of their region comes', async () => {
    const ref = FakeRuntime.ref('api');
    const key = runtime.deploy(ref, OLD, { alarmNames: ['api-5xx'] });
    await bind([ref]);
    await tick(1_000);
    expect((await stateOf(key))?.alarms).toMatchObject([{ state: 'ok' }]);
    runtime.firing.add('api-5xx');
    changed = [];
    reader.hint([{ accountId: ref.accountId, region: ref.region }]);
    await reader.readHinted(signal);
    expect((await stateOf(key))?.alarms).toMatchObject([{ state: 'alarm' }]);
    expect(changed).toEqual([key]);
  });
});
