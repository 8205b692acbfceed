import { TestDatabases } from '@backstage/backend-test-utils';
import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type { AuditContent, AuditStore } from '../AuditStore';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const ZERO = '0'.repeat(64);

function content(n: number, more: Partial<AuditContent> = {}): AuditContent {
  return {
    at: 1_000 + n,
    actor: 'user:default/mei',
    action: 'approve',
    phase: 'attempted',
    entityRef: 'component:default/api',
    ...more,
  };
}
const seal = (told: AuditContent, seq: number, previousHash: string) => ({
  hash: `hash ${seq} after ${previousHash.slice(0, 8)} of ${told.at}`,
  signature: `signature ${canonical(told).length}`,
  keyId: 'key',
});

describe.each(databases.eachSupportedId())('Stored audit on %s', id => {
  let db: Knex;
  let store: AuditStore;

  beforeEach(async () => {
    db = await databases.init(id);
    store = (await DatabaseDeliveryStore.create({ database: db })).audit;
  });
  const seqs = async (...query: Parameters<AuditStore['list']>) =>
    (await store.list(...query)).map(entry => entry.seq);

  it('seals what is stored, and gives back just that', async () => {
    expect(await store.head()).toBeUndefined();
    const odd = content(1, {
      environment: 'prod\0/eu',
      comment: 'line\n\u2028 "quoted" \ud800 é',
      detail: { z: 1, a: { gone: undefined, list: [undefined, 1.5] } },
    });
    const told: AuditContent[] = [];
    const first = await store.append(odd, (...args) => {
      told.push(args[0]);
      return seal(...args);
    });
    expect(first).toMatchObject({ seq: 1, previousHash: ZERO });
    expect(told).toEqual([first.content]);
    expect(canonical(first.content)).toBe(canonical(odd));
    expect(first.content.detail).toEqual({ z: 1, a: { list: [null, 1.5] } });
    const second = await store.append(content(2), seal);
    expect(second).toMatchObject({ seq: 2, previousHash: first.hash });
    expect(await store.read(1, 10)).toEqual([first, second]);
    expect(await store.head()).toEqual({ seq: 2, hash: second.hash });
    expect(await seqs({ environment: 'prod\0/eu' }, undefined, 5)).toEqual([1]);
  });

  it('keeps one chain without gaps when many append at the same time', async () => {
    const written = await Promise.all(
      Array.from({ length: 500 }, (_, n) => store.append(content(n), seal)),
    );
    const chain = await store.read(1, 1_000);
    expect(chain.map(entry => entry.seq)).toEqual(
      Array.from({ length: 500 }, (_, n) => n + 1),
    );
    expect(chain.map(entry => entry.previousHash)).toEqual([
      ZERO,
      ...chain.slice(0, -1).map(entry => entry.hash),
    ]);
    expect(written.sort((a, b) => a.seq - b.seq)).toEqual(chain);
    expect(new Set(chain.map(entry => entry.content.at)).size).toBe(500);
  });

  it('leaves no trace of an entry that could not be sealed', async () => {
    await store.append(content(1), seal);
    const broken = store.append(content(2), () => {
      throw new Error('no key');
    });
    await expect(broken).rejects.toThrow('no key');
    expect(await store.append(content(3), seal)).toMatchObject({ seq: 2 });
  });

  it('cannot be changed or shortened, not even with the database at hand', async () => {
    await store.append(content(1), seal);
    const attempts = [
      () => db('audit_entry').update({ content: '{}' }),
      () => db('audit_entry').where('seq', 1).delete(),
      ...(id === 'SQLITE_3' ? [] : [() => db.raw('truncate audit_entry')]),
    ];
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toThrow('append-only');
    }
    expect(await store.head()).toMatchObject({ seq: 1 });
  });

  it('says so when the database takes nothing', async () => {
    await store.append(content(1), seal);
    if (id === 'SQLITE_3') {
      await db.raw('PRAGMA query_only = 1');
    } else {
      const name = (await db.raw('select current_database() as name')).rows[0]
        .name;
      await db.raw(
        `alter database "${name}" set default_transaction_read_only = on`,
      );
      // Only new connections know it.
      await db.destroy();
      db.initialize();
    }
    await expect(store.append(content(2), seal)).rejects.toThrow(
      /read.?only|readonly/i,
    );
    expect(await store.head()).toMatchObject({ seq: 1 });
    if (id === 'SQLITE_3') await db.raw('PRAGMA query_only = 0');
  });

  it('filters, newest first, and reads on from a place', async () => {
    const web = { entityRef: 'component:default/web' };
    const rows = [
      content(1),
      content(2, { phase: 'succeeded', ...web }),
      content(3, { action: 'configuration', entityRef: undefined }),
      content(4, { actor: 'user:default/ravi', environment: 'qa' }),
      content(5, { action: 'configuration', ...web }),
    ];
    for (const row of rows) await store.append(row, seal);
    expect(await seqs({}, undefined, 3)).toEqual([5, 4, 3]);
    expect(await seqs({}, 3, 3)).toEqual([2, 1]);
    expect(await seqs(web, undefined, 9)).toEqual([5, 2]);
    const both = ['component:default/api', 'component:default/web'];
    expect(await seqs({ entityRefs: both }, undefined, 9)).toEqual([
      ...[5, 4, 2, 1],
    ]);
    expect(await seqs({ entityRefs: [] }, undefined, 9)).toEqual([]);
    expect(await seqs({ phase: 'succeeded' }, undefined, 9)).toEqual([2]);
    expect(await seqs({ actor: 'user:default/ravi' }, undefined, 9)).toEqual([
      4,
    ]);
    expect(await seqs({ environment: 'qa' }, undefined, 9)).toEqual([4]);
    expect(await seqs({ since: 1_002, until: 1_004 }, undefined, 9)).toEqual([
      ...[4, 3, 2],
    ]);
    expect((await store.read(3, 2)).map(entry => entry.seq)).toEqual([3, 4]);
    expect(await store.newest('configuration')).toMatchObject({ seq: 5 });
    expect(await store.newest('nothing')).toBeUndefined();
    expect(await store.entityRefs()).toEqual(both);
  });
});
