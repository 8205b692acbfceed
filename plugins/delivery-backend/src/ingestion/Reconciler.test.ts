import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { Change, Fact } from 'backstage-plugin-delivery-common';
import type {
  Budget,
  DeliveryProvider,
  ListRequest,
} from 'backstage-plugin-delivery-node';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import {
  binding,
  hint,
  jobFact,
  NOON,
  REPO,
  repositoryFact,
  runFact,
} from '../database/DatabaseDeliveryStore/testFacts';
import { Reconciler, type ReconcilerOptions } from './Reconciler';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const API = 'repo:github.com/acme/vaultex';

describe('Reconciler', () => {
  let now = NOON;
  let store: DatabaseDeliveryStore;
  let runs: Fact[];
  let jobs: Fact[];
  let failure: Error | undefined;
  let budget: Budget | undefined;
  let calls: string[];
  let timers: { at: number; run: () => void }[];
  const { signal } = new AbortController();

  const at = (fact: Fact): Change => ({
    fact,
    observed: { source: 'api', at: now },
  });
  const answer = <T>(call: string, value: () => T): T => {
    calls.push(call);
    if (failure) throw failure;
    return value();
  };
  const provider: DeliveryProvider = {
    id: 'github',
    hosts: ['github.com'],
    parseEvent: () => ({ kind: 'ignored', reason: 'not used here' }),
    budget: () => budget,
    listChanges: async ({ mode, scope, etag, cursor }: ListRequest) =>
      answer(`${mode} ${scope.slug}${cursor ? ` ${cursor}` : ''}`, () => {
        const tag = JSON.stringify(runs);
        if (etag === tag) return { changes: [], unchanged: true, etag };
        return {
          etag: mode === 'sweep' ? tag : undefined,
          changes: (runs.length > 0 ? [repositoryFact(), ...runs] : []).map(at),
        };
      }),
    readRun: async ({ runKey }) =>
      answer(`run ${runKey}`, () =>
        [...runs, ...jobs]
          .filter(fact => 'runKey' in fact && fact.runKey === runKey)
          .map(at),
      ),
    readAttempt: async ({ runKey }, attempt) =>
      answer(`attempt ${runKey} ${attempt}`, () => [
        at(
          runFact(Number(runKey.split('.')[1]), 'completed', 'failure', {
            attempt,
          }),
        ),
      ]),
    listFailedDeliveries: async () =>
      answer('failed deliveries', () => [
        { id: '1', guid: 'lost', deliveredAt: NOON },
      ]),
    redeliver: async ({ guid }) => answer(`redeliver ${guid}`, () => {}),
  };

  const make = (more: Partial<ReconcilerOptions> = {}) => {
    const reconciler: Reconciler = new Reconciler({
      store,
      providers: [provider],
      logger: mockServices.logger.mock(),
      clock: () => now,
      mode: 'webhook',
      retention: { inboxBodiesMs: 72 * HOUR, jobsMs: 400 * 24 * HOUR },
      later: (ms, run) => {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return { cancel: () => timers.splice(timers.indexOf(timer), 1) };
      },
      ...more,
    });
    return reconciler;
  };
  const tick = async (reconciler: Reconciler) => {
    calls = [];
    await reconciler.tick(signal);
    return calls.filter(call => !/deliver/.test(call));
  };

  beforeEach(async () => {
    now = NOON;
    [runs, jobs, calls, timers] = [[], [], [], []];
    [failure, budget] = [undefined, undefined];
    store = await DatabaseDeliveryStore.create({
      database: await databases.init('SQLITE_3'),
    });
    await store.replaceBindings([binding('api')], true);
  });

  it('reads a new repository once, and says how far back it knows', async () => {
    runs = [
      runFact(2, 'completed', 'success'),
      runFact(1, 'completed', 'success', { createdAt: NOON - HOUR }),
    ];
    const reconciler = make();
    expect(await tick(reconciler)).toEqual(['backfill acme/vaultex']);
    expect(await store.syncState(API)).toMatchObject({
      ...{ backfill: 'done', runs: 2, confirmedAt: NOON },
      dataSince: NOON - HOUR,
      problem: undefined,
    });
    expect(await tick(reconciler)).toEqual([]);
  });

  it('goes on with the first read where it stopped', async () => {
    const list = jest
      .spyOn(provider, 'listChanges')
      .mockResolvedValueOnce({ changes: [], cursor: '2' });
    await tick(make());
    expect(await store.syncState(API)).toMatchObject({
      backfill: 'running',
      cursor: '2',
    });
    await tick(make());
    expect(list.mock.lastCall?.[0]).toMatchObject({ cursor: '2' });
    expect(await store.syncState(API)).toMatchObject({
      backfill: 'done',
      cursor: undefined,
    });
    list.mockRestore();
  });

  it('sweeps idle repositories every six hours, active ones every hour', async () => {
    runs = [runFact(1, 'completed', 'success')];
    const reconciler = make();
    await tick(reconciler);
    now += 5 * HOUR;
    expect(await tick(reconciler)).toEqual([]);
    now += HOUR;
    expect(await tick(reconciler)).toEqual(['sweep acme/vaultex']);
    await store.sawEvents([API], now + 1);
    now += 59 * MINUTE;
    expect(await tick(reconciler)).toEqual([]);
    now += MINUTE;
    expect(await tick(reconciler)).toEqual(['sweep acme/vaultex']);
    expect(await store.syncState(API)).toMatchObject({ confirmedAt: now });
  });

  it('finds what no delivery told: a run, its jobs, and an attempt in between', async () => {
    const reconciler = make();
    await tick(reconciler);
    now += 6 * HOUR;
    runs = [runFact(1, 'completed', 'success', { attempt: 2 })];
    jobs = [jobFact(10, 1, 'completed', 'success', { attempt: 2 })];
    expect(await tick(reconciler)).toEqual([
      'sweep acme/vaultex',
      'run github_com.1',
    ]);
    now += 6 * HOUR;
    expect(await tick(reconciler)).toEqual([
      'sweep acme/vaultex',
      'attempt github_com.1 1',
    ]);
    expect(await store.attempts('github_com.1')).toMatchObject([
      { attempt: 1, state: { conclusion: 'failure' } },
      { attempt: 2, state: { conclusion: 'success' } },
    ]);
    expect(await store.jobs(['github_com.1'])).toHaveLength(1);
  });

  it('heals a completed run whose last job was never told', async () => {
    runs = [runFact(1, 'completed', 'success')];
    jobs = [jobFact(10, 1, 'completed', 'success')];
    const reconciler = make();
    await tick(reconciler);
    await store.apply([hint(jobFact(10, 1, 'in_progress'))]);
    now += 6 * HOUR;
    expect(await tick(reconciler)).toEqual([
      'sweep acme/vaultex',
      'run github_com.1',
    ]);
    expect(await store.jobs(['github_com.1'])).toMatchObject([
      { state: { status: 'completed' } },
    ]);
  });

  it('asks about doubts once, a moment later, and only if they last', async () => {
    runs = [1, 2].map(id => runFact(id, 'in_progress'));
    const applied = await store.apply([
      hint(repositoryFact()),
      ...runs.map(run => hint(run)),
      hint(jobFact(10, 1, 'waiting')),
      hint(jobFact(20, 2, 'waiting')),
    ]);
    jobs = [jobFact(10, 1, 'waiting')];
    const reconciler = make();
    reconciler.applied(applied);
    reconciler.applied(applied);
    expect(timers).toMatchObject([{ at: NOON + 3000 }]);
    await store.apply([hint(jobFact(20, 2, 'in_progress'), NOON + 5)]);
    now += 3000;
    await reconciler.confirmDoubtful(signal);
    expect(calls).toEqual(['run github_com.1']);
    expect(await store.run('github_com.1')).toMatchObject({
      needsConfirm: false,
    });
    reconciler.close();
    expect(timers).toEqual([]);
  });

  it('asks for open runs that went silent', async () => {
    const told = { updatedAt: NOON };
    runs = [
      runFact(1, 'in_progress', undefined, told),
      runFact(2, 'waiting', undefined, told),
    ];
    const reconciler = make();
    await tick(reconciler);
    now += 29 * MINUTE;
    expect(await tick(reconciler)).toEqual([]);
    now += MINUTE;
    expect(await tick(reconciler)).toEqual(['run github_com.1']);
    now += 5 * MINUTE;
    await reconciler.touch('component:default/api');
    expect((await tick(reconciler)).sort()).toEqual([
      'run github_com.1',
      'run github_com.2',
    ]);
  });

  it('keeps the last state and says why when the vendor fails', async () => {
    runs = [runFact(1, 'completed', 'success')];
    const reconciler = make();
    await tick(reconciler);
    failure = new ServiceUnavailableError('GitHub did not answer.');
    now += 6 * HOUR;
    await tick(reconciler);
    expect(await store.syncState(API)).toMatchObject({
      confirmedAt: NOON,
      problem: { code: 'read_failed', message: 'GitHub did not answer.' },
    });
    expect(await store.run('github_com.1')).toBeDefined();
    now += 14 * MINUTE;
    expect(await tick(reconciler)).toEqual([]);
    failure = undefined;
    now += MINUTE;
    expect(await tick(reconciler)).toEqual(['sweep acme/vaultex']);
    expect((await store.syncState(API))?.problem).toBeUndefined();
  });

  it('notes a deleted repository, and one that is back', async () => {
    runs = [runFact(1, 'completed', 'success')];
    const onApplied = jest.fn();
    const reconciler = make({ onApplied });
    await tick(reconciler);
    failure = new NotFoundError('gone');
    now += 6 * HOUR;
    await tick(reconciler);
    expect(await store.repository(REPO)).toMatchObject({ deleted: true });
    expect(onApplied).toHaveBeenLastCalledWith(
      expect.objectContaining({ repoKeys: [REPO] }),
    );
    failure = undefined;
    runs = [];
    now += HOUR;
    await tick(reconciler);
    expect(await store.repository(REPO)).toMatchObject({ deleted: false });
  });

  it('waits until the vendor answers again', async () => {
    failure = Object.assign(new ServiceUnavailableError('limit'), {
      retryAt: NOON + 40 * MINUTE,
    });
    const reconciler = make();
    expect(await tick(reconciler)).toHaveLength(1);
    failure = undefined;
    now += 39 * MINUTE;
    expect(await tick(reconciler)).toEqual([]);
    now += MINUTE;
    expect(await tick(reconciler)).toHaveLength(1);
  });

  it.each([
    [0.5, ['run github_com.1', 'sweep acme/vaultex']],
    [0.29, ['run github_com.1', 'sweep acme/vaultex']],
    [0.09, ['run github_com.1']],
  ])('with %s of the budget left does %s', async (left, expected) => {
    runs = [runFact(1, 'in_progress')];
    const reconciler = make();
    await tick(reconciler);
    now += 7 * HOUR;
    budget = { limit: 1000, remaining: 1000 * left, resetAt: now + HOUR };
    expect((await tick(reconciler)).sort()).toEqual(expected);
  });

  it('reads an idle repository only with a third of the budget left', async () => {
    const reconciler = make();
    await tick(reconciler);
    now += 7 * HOUR;
    budget = { limit: 1000, remaining: 290, resetAt: now + HOUR };
    expect(await tick(reconciler)).toEqual([]);
    now += HOUR;
    expect(await tick(reconciler)).toEqual(['sweep acme/vaultex']);
  });

  it('uses a third of an hour for first reads', async () => {
    budget = { limit: 10, remaining: 10, resetAt: now + 10 * HOUR };
    await store.replaceBindings(
      [1, 2, 3, 4, 5].map(n => binding(`s${n}`, { slug: `acme/s${n}` })),
      true,
    );
    const reconciler = make();
    expect(await tick(reconciler)).toHaveLength(3);
    expect(await tick(reconciler)).toHaveLength(0);
    now += HOUR;
    expect(await tick(reconciler)).toHaveLength(2);
  });

  it('asks every five minutes for what could not be delivered, once each', async () => {
    const reconciler = make();
    await reconciler.tick(signal);
    expect(calls.filter(c => /deliver/.test(c))).toEqual([
      'failed deliveries',
      'redeliver lost',
    ]);
    calls = [];
    await reconciler.tick(signal);
    expect(calls).toEqual([]);
    now += 5 * MINUTE;
    await reconciler.tick(signal);
    expect(calls).toEqual(['failed deliveries']);
  });

  it('without webhooks reads first what is looked at and what is open', async () => {
    await store.replaceBindings(
      [binding('api'), binding('idle', { slug: 'acme/idle' })],
      true,
    );
    runs = [runFact(1, 'completed', 'success')];
    const reconciler = make({ mode: 'poll' });
    await tick(reconciler);
    expect(calls).not.toContain('failed deliveries');
    calls = [];
    now += 15_000;
    await reconciler.poll(signal);
    expect(calls).toEqual([]);
    await reconciler.touch('component:default/api');
    runs = [runFact(1, 'completed', 'success'), runFact(2, 'in_progress')];
    await reconciler.poll(signal);
    expect(calls).toEqual(['sweep acme/vaultex', 'run github_com.2']);
    calls = [];
    now += 3 * MINUTE;
    await reconciler.poll(signal);
    expect(calls).toContain('sweep acme/vaultex');
    expect(calls).not.toContain('sweep acme/idle');
    now += 5 * MINUTE;
    expect(await tick(reconciler)).toContain('sweep acme/idle');
  });

  it('stops when it is closed', async () => {
    const reconciler = make();
    reconciler.close();
    expect(await tick(reconciler)).toEqual([]);
    reconciler.applied({ needsConfirm: ['github_com.1'] });
    expect(timers).toEqual([]);
  });
});
