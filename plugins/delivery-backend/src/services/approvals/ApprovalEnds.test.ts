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
} from '../../__testUtils__/approvals/makeApprovals';
import { approvalIdOf } from './approvalIdOf';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const DAY = 24 * 60 * MINUTE;
const OPERATION = '0b8d2f5e-6f5c-4e8f-9a53-4a6f4f8f7d10';
const ID = approvalIdOf(RUN, 1, 'production');

describe('The end of an approval', () => {
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
});
