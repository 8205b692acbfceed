import type { RuntimeState } from 'backstage-plugin-delivery-common/domain';
import { FakeRuntime, refusal } from '../__testUtils__/FakeRuntime';
import { HealthReads } from './HealthReads';

function make() {
  const clock = { now: 100_000 };
  const runtime = new FakeRuntime();
  const ref = FakeRuntime.ref('api');
  const key = runtime.deploy(ref, 'a'.repeat(40), { alarmNames: ['5xx'] });
  const service = runtime.services.get(key)!.fact;
  const state: RuntimeState = {
    ...{ ref, service, observedAt: 90_000, deployments: [] },
    ...{ revisions: new Map(), taskDefinitions: new Map() },
    ...{ images: new Map(), shortShas: new Map() },
    alarms: [
      { name: '5xx', state: 'alarm' },
      { name: 'of another service', state: 'ok' },
    ],
  };
  const reads = new HealthReads({
    runtimeProviders: [runtime],
    now: () => clock.now,
  });
  return { clock, runtime, reads, of: () => reads.of(state, service) };
}

describe('HealthReads', () => {
  it('asks once in ten seconds, whoever looks', async () => {
    const { clock, runtime, of } = make();
    await Promise.all([of(), of()]);
    clock.now += 9_999;
    await of();
    expect(runtime.taken()).toEqual({ readHealth: 1 });
    clock.now += 1;
    await of();
    expect(runtime.taken()).toEqual({ readHealth: 1 });
  });

  it('tells the last good state beside why there is no newer one', async () => {
    const { clock, runtime, of } = make();
    runtime.health = {
      ...{ at: 100_000, tasks: [], stopped: [], targetGroups: [] },
      ...{ alarms: [], problems: [] },
      metrics: [{ name: 'Requests', unit: 'Count', value: 7 }],
    };
    await of();
    runtime.broken.set('readHealth', refusal('throttled', 'Too many calls.'));
    clock.now += 10_000;
    const stale = await of();
    expect(stale).toMatchObject({ at: 100_000, metrics: [{ value: 7 }] });
    expect(stale.problems[0]).toEqual({
      ...{ code: 'throttled', message: 'Too many calls.' },
      ...{ part: 'tasks', at: 110_000 },
    });
  });

  it('falls back to what the regular reads stored', async () => {
    const { runtime, of } = make();
    runtime.broken.set('readHealth', refusal('not_allowed', 'Not allowed.'));
    expect(await of()).toMatchObject({
      ...{ at: 90_000, tasks: [], targetGroups: [] },
      alarms: [{ name: '5xx', state: 'alarm' }],
    });
  });
});
