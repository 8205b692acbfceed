import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { ApprovalRow, ApprovalStore } from '../ApprovalStore';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import { migrationsDirectory } from '../DatabaseDeliveryStore/connect';
import {
  binding,
  hint,
  repositoryFact,
  runFact,
} from '../DatabaseDeliveryStore/testFacts';
import { approvalRow, findingRow, NOON, operationRow } from './testActs';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const seal = () => ({ hash: 'h', signature: 's', keyId: 'k' });
const API = 'component:default/api';

describe.each(databases.eachSupportedId())('Stored approvals on %s', id => {
  let db: Knex;
  let deliveries: DatabaseDeliveryStore;
  let store: ApprovalStore;

  beforeEach(async () => {
    db = await databases.init(id);
    deliveries = await DatabaseDeliveryStore.create({ database: db });
    store = deliveries.approvals;
  });

  it('goes down and up again with data in every table', async () => {
    await store.saveApprovals([approvalRow(1)]);
    await store.beginOperation(operationRow(1), NOON);
    await store.saveRequest('github_com.1', {
      ...{ userRef: 'user:default/mei', accountId: '12', attempt: 1 },
    });
    await store.addFindings([findingRow(1)]);
    await deliveries.audit.append(
      { at: NOON, actor: 'plugin:delivery', action: 'x', phase: 'recorded' },
      seal,
    );
    const tables = [
      ...['approval', 'operation', 'operation_lease', 'portal_request'],
      ...['finding', 'audit_entry'],
    ];
    for (const table of tables) {
      expect([table, await db(table).first()]).toEqual([
        table,
        expect.anything(),
      ]);
    }
    // Later migrations are undone first.
    while (await db.schema.hasTable(tables[0])) {
      await db.migrate.down({ directory: migrationsDirectory() });
    }
    for (const table of tables) {
      expect([table, await db.schema.hasTable(table)]).toEqual([table, false]);
    }
    const again = await DatabaseDeliveryStore.create({ database: db });
    expect(await again.audit.head()).toBeUndefined();
    expect(await again.approvals.addFindings([findingRow(1)])).toHaveLength(1);
  });

  it('says which approvals really differ from what was stored', async () => {
    const [one, two] = [approvalRow(1), approvalRow(2)];
    expect(await store.saveApprovals([one, two])).toEqual([one, two]);
    expect(await store.approval(one.id)).toEqual(one);
    expect(await store.approval('none')).toBeUndefined();
    const looked = { ...one, updatedAt: NOON + 99 };
    const decided: ApprovalRow = {
      ...two,
      state: 'approved',
      closedAt: NOON + 50,
      notifiedAt: NOON + 3,
      decided: { login: 'mei', at: NOON + 50, comment: '\0 ok', via: 'vendor' },
    };
    expect(await store.saveApprovals([looked, decided])).toEqual([decided]);
    expect(await store.approval(one.id)).toEqual(looked);
    expect(await store.approval(two.id)).toEqual(decided);
    expect(await store.saveApprovals([])).toEqual([]);
  });

  it('lists what waits oldest first and what is closed newest first, page by page', async () => {
    const closed = (n: number, closedAt: number | undefined) =>
      approvalRow(n, { state: 'rejected', closedAt });
    await store.saveApprovals([
      ...[approvalRow(2), approvalRow(3, { openedAt: NOON + 2 })],
      ...[approvalRow(1), closed(5, NOON + 7), closed(6, NOON + 70)],
      closed(7, undefined),
    ]);
    const pages = async (scope: 'open' | 'closed') => {
      const found: number[] = [];
      for (let after: { at: number; id: string } | undefined; ; ) {
        const [row, more] = await store.approvals({ scope, after, limit: 1 });
        expect(more).toBeUndefined();
        if (!row) return found;
        found.push(parseInt(row.id, 16));
        const at = scope === 'open' ? row.openedAt : row.closedAt;
        after = { at: at ?? row.openedAt, id: row.id };
      }
    };
    expect(await pages('open')).toEqual([1, 2, 3]);
    expect(await pages('closed')).toEqual([6, 7, 5]);
    expect(await store.approvals({ scope: 'open', limit: 2 })).toEqual([
      approvalRow(1),
      approvalRow(2),
    ]);
  });

  it('lists approvals of the runs of some services, and of some runs', async () => {
    await deliveries.replaceBindings([binding('api')], true);
    await deliveries.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'waiting')),
      hint(runFact(2, 'waiting')),
    ]);
    await store.saveApprovals([1, 2, 3].map(n => approvalRow(n)));
    const of = async (entityRefs: string[]) =>
      (await store.approvals({ scope: 'open', entityRefs, limit: 9 })).map(
        row => row.runKey,
      );
    const many = Array.from({ length: 40_000 }, (_, n) => `component:x/${n}`);
    expect(await of([...many, API])).toEqual(['github_com.1', 'github_com.2']);
    expect(await of(['component:default/other'])).toEqual([]);
    expect(await of([])).toEqual([]);
    expect(
      await store.approvalsOfRuns(['github_com.3', 'github_com.1', 'x']),
    ).toEqual([approvalRow(3), approvalRow(1)]);
  });

  it('adds a finding once, also when many find it at the same time', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => findingRow(n));
    const added = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        store.addFindings(n % 2 ? rows : [...rows].reverse()),
      ),
    );
    const ids = added.flat().map(row => row.id);
    expect(ids.sort()).toEqual(rows.map(row => row.id).sort());
    expect(await store.findings({})).toEqual([...rows].reverse());
  });

  it('filters findings, newest first, 500 at most', async () => {
    const other = { entityRef: 'component:default/web' };
    const rows = [
      findingRow(1),
      findingRow(2, { kind: 'break_glass', by: 'user:default/mei' }),
      findingRow(3, other),
      findingRow(4, { ...other, kind: 'break_glass' }),
    ];
    await store.addFindings(rows);
    const [one, two, three, four] = rows;
    expect(await store.findings({ entityRefs: [API] })).toEqual([two, one]);
    expect(await store.findings({ entityRefs: [] })).toEqual([]);
    expect(await store.findings({ kinds: ['break_glass'] })).toEqual([
      ...[four, two],
    ]);
    expect(await store.finding(three.id)).toEqual(three);
    expect(await store.finding('none')).toBeUndefined();
    await store.addFindings(
      Array.from({ length: 600 }, (_, n) => findingRow(n + 100)),
    );
    const all = await store.findings({ state: 'open' });
    expect(all).toHaveLength(500);
    expect(all[0]).toEqual(findingRow(699));
  });

  it('lets one person review a finding, and keeps it from being dropped', async () => {
    const [one, two] = [findingRow(1), findingRow(2)];
    await store.addFindings([one, two]);
    const reviews = ['mei', 'ravi', 'dana'].map(name => ({
      ...{ by: `user:default/${name}`, at: NOON, comment: 'Looked at it.' },
    }));
    const results = await Promise.all(
      reviews.map(review => store.reviewFinding(one.id, review)),
    );
    const [reviewed, none] = results.filter(Boolean);
    expect(none).toBeUndefined();
    expect(reviewed).toEqual({
      ...{ ...one, state: 'reviewed', review: reviewed?.review },
    });
    expect(reviews).toContainEqual(reviewed?.review);
    expect(await store.findings({ state: 'open' })).toEqual([two]);
    await store.dropFindings([one.id, two.id]);
    expect(await store.findings({})).toEqual([reviewed]);
    expect(await store.addFindings([one])).toEqual([]);
  });
});
