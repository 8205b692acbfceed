import { TestDatabases } from '@backstage/backend-test-utils';
import { approvalRow } from '../../database/DatabaseApprovalStore/testActs';
import {
  binding,
  read,
  repositoryFact,
  runFact,
} from '../../database/DatabaseDeliveryStore/testFacts';
import {
  API,
  type Approvals,
  makeApprovals,
  MINUTE,
  NOON,
  prepare,
  RUN,
  told,
} from '../../__testUtils__/approvals/makeApprovals';
import {
  as,
  cleo,
  ID,
  OWNERS,
  views,
} from '../../__testUtils__/approvals/views';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});

describe('Approvals in lists', () => {
  let world: Approvals;
  beforeEach(async () => {
    world = await makeApprovals(await databases.init('SQLITE_3'));
    await prepare(world);
    await told(world, 'waiting');
    await world.tell();
  });

  it('are mine when the vendor lists me and I did not ask', async () => {
    const { views: shown } = views(world);
    const list = await shown.list(cleo, {});
    expect(list).toMatchObject({
      ...{ count: 1, nextCursor: undefined },
      items: [
        {
          ...{ id: ID, services: [API], environment: 'production' },
          ...{ vendorEnvironment: 'Production', tier: 'production' },
          requestedBy: { login: 'dana', userRef: 'user:default/dana' },
          ...{ state: 'waiting', mine: true, attempt: 1, runNumber: 1 },
          expiresAt: NOON + 10 * MINUTE + 30 * 24 * 60 * MINUTE,
        },
      ],
    });
    expect((await shown.list(cleo, { scope: 'mine' })).items).toHaveLength(1);
    const ofDana = await shown.list(as('dana'), {});
    expect(ofDana).toMatchObject({ count: 0, items: [{ mine: false }] });
    const mine = await shown.list(as('dana'), { scope: 'mine' });
    expect(mine.items).toEqual([]);
  });

  it('are not mine when I asked, also where the vendor lists me', async () => {
    const row = await world.approvals.approval(ID);
    if (row) {
      await world.approvals.saveApprovals([{ ...row, requestedBy: 'Cleo' }]);
    }
    const { views: shown } = views(world);
    expect(await shown.list(cleo, {})).toMatchObject({
      ...{ count: 0, items: [{ mine: false }] },
    });
  });

  it('are mine by a group', async () => {
    const row = await world.approvals.approval(ID);
    if (row) {
      const team = { kind: 'team', id: '9', name: 'acme/leads' } as const;
      await world.approvals.saveApprovals([
        { ...row, candidates: [{ ...team, ref: 'group:default/leads' }] },
      ]);
    }
    const { views: shown } = views(world);
    expect((await shown.list(as('ravi'), {})).count).toBe(1);
    expect((await shown.list(cleo, {})).count).toBe(0);
  });

  it('show nothing of services that the caller may not read', async () => {
    const { views: shown } = views(world, { decision: OWNERS });
    for (const scope of ['mine', 'waiting', 'decided'] as const) {
      expect(await shown.list(cleo, { scope })).toMatchObject({
        ...{ items: [], count: 0 },
      });
    }
  });

  it('name no other service of the run', async () => {
    await world.store.replaceBindings(
      [binding('api'), binding('hidden')],
      true,
    );
    const { views: shown } = views(world);
    const [item] = (await shown.list(cleo, {})).items;
    expect(item.services).toEqual([API]);
  });

  it('go page by page, each approval once', async () => {
    await world.store.apply([
      ...[2, 3, 4, 5].map(n => read(runFact(n, 'waiting'))),
      read(repositoryFact()),
    ]);
    await world.approvals.saveApprovals(
      [2, 3, 4, 5].map(n =>
        approvalRow(n, { repoKey: 'github_com/1', openedAt: NOON }),
      ),
    );
    const { views: shown } = views(world);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shown.list(cleo, { cursor, limit: 2 });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('ask the permission framework once, whatever their number', async () => {
    const { views: shown, permissions } = views(world);
    await shown.list(cleo, {});
    await shown.list(cleo, { scope: 'decided' });
    expect(permissions.authorizeConditional).toHaveBeenCalledTimes(1);
    expect(permissions.authorize).not.toHaveBeenCalled();
  });

  it('are the same for everybody in an overview and at a run', async () => {
    const { views: shown } = views(world);
    const [open] = await shown.openOf(API);
    expect(open).toMatchObject({ id: ID, services: [API] });
    expect(open).not.toHaveProperty('mine');
    const ofRun = await shown.ofRun(RUN, [API]);
    expect(ofRun).toMatchObject([{ id: ID, state: 'waiting' }]);
    expect(await shown.openOf('component:default/web')).toEqual([]);
  });
});
