import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ALWAYS,
  API,
  HOUR,
  makeDoraWorld,
  MINUTE,
  NOON,
  REPO,
  shaOf,
} from '../../__testUtils__/dora/makeDoraWorld';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const [A, B, C] = [1, 2, 3].map(shaOf);

async function make(options?: Parameters<typeof makeDoraWorld>[1]) {
  const world = await makeDoraWorld(await databases.init('SQLITE_3'), options);
  await world.bind();
  return world;
}

const news = (entityRefs: string[]) => ({
  ...{ repoKeys: [REPO], runKeys: [], entityRefs },
});

describe('DoraKeeper', () => {
  it('derives a service once after a burst, and tells only when something is different', async () => {
    const { keeper, listeners, timers, tell, fire } = await make();
    const told: string[][] = [];
    const wanted: unknown[] = [];
    keeper.onDerived(refs => told.push(refs));
    keeper.onWanted((...all) => wanted.push(all));
    await tell({ id: 1, sha: A, at: NOON }, { id: 2, sha: B, at: NOON + HOUR });
    listeners.forEach(listener => listener(news([API])));
    listeners.forEach(listener => listener(news([API])));
    await keeper.idle();
    expect(timers).toHaveLength(1);
    await fire();
    expect(told).toEqual([[API]]);
    expect(wanted).toMatchObject([
      [{ repoKey: REPO }, API, { pairs: [{ base: A, head: B }], files: false }],
    ]);
    expect(await keeper.pending([API])).toBe(0);
    await keeper.now(API);
    expect(told).toHaveLength(1);
    // Its own news is no reason to derive again; that environments are different is one.
    const derived = { ...news([API]), derived: true };
    listeners.forEach(listener => listener({ ...derived, metrics: true }));
    await keeper.idle();
    expect(timers).toEqual([]);
    listeners.forEach(listener => listener(derived));
    await keeper.idle();
    expect(timers).toHaveLength(1);
  });

  it('goes on after a restart with what was marked', async () => {
    const { keeper, listeners, startKeeper, rows, tell, clock } = await make();
    await tell({ id: 1, sha: A, at: NOON });
    listeners.forEach(listener => listener(news([API])));
    await keeper.close();
    expect(await rows()).toEqual([]);
    expect(await keeper.pending()).toBe(1);
    clock.at += MINUTE;
    const next = startKeeper();
    await next.sweep(new AbortController().signal);
    expect(await rows()).toMatchObject([{ sha: A }]);
    expect(await next.pending()).toBe(0);
  });

  it('derives anew what was made by other rules', async () => {
    const { dora, keeper, startKeeper, rows, tell, settings } = await make();
    await tell(
      { id: 1, sha: A, at: NOON },
      { id: 2, sha: B, at: NOON + HOUR },
      { id: 3, sha: A, at: NOON + 2 * HOUR },
    );
    await keeper.now(API);
    expect(await rows()).toMatchObject([{}, { failed: true }, {}]);
    const evidence = { ...settings.evidence, rolledBack: false };
    const other = startKeeper({ settings: { ...settings, evidence } });
    await other.sweep(new AbortController().signal);
    expect(await rows()).toMatchObject([{}, { failed: false }, {}]);
    await dora.markDirty([{ service: API, fromAt: 0 }], NOON);
    const aborted = AbortSignal.abort();
    await other.sweep(aborted);
    expect(await other.pending()).toBe(1);
  });

  it('hears of changes that were read, for every service of the repository', async () => {
    const { keeper, fire, tell, dora } = await make({
      services: ['api', 'web'],
    });
    await tell({ id: 1, sha: A, at: NOON });
    keeper.changesRead(REPO);
    await fire();
    expect((await dora.services()).map(row => row.service)).toEqual([
      ...[API, 'component:default/web'],
    ]);
  });

  it('derives everything that is in production, and nothing else', async () => {
    const { dora, environments, facts, keeper, tell } = await make();
    await tell({ id: 1, sha: A, at: NOON });
    await environments.replaceEnvironments([], {
      entityRefs: ['component:default/web'],
    });
    expect(await facts.of('component:default/web')).toBeUndefined();
    await keeper.now('component:default/web');
    expect(await dora.services()).toEqual([]);
    await keeper.now(API);
    expect(await dora.services()).toMatchObject([{ service: API }]);
    // It is no production any more.
    const [staging] = await environments.environmentsOf(API);
    await environments.replaceEnvironments([staging], { entityRefs: [API] });
    await keeper.all();
    expect(await dora.deployments([API], ALWAYS)).toEqual([]);
  });

  it('logs a service that fails once, and derives the others', async () => {
    const { dora, facts, startKeeper, rows, tell, logger, clock } =
      await make();
    await tell({ id: 1, sha: C, at: NOON });
    let broken = true;
    const keeper = startKeeper({
      facts: {
        of: async (ref: string) => {
          if (broken && ref !== API) throw new Error('no such column');
          return facts.of(ref);
        },
      },
    });
    const { signal } = new AbortController();
    await dora.markDirty(
      [
        { service: 'component:default/aaa', fromAt: 0 },
        { service: API, fromAt: 0 },
      ],
      NOON,
    );
    await keeper.sweep(signal);
    clock.at += HOUR;
    await keeper.sweep(signal);
    expect(await rows()).toMatchObject([{ sha: C }]);
    expect(logger.warn.mock.calls).toEqual([
      [
        expect.any(String),
        expect.objectContaining({
          ...{ code: 'dora_not_derived', of: 'component:default/aaa' },
        }),
      ],
    ]);
    await expect(keeper.now('component:default/aaa')).rejects.toThrow('column');
    broken = false;
    clock.at += HOUR;
    await keeper.sweep(signal);
    expect(await keeper.pending()).toBe(0);
  });

  it('lets a service that takes long rest, unless somebody waits for it', async () => {
    const { clock, facts, startKeeper, listeners, timers } = await make();
    let derived = 0;
    listeners.length = 0;
    const keeper = startKeeper({
      facts: {
        of: (ref: string) => {
          derived += 1;
          clock.at += 1_000;
          return facts.of(ref);
        },
      },
    });
    const round = async () => {
      await keeper.idle();
      timers.splice(0).forEach(run => run());
      await keeper.idle();
    };
    keeper.changed([API]);
    await round();
    expect(derived).toBe(1);
    keeper.changed([API]);
    await round();
    expect(derived).toBe(1);
    await keeper.now(API);
    expect(derived).toBe(2);
    keeper.changed([API]);
    await round();
    expect(derived).toBe(2);
    clock.at += 9_000;
    await round();
    expect(derived).toBe(3);
  });

  it('refuses to wait for a derivation once it is stopped', async () => {
    const { keeper } = await make();
    await keeper.close();
    await expect(keeper.now(API)).rejects.toMatchObject({
      code: 'shutting_down',
    });
  });
});
