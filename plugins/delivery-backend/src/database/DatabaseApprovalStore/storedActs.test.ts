import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { ApprovalStore, OperationRow } from '../ApprovalStore';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import { NOON, operationRow } from './testActs';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const LEASE = 'decision:production';
const MINUTE = 60_000;

describe.each(databases.eachSupportedId())('Stored acts on %s', id => {
  let db: Knex;
  let store: ApprovalStore;

  beforeAll(async () => {
    db = await databases.init(id);
    store = (await DatabaseDeliveryStore.create({ database: db })).approvals;
  });
  beforeEach(async () => {
    await db('operation').delete();
    await db('operation_lease').delete();
    await db('portal_request').delete();
  });

  const begin = (row: OperationRow) =>
    store.beginOperation(row, row.startedAt + MINUTE);

  it('begins one act of a lease, and says who holds it', async () => {
    const first = operationRow(1);
    expect(await begin(first)).toEqual({ kind: 'begun' });
    expect(await store.operation(first.id)).toEqual(first);
    expect(await begin(operationRow(2))).toEqual({
      kind: 'busy',
      holder: first,
    });
    expect(await store.operation(operationRow(2).id)).toBeUndefined();
    const elsewhere = operationRow(3, { leaseKey: 'decision:qa' });
    expect(await begin(elsewhere)).toEqual({ kind: 'begun' });
  });

  it('takes the same click for the same act, also when it is over, and another person for another', async () => {
    const first = operationRow(1);
    await begin(first);
    const again = operationRow(2, { idempotencyKey: first.idempotencyKey });
    expect(await begin(again)).toEqual({ kind: 'same', operation: first });
    const done: OperationRow = { ...first, state: 'succeeded', endedAt: NOON };
    await store.saveOperation(done);
    expect(await begin(again)).toEqual({ kind: 'same', operation: done });
    const other = { ...again, actorRef: 'user:default/ravi' };
    expect(await begin(other)).toEqual({ kind: 'begun' });
  });

  it.each(['succeeded', 'refused', 'failed', 'unknown'] as const)(
    'releases the lease of what ended as %s',
    async state => {
      const first = operationRow(1);
      await begin(first);
      const moving: OperationRow = {
        ...first,
        steps: [{ code: 'sent', state: 'done', at: NOON }],
        resume: { run: 'github_com.1', sent: 'yes' },
      };
      await store.saveOperation(moving);
      expect(await store.operation(first.id)).toEqual(moving);
      expect((await begin(operationRow(2))).kind).toBe('busy');
      const ended: OperationRow = {
        ...moving,
        state,
        outcome: { code: 'done', message: 'Done.', auditSeq: 3 },
        endedAt: NOON + 9,
      };
      await store.saveOperation(ended);
      expect(await store.operation(first.id)).toEqual(ended);
      const settled = ['succeeded', 'unknown'].includes(state);
      expect(await store.settledOfLease(LEASE)).toEqual(
        settled ? ended : undefined,
      );
      expect((await begin(operationRow(2))).kind).toBe('begun');
    },
  );

  it('takes over a lease whose time is over to the millisecond, and nobody knows the end of its act', async () => {
    const first = operationRow(0);
    await begin(first);
    const early = operationRow(1, { startedAt: NOON + MINUTE - 1 });
    expect((await begin(early)).kind).toBe('busy');
    const late = operationRow(2, { startedAt: NOON + MINUTE });
    expect((await begin(late)).kind).toBe('begun');
    const lost = { ...first, state: 'unknown' };
    expect(await store.operation(first.id)).toEqual(lost);
    expect(await store.settledOfLease(LEASE)).toEqual(lost);
    // The one who held it comes back, and hears of it before sending anything.
    const onward = store.saveOperation({ ...first, resume: { sent: 'soon' } });
    await expect(onward).rejects.toThrow('is over');
    expect(await store.operation(first.id)).toEqual(lost);
    // What it found out counts all the same, and the lease of the other stays.
    await store.saveOperation({ ...first, state: 'succeeded' });
    expect(await store.operation(first.id)).toMatchObject({
      state: 'succeeded',
    });
    expect((await begin(operationRow(3))).kind).toBe('busy');
  });

  it('is not set back by somebody late', async () => {
    const first = operationRow(1);
    await begin(first);
    await store.saveOperation({ ...first, state: 'unknown' });
    await expect(store.saveOperation(first)).rejects.toThrow('is over');
    expect(await store.operation(first.id)).toMatchObject({ state: 'unknown' });
    await store.saveOperation({ ...first, state: 'failed' });
    await store.saveOperation({ ...first, state: 'unknown' });
    await expect(store.saveOperation(first)).rejects.toThrow('is over');
    expect(await store.operation(first.id)).toMatchObject({ state: 'failed' });
  });

  it('finds what is not settled, oldest first', async () => {
    const of = (n: number) => operationRow(n, { leaseKey: `lease ${n}` });
    for (const n of [3, 1, 2, 4]) await begin(of(n));
    await store.saveOperation({ ...of(3), state: 'unknown' });
    await store.saveOperation({ ...of(4), state: 'succeeded' });
    const unsettled = async (now: number) =>
      (await store.unsettledOperations(now)).map(row => row.id);
    expect(await unsettled(NOON)).toEqual([of(3).id]);
    expect(await unsettled(NOON + 1 + MINUTE)).toEqual([of(1).id, of(3).id]);
    expect(await unsettled(NOON + 2 + MINUTE)).toEqual([
      ...[of(1).id, of(2).id, of(3).id],
    ]);
  });

  it('finds the newest act of an approval and of a lease', async () => {
    const states = ['succeeded', 'unknown', 'failed'] as const;
    for (const [index, state] of states.entries()) {
      const row = operationRow(index + 1);
      await begin(row);
      await store.saveOperation({ ...row, state });
    }
    const { approvalId } = operationRow(1);
    expect(await store.operationOfApproval(String(approvalId))).toMatchObject({
      id: operationRow(3).id,
    });
    expect(await store.operationOfApproval('none')).toBeUndefined();
    expect(await store.settledOfLease(LEASE)).toMatchObject({
      id: operationRow(2).id,
    });
    expect(await store.settledOfLease('none')).toBeUndefined();
  });

  it('begins exactly one of many acts at the same time, for each lease', async () => {
    const rows = Array.from({ length: 1_000 }, (_, n) =>
      operationRow(n, { leaseKey: `lease ${n % 50}`, startedAt: NOON }),
    );
    const results = await Promise.all(rows.map(begin));
    const begun = rows.filter((_, n) => results[n].kind === 'begun');
    expect(begun).toHaveLength(50);
    const holders = new Map(begun.map(row => [row.leaseKey, row]));
    expect(holders.size).toBe(50);
    const others = rows.flatMap((row, n) =>
      results[n].kind === 'begun' ? [] : [{ row, result: results[n] }],
    );
    for (const { row, result } of others) {
      expect(result).toEqual({
        kind: 'busy',
        holder: holders.get(row.leaseKey),
      });
    }
  });

  it('begins one of many equal clicks at the same time, whatever they want to hold', async () => {
    const { idempotencyKey } = operationRow(0);
    const rows = Array.from({ length: 100 }, (_, n) =>
      operationRow(n, { idempotencyKey, leaseKey: `lease ${n % 7}` }),
    );
    const results = await Promise.all(rows.map(begin));
    const begun = rows.filter((_, n) => results[n].kind === 'begun');
    expect(begun).toHaveLength(1);
    const same = { kind: 'same', operation: begun[0] };
    expect(results.filter(result => result.kind !== 'begun')).toEqual(
      Array(99).fill(same),
    );
  });

  it('lets exactly one of many take over a lease that is over', async () => {
    await begin(operationRow(0));
    const rows = Array.from({ length: 200 }, (_, n) =>
      operationRow(n + 1, { startedAt: NOON + MINUTE }),
    );
    const results = await Promise.all(rows.map(begin));
    expect(results.filter(result => result.kind === 'begun')).toHaveLength(1);
  });

  it('remembers who asked, once each', async () => {
    const mei = { userRef: 'user:default/mei', accountId: '12', attempt: 2 };
    const ravi = { userRef: 'user:default/ravi', accountId: '9', attempt: 1 };
    for (const request of [mei, ravi, mei]) {
      await store.saveRequest('github_com.1', request);
    }
    await store.saveRequest('github_com.2', mei);
    expect(await store.requests('github_com.1')).toEqual([ravi, mei]);
    expect(await store.requests('github_com.3')).toEqual([]);
  });
});
