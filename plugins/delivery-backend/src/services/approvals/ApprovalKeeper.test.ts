import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
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
import { read, runFact } from '../../database/DatabaseDeliveryStore/testFacts';
import { approvalIdOf } from './approvalIdOf';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const ID = approvalIdOf(RUN, 1, 'production');

describe('ApprovalKeeper', () => {
  let db: Knex;
  let world: Approvals;
  const row = (attempt = 1) =>
    world.approvals.approval(approvalIdOf(RUN, attempt, 'production'));

  beforeEach(async () => {
    db = await databases.init('SQLITE_3');
    world = await makeApprovals(db);
    await prepare(world);
  });

  it('opens one approval for a gate that people hold, and tells those who may decide', async () => {
    await told(world, 'waiting');
    await world.tell();
    await world.tell();
    expect(await row()).toEqual({
      ...{ id: ID, runKey: RUN, repoKey: 'github_com/1', attempt: 1 },
      ...{ environment: 'Production', sha: 'a'.repeat(40), state: 'waiting' },
      openedAt: NOON + 10 * MINUTE,
      requestedBy: 'dana',
      candidates: [
        { kind: 'user', id: '3', name: 'cleo', ref: 'user:default/cleo' },
        { kind: 'user', id: '2', name: 'ravi', ref: 'user:default/ravi' },
      ],
      ...{ notifiedAt: world.clock.now, updatedAt: world.clock.now },
    });
    expect(world.gate.asked).toEqual(['gate']);
    expect(world.announced).toEqual([[API]]);
    expect(world.send.mock.calls).toEqual([
      [
        {
          recipients: {
            type: 'entity',
            entityRef: ['user:default/cleo', 'user:default/ravi'],
            excludeEntityRef: 'user:default/dana',
          },
          payload: expect.objectContaining({
            title: 'Approve production of api?',
            link: `/delivery/approvals?approval=${ID}`,
            topic: 'delivery-approval',
            scope: `delivery-approval-${ID}`,
          }),
        },
      ],
    ]);
  });

  it('has runs read of which only a list said that they wait', async () => {
    await world.store.apply([
      read(runFact(1, 'waiting', undefined, { updatedAt: NOON })),
    ]);
    await world.keeper.sweep(new AbortController().signal);
    expect(world.filled).toEqual([RUN]);
    await told(world, 'waiting');
    await world.keeper.sweep(new AbortController().signal);
    expect(world.filled).toEqual([RUN]);
    expect(await row()).toMatchObject({ state: 'waiting' });
  });

  it('leaves gates alone that nobody has to open, and asks about them once', async () => {
    if (world.gate.reading) world.gate.reading.reviewers = [];
    await told(world, 'waiting');
    await world.tell();
    await world.tell();
    expect(await row()).toBeUndefined();
    expect(world.gate.asked).toEqual(['gate']);
  });

  it('opens nothing while the vendor is down, and does as soon as it answers', async () => {
    world.gate.failure = new Error('502');
    await told(world, 'waiting');
    await world.tell();
    expect(await row()).toBeUndefined();
    world.gate.failure = undefined;
    await world.keeper.sweep(world.signal);
    expect(await row()).toMatchObject({ state: 'waiting' });
  });

  it('tells of a decision made here, once', async () => {
    await told(world, 'waiting');
    await world.tell();
    const waiting = await row();
    if (!waiting) throw new Error('There is none');
    const approval = {
      ...waiting,
      ...{ state: 'approved' as const, closedAt: NOON },
      decided: {
        ...{ login: 'cleo', userRef: 'user:default/cleo', at: NOON },
        ...{ comment: 'Fix confirmed', via: 'portal' as const },
      },
    };
    await world.approvals.saveApprovals([approval]);
    await world.keeper.decided({ approval });
    await world.keeper.decided({ approval });
    await told(world, 'in_progress');
    await world.tell();
    expect(
      world.send.mock.calls
        .slice(1)
        .map(([{ recipients, payload }]) => [
          'entityRef' in recipients && recipients.entityRef,
          ...[payload.title, payload.description],
        ]),
    ).toEqual([
      [
        ['user:default/ravi'],
        'Approved by cleo: production of api',
        'Fix confirmed',
      ],
      [
        ['user:default/cleo'],
        'Approved in your name: production of api',
        'Fix confirmed',
      ],
      [
        ['user:default/dana'],
        'Approved by cleo: production of api',
        'Fix confirmed',
      ],
    ]);
    expect(world.entries).toEqual([]);
    expect(await row()).toMatchObject({ state: 'approved', closedAt: NOON });
  });

  it('stays as it is when notifications, catalog and audit fail', async () => {
    world.send.mockRejectedValue(new Error('down'));
    world.audit.append = async () => {
      throw new Error('read-only');
    };
    jest.spyOn(world.catalog, 'getEntities').mockRejectedValue(new Error('x'));
    await told(world, 'waiting');
    await world.tell();
    world.gate.decide('cleo');
    await told(world, 'in_progress');
    await world.tell();
    expect(await row()).toMatchObject({ state: 'approved' });
  });

  it('tells again in a sweep when the notification could not be sent, and never twice', async () => {
    world.send.mockRejectedValueOnce(new Error('down'));
    await told(world, 'waiting');
    await world.tell();
    expect((await row())?.notifiedAt).toBeUndefined();
    world.clock.now += 2 * MINUTE;
    await world.keeper.sweep(world.signal);
    await world.keeper.sweep(world.signal);
    expect(world.send).toHaveBeenCalledTimes(2);
    expect(await row()).toMatchObject({ notifiedAt: world.clock.now });
  });

  it('tells everybody once when two replicas see the same', async () => {
    const other = await makeApprovals(db, world);
    await told(world, 'waiting');
    await Promise.all([world.tell(), other.tell()]);
    world.gate.decide('cleo');
    await told(world, 'in_progress');
    await Promise.all([world.tell(), other.tell()]);
    const opened = [...world.send.mock.calls, ...other.send.mock.calls].filter(
      ([{ payload }]) => payload.title.endsWith('?'),
    );
    expect(opened).toHaveLength(1);
    expect([...world.entries, ...other.entries]).toHaveLength(1);
  });

  it('tells the owner when nobody of the catalog may decide', async () => {
    if (world.gate.reading) {
      world.gate.reading.reviewers = [
        { kind: 'team', id: '9', name: 'acme/unheard-of' },
      ];
    }
    await told(world, 'waiting');
    await world.tell();
    expect(world.send.mock.calls[0][0].recipients).toMatchObject({
      entityRef: ['group:default/team'],
    });
  });

  it('knows teams by what the catalog says of groups', async () => {
    if (world.gate.reading) {
      world.gate.reading.reviewers = [
        { kind: 'team', id: '9', name: 'Acme/Leads' },
      ];
    }
    await told(world, 'waiting');
    await world.tell();
    expect((await row())?.candidates).toEqual([
      {
        ...{ kind: 'team', id: '9', name: 'Acme/Leads' },
        ref: 'group:default/leads',
      },
    ]);
  });
});
