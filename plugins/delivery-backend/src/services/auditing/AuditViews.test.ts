import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type AuthorizePermissionRequest,
} from '@backstage/plugin-permission-common';
import type { AuditEntry } from '../../database/AuditStore';
import { AuditViews } from './AuditViews';
import { createAuditLog } from './createAuditLog';
import { createAuditSigner } from './seal';
import {
  auditContent,
  chainOf,
  MemoryAuditStore,
  newKey,
  NOON,
  verifyAll,
} from './testAudit';

jest.setTimeout(120_000);

const HOUR = 60 * 60 * 1000;
const API = 'component:default/api';
const WEB = 'component:default/web';
const key = newKey();
const signer = createAuditSigner(key);
const mei = mockCredentials.user('user:default/mei');
const ravi = mockCredentials.user('user:default/ravi');
const { signal } = new AbortController();

function entityOf(ref: string): Entity {
  const { kind, namespace, name } = parseEntityRef(ref);
  return {
    ...{ apiVersion: 'backstage.io/v1alpha1', kind },
    metadata: { namespace, name },
  };
}

/** @param allowed - services whose audit the caller may read; `all`: everything */
function setup(
  entries: AuditEntry[],
  allowed: string[] | 'all',
  signing: 'signing' | 'none' = 'signing',
) {
  const signingKey = signing === 'signing' ? key : undefined;
  const store = new MemoryAuditStore([...entries]);
  const clock = { now: NOON };
  const now = () => clock.now;
  const audit = createAuditLog({
    ...{ store, key: signingKey, now },
    auditor: mockServices.auditor.mock(),
    logger: mockServices.logger.mock(),
  });
  const authorize = async (requests: AuthorizePermissionRequest[]) =>
    requests.map(({ permission }) => ({
      result:
        permission.name === 'delivery.audit.readAll' && allowed === 'all'
          ? (AuthorizeResult.ALLOW as const)
          : (AuthorizeResult.DENY as const),
    }));
  const asked: string[][] = [];
  const views = new AuditViews({
    ...{ store, audit, key: signingKey, now, permissions: { authorize } },
    access: {
      sort: async (_, refs) => {
        asked.push(refs);
        const [yes, no] = [true, false].map(may =>
          refs.filter(ref => allowed.includes(ref) === may),
        );
        return {
          allowed: yes.map(entityOf),
          denied: no.map(ref => new NotAllowedError(`not ${ref}`)),
        };
      },
    },
  });
  return { store, views, clock, asked };
}

const entries = chainOf(
  [
    auditContent(-9, { action: 'configuration', entityRef: undefined }),
    auditContent(-8, { phase: 'attempted', operationId: 'a' }),
    auditContent(-7, { entityRef: WEB, action: 'cancel' }),
    auditContent(-6, {
      ...{ phase: 'refused', operationId: 'a', environment: 'production' },
      identity: { host: 'github.com', id: '7', nodeId: 'U_7', login: 'mei' },
      outcome: { code: 'stale_view', message: 'Look again.' },
    }),
  ],
  signer,
);

const textOf = async (parts: AsyncIterable<string>) => {
  let text = '';
  for await (const part of parts) text += part;
  return text;
};

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

