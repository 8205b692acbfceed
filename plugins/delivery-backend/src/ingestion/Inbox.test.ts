import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import type {
  ListHint,
  ParsedEvent,
  RawEvent,
} from 'backstage-plugin-delivery-node';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import {
  binding,
  hint,
  NOON,
  repositoryFact,
  runFact,
} from '../database/DatabaseDeliveryStore/testFacts';
import { Inbox, type Delivery } from './Inbox';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});

type Body = {
  run?: number;
  poison?: boolean;
  bad?: boolean;
  hints?: ListHint[];
};

/** A provider whose bodies say what they are good for. */
function parseEvent({ payload, receivedAt }: RawEvent): ParsedEvent {
  const body = payload as Body;
  if (body.bad) throw new InputError('run must be a number');
  if (body.run === undefined) return { kind: 'ignored', reason: 'no use' };
  const run = runFact(body.run, 'in_progress');
  return {
    kind: 'changes',
    hints: body.hints,
    changes: [
      hint(repositoryFact(), receivedAt),
      hint(body.poison ? { ...run, title: null as never } : run, receivedAt),
    ],
  };
}

describe.each(databases.eachSupportedId())('Inbox on %s', id => {
  let now = NOON;
  let store: DatabaseDeliveryStore;
  let inbox: Inbox;
  const applied = jest.fn();
  const hinted = jest.fn();
  let count = 0;

  const make = () =>
    new Inbox({
      store,
      providers: [{ id: 'github', parseEvent }],
      logger: mockServices.logger.mock(),
      clock: () => now,
      onApplied: applied,
      onHint: hinted,
    });

  beforeEach(async () => {
    now = NOON;
    count = 0;
    applied.mockClear();
    hinted.mockClear();
    store = await DatabaseDeliveryStore.create({
      database: await databases.init(id),
    });
    await store.replaceBindings([binding('api')], true);
    inbox = make();
  });
  afterEach(() => inbox.stop());
  const deliver = (body: Body, more: Partial<Delivery> = {}) =>
    inbox.accept({
      provider: 'github',
      deliveryId: `d${count++}`,
      event: 'workflow_run',
      body: JSON.stringify(body),
      receivedAt: now,
      ...more,
    });

  it('applies all of a storm, although taking it in goes first', async () => {
    inbox.start();
    await Promise.all(
      Array.from({ length: 300 }, (_, index) => deliver({ run: index + 1 })),
    );
    while ((await store.inboxCounts()).done < 300) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(await store.inboxCounts()).toMatchObject({ open: 0, done: 300 });
  });

  it('applies many rows in one transaction', async () => {
    for (let run = 1; run <= 60; run++) await deliver({ run });
    await deliver({});
    await inbox.drain();
    expect(await store.inboxCounts()).toEqual({
      ...{ open: 0, failed: 0, parked: 0 },
      done: 60,
      ignored: 1,
    });
    expect(applied).toHaveBeenCalledTimes(1);
    expect(applied.mock.calls[0][0].runKeys).toHaveLength(60);
    expect(await store.syncState('repo:github.com/acme/vaultex')).toMatchObject(
      { lastEventAt: NOON, backfill: 'pending' },
    );
  });

  it('notes each hint that a list is different, and tells of it', async () => {
    const seenAt = async (list: string) =>
      (await store.syncState(`${list}:github.com/acme/vaultex`))?.lastEventAt;
    await deliver({ run: 1 });
    await inbox.drain();
    expect(await seenAt('incidents')).toBeUndefined();
    expect(hinted).not.toHaveBeenCalled();
    await deliver({ run: 2, hints: ['incidents'] });
    await inbox.drain();
    expect(await seenAt('incidents')).toBe(NOON);
    now += 1;
    await deliver({ run: 3, hints: ['incidents', 'pullRequests'] });
    await deliver({ run: 4, hints: ['incidents'] });
    await inbox.drain();
    expect(await seenAt('incidents')).toBe(NOON + 1);
    expect(await seenAt('pulls')).toBe(NOON + 1);
    expect(hinted).toHaveBeenCalledTimes(2);
  });

  it('keeps hints of a repository that no service has until one does', async () => {
    await store.replaceBindings([], true);
    await deliver({ run: 1, hints: ['incidents'] });
    await inbox.drain();
    expect(await store.inboxCounts()).toMatchObject({ parked: 1 });
    const scope = 'incidents:github.com/acme/vaultex';
    expect(await store.syncState(scope)).toBeUndefined();
    await store.replaceBindings([binding('api')], true);
    await inbox.drain();
    expect(await store.syncState(scope)).toMatchObject({ lastEventAt: NOON });
  });

  it('takes the same content once, unless the event has another name', async () => {
    expect(await deliver({ run: 1 })).toBe('added');
    expect(await deliver({ run: 1 })).toBe('duplicate');
    expect(await deliver({ run: 1 }, { event: 'push' })).toBe('added');
    expect(await deliver({ run: 2 }, { deliveryId: undefined })).toBe('added');
    expect(await deliver({ run: 2 }, { deliveryId: undefined })).toBe(
      'duplicate',
    );
  });

  it('lets no bad row stand in the way of others', async () => {
    await deliver({ run: 1 });
    await deliver({ bad: true });
    await deliver({ run: 2, poison: true });
    await deliver({ run: 3 }, { body: '{"run":' });
    await deliver({ run: 4 });
    await inbox.drain();
    expect(await store.run('github_com.1')).toBeDefined();
    expect(await store.run('github_com.4')).toBeDefined();
    expect(await store.inboxCounts()).toMatchObject({
      failed: 2,
      done: 2,
      open: 1,
    });
  });

  it('tries again later, less and less often, and then keeps the error', async () => {
    const broken = jest
      .spyOn(store, 'applyInbox')
      .mockRejectedValue(new Error('disk is full'));
    await deliver({ run: 1 });
    const waits: number[] = [];
    while ((await store.inboxCounts()).open > 0) {
      const before = broken.mock.calls.length;
      const from = now;
      while (broken.mock.calls.length === before) {
        await inbox.drain();
        if (broken.mock.calls.length === before) now += 500;
      }
      waits.push(now - from);
    }
    expect(waits).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000]);
    broken.mockRestore();
    expect(await store.inboxCounts()).toMatchObject({ failed: 1 });
    // The vendor's redelivery of what failed is a new try.
    expect(await deliver({ run: 1 })).toBe('added');
    await inbox.drain();
    expect(await store.run('github_com.1')).toBeDefined();
  });

  it('works as soon as something arrives, and stops without losing a row', async () => {
    inbox.start();
    await deliver({ run: 1 });
    while ((await store.inboxCounts()).done < 1) {
      await new Promise(resolve => setImmediate(resolve));
    }
    await inbox.stop();
    await deliver({ run: 2 });
    expect(await store.inboxCounts()).toMatchObject({ open: 1, done: 1 });
    inbox = make();
    await inbox.drain();
    expect(await store.run('github_com.2')).toBeDefined();
  });

  it('gives untried rows back when it is stopped in the middle', async () => {
    for (let run = 1; run <= 3; run++) await deliver({ run });
    const apply = jest
      .spyOn(store, 'applyInbox')
      .mockImplementationOnce(async () => {
        throw new Error('no');
      })
      .mockImplementationOnce(async () => {
        void inbox.stop();
        return { repoKeys: [], runKeys: [], needsConfirm: [], parked: [] };
      });
    await inbox.drain();
    expect(apply).toHaveBeenCalledTimes(2);
    apply.mockRestore();
    expect(await store.claimInbox(now, 10, 1000)).toMatchObject([
      { attempts: 1 },
      { attempts: 1 },
    ]);
  });

  it('opens parked rows when the repository gets a service', async () => {
    await store.replaceBindings([], true);
    await deliver({ run: 1 });
    await inbox.drain();
    expect(await store.inboxCounts()).toMatchObject({ parked: 1 });
    await store.replaceBindings([binding('api')], true);
    await inbox.drain();
    expect(await store.inboxCounts()).toMatchObject({ parked: 0, done: 1 });
  });

  it('applies every row once with two workers on one database', async () => {
    for (let run = 1; run <= 250; run++) await deliver({ run });
    await Promise.all([inbox.drain(), make().drain()]);
    expect(await store.inboxCounts()).toMatchObject({ open: 0, done: 250 });
    expect(
      applied.mock.calls.flatMap(([result]) => result.runKeys),
    ).toHaveLength(250);
  });
});
