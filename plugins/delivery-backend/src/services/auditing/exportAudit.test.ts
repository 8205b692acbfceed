import { createAuditSigner } from './seal';
import {
  auditContent,
  chainOf,
  newKey,
  NOON,
  verifyAll,
} from './__testUtils__/testAudit';
import {
  API,
  entries,
  mei,
  setup,
  signal,
  signer,
  textOf,
  WEB,
} from './__testUtils__/testViews';

jest.setTimeout(120_000);

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
