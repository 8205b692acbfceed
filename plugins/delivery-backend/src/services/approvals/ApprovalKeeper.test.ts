import { TestDatabases } from '@backstage/backend-test-utils';
import { decisionComment } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { operationRow } from '../../database/DatabaseApprovalStore/testActs';
import {
  API,
  type Approvals,
  makeApprovals,
  MINUTE,
  NOON,
  prepare,
  RUN,
  told,
} from './__testUtils__/makeApprovals';
import { approvalIdOf } from './approvalIdOf';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const DAY = 24 * 60 * MINUTE;
const OPERATION = '0b8d2f5e-6f5c-4e8f-9a53-4a6f4f8f7d10';
const ID = approvalIdOf(RUN, 1, 'production');

describe('ApprovalKeeper', () => {
  let db: Knex;
  let world: Approvals;
  const row = (attempt = 1) =>
    world.approvals.approval(approvalIdOf(RUN, attempt, 'production'));
  const titles = () =>
    world.send.mock.calls.map(([{ payload }]) => payload.title);

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

  it('knows who decided at the vendor, writes it down once, and takes the notice back', async () => {
    await told(world, 'waiting');
    await world.tell();
    world.gate.decide('cleo', 'approved', 'ship it');
    await told(world, 'in_progress');
    await world.tell();
    await told(world, 'completed', { conclusion: 'success' });
    await world.tell();
    await world.keeper.sweep(world.signal);
    expect(await row()).toMatchObject({
      state: 'approved',
      closedAt: NOON + 12 * MINUTE,
      decided: {
        ...{ login: 'cleo', userRef: 'user:default/cleo', via: 'vendor' },
        comment: 'ship it',
      },
    });
    expect(world.entries).toEqual([
      expect.objectContaining({
        ...{ actor: 'plugin:delivery', action: 'decided_elsewhere' },
        ...{ phase: 'recorded', entityRef: API, environment: 'production' },
        detail: expect.objectContaining({ login: 'cleo' }),
      }),
    ]);
    expect(world.gate.count('approvals')).toBe(1);
    expect(titles()).toEqual([
      'Approve production of api?',
      'Approved by cleo: production of api',
      'Approved in your name: production of api',
      'Approved by cleo: production of api',
    ]);
    const scopes = world.send.mock.calls.map(([{ payload }]) => payload.scope);
    expect(new Set(scopes)).toEqual(new Set([`delivery-approval-${ID}`]));
    // The history of the environment needs no question of its own.
    expect(await world.environments.approvals(RUN, 1)).toEqual([
      expect.objectContaining({ user: 'cleo', state: 'approved' }),
    ]);
  });

  describe('a comment with the reference of an operation', () => {
    const comment = decisionComment({
      ...{ text: 'fine', userRef: 'user:default/cleo' },
      ...{ operationId: OPERATION, auditHead: 'f'.repeat(64) },
    });

    it('is a decision of this portal when there is such an operation', async () => {
      await told(world, 'waiting');
      await world.tell();
      await world.approvals.beginOperation(
        operationRow(1, {
          ...{ id: OPERATION, approvalId: ID, kind: 'approve' },
          actorRef: 'user:default/cleo',
        }),
        NOON + DAY,
      );
      world.gate.decide('cleo', 'approved', comment);
      // The run still seems to wait: only an explicit look asks the vendor.
      await world.tell();
      expect(await row()).toMatchObject({ state: 'waiting' });
      await world.keeper.refresh([RUN]);
      expect(await row()).toMatchObject({
        state: 'approved',
        decided: { via: 'portal', userRef: 'user:default/cleo' },
      });
      expect(world.entries).toEqual([]);
      // Stored facts lag behind; what is decided is not opened again by them.
      await world.tell();
      expect(await row()).toMatchObject({ state: 'approved' });
    });

    it('is one of the vendor when anybody could have written it', async () => {
      await told(world, 'waiting');
      await world.tell();
      world.gate.decide('ravi', 'approved', comment);
      await told(world, 'in_progress');
      await world.tell();
      expect(await row()).toMatchObject({
        state: 'approved',
        decided: { login: 'ravi', via: 'vendor', userRef: 'user:default/ravi' },
      });
    });
  });

  it.each([
    ['rejected', { decide: true, conclusion: 'failure' }],
    ['cancelled', { conclusion: 'cancelled' }],
    ['unknown', { conclusion: 'failure' }],
    ['expired', { conclusion: 'failure', at: NOON + 31 * DAY }],
  ])(
    'ends as %s',
    async (
      state,
      {
        decide,
        ...how
      }: {
        decide?: boolean;
        conclusion: string;
        at?: number;
      },
    ) => {
      await told(world, 'waiting');
      await world.tell();
      if (decide) world.gate.decide('ravi', 'rejected');
      await told(world, 'completed', how);
      await world.tell();
      expect(await row()).toMatchObject({ state });
      expect(titles().at(-1)).toMatch(/production of api$/);
    },
  );

  it('ends as superseded by a new attempt, which is an approval of its own', async () => {
    await told(world, 'waiting');
    await world.tell();
    await told(world, 'waiting', { attempt: 2 });
    await world.tell();
    expect(await row(1)).toMatchObject({ state: 'superseded' });
    expect(await row(2)).toMatchObject({ state: 'waiting', attempt: 2 });
  });

  it('never takes the decision about an earlier attempt for one about a later', async () => {
    await told(world, 'waiting');
    await world.tell();
    world.gate.decide('cleo');
    await told(world, 'completed', { conclusion: 'failure' });
    await world.tell();
    await told(world, 'waiting', { attempt: 2 });
    world.gate.run = { ...world.gate.run, attempt: 2 };
    await world.tell();
    await told(world, 'completed', { attempt: 2, conclusion: 'cancelled' });
    await world.tell();
    expect(await row(1)).toMatchObject({ state: 'approved' });
    expect(await row(2)).toMatchObject({ state: 'cancelled' });
    expect((await row(2))?.decided).toBeUndefined();
  });

  it('knows who decided about a later attempt', async () => {
    await told(world, 'waiting');
    await world.tell();
    world.gate.decide('cleo');
    await told(world, 'completed', { conclusion: 'failure' });
    await world.tell();
    await told(world, 'waiting', { attempt: 2 });
    world.gate.run = { ...world.gate.run, attempt: 2 };
    await world.tell();
    world.gate.decide('cleo');
    await told(world, 'in_progress', { attempt: 2 });
    await world.tell();
    expect(await row(2)).toMatchObject({
      ...{ state: 'approved', decided: { login: 'cleo', via: 'vendor' } },
    });
    expect(world.entries.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('does not end while the vendor still holds it, whatever stored facts forget', async () => {
    await told(world, 'waiting');
    await world.tell();
    await world.store.saveStages(RUN, [], []);
    await world.tell();
    expect(await row()).toMatchObject({ state: 'waiting' });
    world.gate.failure = new Error('502');
    await world.tell();
    expect(await row()).toMatchObject({ state: 'waiting' });
    expect(world.send).toHaveBeenCalledTimes(1);
    // An administrator went past the gate: nobody decided.
    world.gate.failure = undefined;
    world.gate.run = { ...world.gate.run, waiting: false };
    await world.keeper.sweep(world.signal);
    expect(await row()).toMatchObject({ state: 'unknown' });
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

  it('ends what the vendor has long failed, also when nobody told', async () => {
    await told(world, 'waiting');
    await world.tell();
    world.clock.now += 32 * DAY;
    await world.keeper.sweep(world.signal);
    await world.tell();
    expect(await row()).toMatchObject({
      ...{ state: 'expired', closedAt: NOON + 10 * MINUTE + 30 * DAY },
    });
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

  it('finds out later what it could not ask for when it ended', async () => {
    await told(world, 'waiting');
    await world.tell();
    world.gate.decide('cleo');
    world.gate.failure = new Error('502');
    await told(world, 'completed', { conclusion: 'success' });
    await world.tell();
    expect(await row()).toMatchObject({ state: 'unknown' });
    await world.keeper.sweep(world.signal);
    world.gate.failure = undefined;
    world.clock.now += 60 * MINUTE;
    await world.keeper.sweep(world.signal);
    expect(await row()).toMatchObject({
      state: 'approved',
      decided: { login: 'cleo', via: 'vendor' },
    });
    expect(world.entries).toHaveLength(1);
  });

  it('counts no bot as somebody who decided', async () => {
    await told(world, 'waiting');
    await world.tell();
    world.gate.decide('acme-gate[bot]');
    await told(world, 'completed', { conclusion: 'success' });
    await world.tell();
    expect(await row()).toMatchObject({ state: 'unknown' });
    expect((await row())?.decided).toBeUndefined();
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
