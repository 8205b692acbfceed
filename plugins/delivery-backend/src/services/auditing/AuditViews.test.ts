import { mockCredentials } from '@backstage/backend-test-utils';
import {
  auditContent,
  chainOf,
  NOON,
  verifyAll,
} from './__testUtils__/testAudit';
import {
  API,
  entityOf,
  entries,
  mei,
  setup,
  signal,
  signer,
  textOf,
  WEB,
} from './__testUtils__/testViews';

jest.setTimeout(120_000);

const HOUR = 60 * 60 * 1000;
const ravi = mockCredentials.user('user:default/ravi');

describe('AuditViews.list', () => {
  it('gives the entries of one service newest first, page by page, with the head of the log', async () => {
    const { views } = setup(entries, []);
    const entity = entityOf(API);
    const first = await views.list(mei, entity, { limit: 2 });
    expect(first.items).toMatchObject([
      { seq: 5, action: 'audit.read', actor: 'user:default/mei' },
      {
        ...{ seq: 4, phase: 'refused', login: 'mei', operationId: 'a' },
        ...{ entityRef: API, environment: 'production', at: NOON - 6 },
        ...{ outcome: { code: 'stale_view' }, hash: entries[3].hash },
      },
    ]);
    expect(first.head?.seq).toBe(5);
    const cursor = first.nextCursor;
    const second = await views.list(mei, entity, { limit: 2, cursor });
    expect(second.items.map(item => item.seq)).toEqual([2]);
    expect(second.nextCursor).toBeUndefined();
    const refused = await views.list(mei, entity, { phase: 'refused' });
    expect(refused.items.map(item => item.seq)).toEqual([4]);
  });

  it('refuses a cursor that no list gave', async () => {
    const { views, store } = setup(entries, []);
    for (const cursor of ['x', '-1', '1e9', '']) {
      const list = views.list(mei, entityOf(API), { cursor });
      await expect(list).rejects.toThrow('"cursor"');
    }
    expect(store.entries).toHaveLength(4);
  });

  it('gives across services only what the caller may read, and what is about none only to who may read all', async () => {
    const some = await setup(entries, [WEB]).views.list(mei, undefined, {});
    expect(some.items.map(item => item.seq)).toEqual([3]);
    const none = await setup(entries, []).views.list(mei, undefined, {});
    expect(none.items).toEqual([]);
    const all = await setup(entries, 'all').views.list(mei, undefined, {});
    expect(all.items.map(item => item.seq)).toEqual([5, 4, 3, 2, 1]);
  });

  it('asks for many services in parts', async () => {
    const many = Array.from({ length: 1_100 }, (_, n) =>
      auditContent(n, { entityRef: `component:default/s${n}` }),
    );
    const { views, asked } = setup(chainOf(many, signer), []);
    await views.list(mei, undefined, {});
    expect(asked.map(refs => refs.length)).toEqual([500, 500, 100]);
  });

  it('records a read once for each reader, service and hour', async () => {
    const { views, store, clock } = setup(entries, 'all');
    const reads = () =>
      store.entries
        .filter(({ content }) => content.action === 'audit.read')
        .map(({ content }) => [content.actor, content.entityRef]);
    const api = () => views.list(mei, entityOf(API), {});
    await Promise.all([api(), api(), api()]);
    clock.now += HOUR - 1;
    await api();
    expect(reads()).toEqual([['user:default/mei', API]]);
    await views.list(mei, undefined, {});
    await views.list(mei, entityOf(WEB), {});
    await views.list(ravi, entityOf(API), {});
    await views.list(ravi, entityOf(API), { actor: 'x' });
    expect(reads()).toEqual([
      ['user:default/mei', API],
      ['user:default/mei', undefined],
      ['user:default/mei', WEB],
      ['user:default/ravi', API],
    ]);
    clock.now += 1;
    await api();
    expect(reads()).toHaveLength(5);
  });

  it("names the service that reads in a user's name, and takes nobody", async () => {
    const { views, store } = setup(entries, 'all');
    const principal = {
      ...mei.principal,
      actor: { type: 'service' as const, subject: 'plugin:mcp-actions' },
    };
    await views.list({ ...mei, principal }, entityOf(API), {});
    await views.list(mockCredentials.service('plugin:x'), undefined, {});
    expect(store.entries.slice(4).map(entry => entry.content)).toMatchObject([
      { actor: 'user:default/mei', detail: { through: 'plugin:mcp-actions' } },
      { actor: 'plugin:x' },
    ]);
    const nobody = views.list(mockCredentials.none(), entityOf(API), {});
    await expect(nobody).rejects.toThrow('Sign in');
  });

  it('gives nothing when the read cannot be recorded', async () => {
    const { views, store } = setup(entries, 'all');
    store.append = () => Promise.reject(new Error('read-only'));
    await expect(views.list(mei, undefined, {})).rejects.toMatchObject({
      code: 'audit_not_writable',
    });
  });

  it('still shows and exports what was written when there is no key any more', async () => {
    const { views, store } = setup(entries, 'all', 'none');
    const { items } = await views.list(mei, undefined, {});
    expect(items).toHaveLength(4);
    const query = { format: 'jsonl' } as const;
    const file = await textOf(await views.export(mei, query, signal));
    expect(store.entries).toHaveLength(4);
    const known = [signer.publicKey];
    const [verdict] = await verifyAll([{ ...query, file, keys: known }]);
    expect(verdict).toMatchObject({
      ...{ problems: [], entries: 4 },
      warnings: [expect.stringMatching('not signed')],
    });
  });
});