describe('AuditViews.export', () => {
  const keys = [signer.publicKey];
  const formats = ['jsonl', 'csv'] as const;

  it('verifies in both formats, whatever the caller may read', async () => {
    const cases = [];
    for (const allowed of [[API], [WEB], 'all'] as (string[] | 'all')[]) {
      for (const format of formats) {
        const { views } = setup(entries, allowed);
        const file = await textOf(await views.export(mei, { format }, signal));
        cases.push({ format, file, keys });
      }
    }
    const verdicts = await verifyAll(cases);
    expect(verdicts.map(verdict => verdict.problems)).toEqual(
      cases.map(() => []),
    );
    expect(verdicts.map(({ entries: n, stubs }) => [n, stubs])).toEqual([
      ...[
        [2, 3],
        [2, 3],
        [1, 4],
        [1, 4],
        [5, 0],
        [5, 0],
      ],
    ]);
    const [api] = cases;
    expect(api.file).not.toMatch('cancel');
    expect(api.file).not.toMatch('configuration');
  });

  it('leaves out what is outside of the time asked for, and is recorded each time', async () => {
    const { views, store } = setup(entries, 'all');
    const query = {
      format: 'jsonl',
      since: NOON - 8,
      until: NOON - 7,
    } as const;
    await textOf(await views.export(mei, query, signal));
    const file = await textOf(await views.export(mei, query, signal));
    const lines = file
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines[0]).toEqual({
      ...{ format: 'delivery-audit', version: 1 },
      ...{ algorithm: 'ed25519-sha256', exportedAt: NOON },
      exportedBy: 'user:default/mei',
      publicKeys: { [signer.keyId]: signer.publicKey },
    });
    expect(
      lines.slice(1, -1).map(line => [line.seq, 'content' in line]),
    ).toEqual([1, 2, 3, 4, 5, 6].map(seq => [seq, seq === 2 || seq === 3]));
    const { seq, hash } = store.entries[5];
    expect(lines[7]).toMatchObject({
      ...{ head: { seq, hash }, entries: 2, stubs: 4 },
    });
    expect(store.entries.slice(4).map(({ content }) => content)).toMatchObject(
      Array(2).fill({
        ...{ action: 'audit.export', actor: 'user:default/mei' },
        detail: query,
      }),
    );
  });

  it('names keys that signed earlier, from the configurations on record', async () => {
    const older = createAuditSigner(newKey());
    const contents = [
      auditContent(1, {
        ...{ action: 'configuration', entityRef: undefined },
        detail: { publicKey: older.publicKey },
      }),
      auditContent(2, { action: 'configuration', detail: { publicKey: 'x' } }),
      auditContent(3),
    ];
    const { views } = setup(chainOf(contents, older), 'all');
    const file = await textOf(
      await views.export(mei, { format: 'csv' }, signal),
    );
    const all = [older.publicKey, signer.publicKey];
    const [verdict] = await verifyAll([{ format: 'csv', file, keys: all }]);
    expect(verdict).toMatchObject({ problems: [], entries: 4 });
  });

  it('holds nothing that a spreadsheet would calculate', async () => {
    const starts = ['=', '+', '-', '@', '\t', '\r'];
    const contents = starts.map(start =>
      auditContent(1, {
        ...{ comment: `${start}HYPERLINK("x")`, environment: `${start}1` },
      }),
    );
    const { views } = setup(chainOf(contents, signer), 'all');
    const file = await textOf(
      await views.export(mei, { format: 'csv' }, signal),
    );
    for (const start of starts) {
      expect(file).not.toMatch(`,${start}`);
      expect(file).not.toMatch(`,"${start}`);
      expect(file).toMatch(`'${start}HYPERLINK(""x"")`);
    }
    const [verdict] = await verifyAll([{ format: 'csv', file, keys }]);
    expect(verdict).toMatchObject({ problems: [], entries: 7 });
  });

  it('is refused to who may read nothing of it, and not begun when it cannot be recorded', async () => {
    const { views, store } = setup(entries, []);
    const refused = views.export(mei, { format: 'csv' }, signal);
    await expect(refused).rejects.toThrow(`not ${API}`);
    expect(store.entries).toHaveLength(4);
    const broken = setup(entries, 'all');
    broken.store.append = () => Promise.reject(new Error('read-only'));
    await expect(
      broken.views.export(mei, { format: 'csv' }, signal),
    ).rejects.toMatchObject({ code: 'audit_not_writable' });
  });

  it.each(formats)(
    'streams 10,000 entries as %s, one page at a time, and stops when asked to',
    async format => {
      const many = Array.from({ length: 10_000 }, (_, n) => auditContent(n));
      const { views, store } = setup(chainOf(many, signer), 'all');
      const parts = await views.export(mei, { format }, signal);
      let file = '';
      let count = 0;
      for await (const part of parts) {
        // The first part is the header; no page is read before it is wanted.
        expect(store.pages).toHaveLength(Math.min(count, 21));
        count += 1;
        file += part;
      }
      expect(store.pages).toEqual(
        Array.from({ length: 21 }, (_, n) => ({
          ...{ from: n * 500 + 1, limit: 500 },
        })),
      );
      const [verdict] = await verifyAll([{ format, file, keys }]);
      expect(verdict).toMatchObject({ problems: [], entries: 10_001 });

      const stop = new AbortController();
      const stopped = await views.export(mei, { format }, stop.signal);
      const reader = stopped[Symbol.asyncIterator]();
      await reader.next();
      stop.abort();
      await expect(reader.next()).rejects.toThrow('abort');
      expect(store.pages).toHaveLength(21);
    },
  );
});
