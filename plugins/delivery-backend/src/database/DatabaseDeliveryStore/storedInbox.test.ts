import { TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseDeliveryStore } from './DatabaseDeliveryStore';
import {
  binding,
  hint,
  jobFact,
  NOON,
  REPO,
  repositoryFact,
  runFact,
} from './testFacts';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});

const ITEM = {
  provider: 'github',
  event: 'workflow_run',
  body: '{}',
  receivedAt: NOON,
};

describe.each(databases.eachSupportedId())('Stored deliveries on %s', id => {
  let store: DatabaseDeliveryStore;

  beforeEach(async () => {
    store = await DatabaseDeliveryStore.create({
      database: await databases.init(id),
    });
  });
  const list = (entityRef: string, more = {}) =>
    store.listRuns({
      entityRef,
      scope: 'service',
      filter: {},
      limit: 10,
      ...more,
    });
  const keys = async (entityRef: string, more = {}) =>
    (await list(entityRef, more)).map(run => run.runKey);

  it('loses nothing when the process dies inside a batch', async () => {
    await store.addToInbox({ ...ITEM, deliveryId: 'a', bodyHash: '1' });
    const [row] = await store.claimInbox(NOON, 10, 1000);
    await store.replaceBindings([binding('vaultex-api')], true);
    // What a kill leaves behind: a transaction that was never committed.
    const poison = {
      ...runFact(1, 'queued'),
      createdAt: 'no number' as never,
    };
    await expect(
      store.applyInbox([
        {
          id: row.id,
          at: NOON,
          outcome: 'done',
          changes: [
            hint(repositoryFact()),
            hint(jobFact(10, 1, 'queued')),
            hint({ ...poison, runNumber: {} as never }),
          ],
        },
      ]),
    ).rejects.toThrow();
    expect(await store.jobs(['github_com.1'])).toEqual([]);
    expect(await store.repository(REPO)).toBeUndefined();
    expect(await store.claimInbox(NOON + 500, 10, 1000)).toEqual([]);
    const [again] = await store.claimInbox(NOON + 1001, 10, 1000);
    expect(again).toMatchObject({ id: row.id, attempts: 2, state: 'open' });
  });

  it('takes a delivery once, by id and by content, but a failed one again', async () => {
    const add = (deliveryId: string, bodyHash: string) =>
      store.addToInbox({ ...ITEM, deliveryId, bodyHash });
    expect(await add('a', '1')).toBe('added');
    expect(await add('a', '2')).toBe('duplicate');
    expect(await add('b', '1')).toBe('duplicate');
    const [row] = await store.claimInbox(NOON, 10, 1000);
    await store.failInbox(row.id, 'boom', NOON + 50);
    expect(await add('a', '1')).toBe('duplicate');
    expect(await store.claimInbox(NOON + 49, 10, 1000)).toEqual([]);
    expect(await store.claimInbox(NOON + 50, 10, 1000)).toHaveLength(1);
    await store.failInbox(row.id, 'boom', undefined);
    expect(await add('a', '1')).toBe('added');
    expect(await store.inboxCounts()).toMatchObject({ open: 1, failed: 1 });
  });

  it('gives released rows back at once and untried', async () => {
    await store.addToInbox({ ...ITEM, deliveryId: 'a', bodyHash: '1' });
    const [row] = await store.claimInbox(NOON, 10, 60_000);
    await store.releaseInbox([row.id]);
    expect(await store.claimInbox(NOON, 10, 1000)).toMatchObject([
      { id: row.id, attempts: 1 },
    ]);
  });

  it('parks rows of a repository nobody has, and opens them when somebody has it', async () => {
    await store.addToInbox({ ...ITEM, deliveryId: 'a', bodyHash: '1' });
    const [row] = await store.claimInbox(NOON, 10, 1000);
    const item = {
      id: row.id,
      at: NOON,
      outcome: 'done' as const,
      changes: [hint(repositoryFact()), hint(runFact(1, 'queued'))],
    };
    expect(await store.applyInbox([item])).toEqual({
      repoKeys: [],
      runKeys: [],
      needsConfirm: [],
      parked: [row.id],
    });
    expect(await store.run('github_com.1')).toBeUndefined();
    expect(await store.inboxCounts()).toMatchObject({ parked: 1, open: 0 });
    expect(await store.claimInbox(NOON * 2, 10, 1000)).toEqual([]);

    await store.replaceBindings(
      [binding('other', { slug: 'acme/other' })],
      false,
    );
    expect(await store.inboxCounts()).toMatchObject({ parked: 1 });
    expect(
      await store.replaceBindings([binding('vaultex-api')], false),
    ).toEqual(['component:default/vaultex-api']);
    expect(await store.claimInbox(NOON, 10, 1000)).toHaveLength(1);
    expect((await store.applyInbox([item])).runKeys).toEqual(['github_com.1']);
    expect(await keys('component:default/vaultex-api')).toEqual([
      'github_com.1',
    ]);
  });

  it('deletes what is old, and nothing else', async () => {
    await store.replaceBindings([binding('api')], true);
    const old = { createdAt: NOON - 1000 };
    await store.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'completed', 'success', old)),
      hint(jobFact(10, 1, 'completed', 'success', old)),
      hint(jobFact(11, 1, 'completed', 'success', { createdAt: NOON })),
    ]);
    for (const name of ['a', 'b', 'c']) {
      await store.addToInbox({ ...ITEM, deliveryId: name, bodyHash: name });
    }
    const rows = await store.claimInbox(NOON, 10, 1000);
    const end = (at: number, index: number) =>
      store.apply([], [{ id: rows[index].id, at, outcome: 'done' }]);
    await end(NOON - 1, 0);
    await end(NOON, 1);
    await store.failInbox(rows[2].id, 'boom', undefined);
    expect(
      await store.prune({ inboxBodies: NOON, jobs: NOON, unclaimed: NOON }),
    ).toMatchObject({ inbox: 1, jobs: 1, unclaimed: 0, bodies: 0 });
    expect(await store.jobs(['github_com.1'])).toHaveLength(1);
    expect(await store.inboxCounts()).toMatchObject({ done: 1, failed: 1 });
    expect(
      await store.prune({ inboxBodies: NOON + 1, jobs: 0, unclaimed: 0 }),
    ).toMatchObject({ inbox: 1, bodies: 1 });
    expect(await store.run('github_com.1')).toBeDefined();
  });
});
