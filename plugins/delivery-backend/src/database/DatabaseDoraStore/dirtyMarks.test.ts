import { TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import type { DoraStore } from '../DoraStore';
import { API, NOON, WEB } from './testDora';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});

describe.each(databases.eachSupportedId())('Marks on %s', id => {
  let store: DoraStore;

  beforeEach(async () => {
    const db = await databases.init(id);
    store = (await DatabaseDeliveryStore.create({ database: db })).dora;
  });

  it('are one a service, of the earliest moment that changed', async () => {
    await store.markDirty(
      [
        { service: WEB, fromAt: 50 },
        { service: WEB, fromAt: 20 },
      ],
      NOON,
    );
    await store.markDirty([{ service: API, fromAt: 7 }], NOON + 1);
    await store.markDirty([{ service: WEB, fromAt: 30 }], NOON + 2);
    await store.markDirty([], NOON + 3);
    expect(await store.dirty(10)).toEqual([
      { service: WEB, fromAt: 20, markedAt: NOON + 2 },
      { service: API, fromAt: 7, markedAt: NOON + 1 },
    ]);
    expect(await store.dirty(1)).toHaveLength(1);
    expect(await store.pending(undefined)).toBe(2);
    expect(await store.pending([API, API, 'component:x/none'])).toBe(1);
    expect(await store.pending([])).toBe(0);
  });

  it('end with what they were made for, not with what came later', async () => {
    await store.markDirty([{ service: API, fromAt: 7 }], NOON);
    await store.markDirty([{ service: API, fromAt: 7 }], NOON + 5);
    await store.clean(API, NOON + 4);
    expect(await store.pending([API])).toBe(1);
    await store.clean(API, NOON + 5);
    expect(await store.pending([API])).toBe(0);
  });

  it('made in the millisecond of the one that is being ended stay', async () => {
    await store.markDirty([{ service: API, fromAt: 7 }], NOON);
    const [read] = await store.dirty(1);
    await store.markDirty([{ service: API, fromAt: 7 }], NOON);
    await store.clean(API, read.markedAt);
    expect(await store.pending([API])).toBe(1);
  });

  it('that come again and again keep no other service waiting', async () => {
    await store.markDirty([{ service: API, fromAt: 7 }], NOON);
    await store.markDirty([{ service: WEB, fromAt: 7 }], NOON + 1);
    await store.markDirty([{ service: API, fromAt: 7 }], NOON + 2);
    await store.clean(API, NOON + 1);
    expect((await store.dirty(5)).map(mark => mark.service)).toEqual([
      WEB,
      API,
    ]);
  });
});
