import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { NotAllowedError, ServiceUnavailableError } from '@backstage/errors';
import type { Change, Fact } from 'backstage-plugin-delivery-common';
import type {
  Budget,
  DeliveryProvider,
  ListRequest,
} from 'backstage-plugin-delivery-node';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import {
  binding,
  NOON,
  REPO,
  repositoryFact,
  runFact,
} from '../database/DatabaseDeliveryStore/testFacts';
import { Reconciler } from './Reconciler';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SCOPE = 'deployments:github.com/acme/vaultex';

/** When the n-th newest deployment was made. */
const madeAt = (n: number) => NOON - n * HOUR;

describe('first read of deployments', () => {
  let now = NOON;
  let store: DatabaseDeliveryStore;
  let counts: Record<string, number>;
  let failures: Record<string, Error>;
  let budget: Budget | undefined;
  let calls: string[];
  let requests: ListRequest[];
  const { signal } = new AbortController();

  const at = (fact: Fact): Change => ({
    fact,
    observed: { source: 'api', at: now },
  });
  const keyOf = (slug: string) =>
    slug === 'acme/vaultex' ? REPO : `github_com/${slug.length}`;
  const provider: DeliveryProvider = {
    id: 'github',
    hosts: ['github.com'],
    parseEvent: () => ({ kind: 'ignored', reason: 'not used here' }),
    budget: () => budget,
    listChanges: async ({ scope: { slug }, mode }) => {
      calls.push(`${mode} ${slug}`);
      const repoKey = keyOf(slug);
      const of = { slug, url: `https://github.com/${slug}` };
      return {
        changes: [
          at(repositoryFact({ repoKey, ...of })),
          at(
            runFact(slug.length, 'completed', 'success', {
              repoKey,
              pipelineKey: `${repoKey}/7`,
            }),
          ),
        ],
      };
    },
    listDeployments: async request => {
      const { slug, repoKey } = request.scope;
      requests.push(request);
      request.signal.throwIfAborted();
      calls.push(`deployments ${slug}`);
      if (failures[slug]) throw failures[slug];
      const begin = Number(request.cursor ?? 0);
      const young = Array.from(
        { length: counts[slug] ?? 0 },
        (_, n) => n,
      ).filter(n => madeAt(n) >= request.since);
      const read = young.slice(begin, begin + request.limit);
      const end = begin + read.length;
      return {
        changes: read.flatMap(n => [
          at({
            kind: 'deployment',
            deploymentKey: `github_com.${slug.length}${n}`,
            repoKey: repoKey ?? 'unknown',
            runKey: `github_com.${slug.length}`,
            sha: 'a'.repeat(40),
            ref: 'main',
            environment: `env ${n}`,
            createdAt: madeAt(n),
          }),
          at({
            kind: 'deploymentStatus',
            statusKey: `github_com.${slug.length}${n}`,
            deploymentKey: `github_com.${slug.length}${n}`,
            repoKey: repoKey ?? 'unknown',
            state: 'success',
            createdAt: madeAt(n),
          }),
        ]),
        cursor: end < young.length ? String(end) : undefined,
      };
    },
  };
  const make = (
    more: Partial<ConstructorParameters<typeof Reconciler>[0]> = {},
  ) =>
    new Reconciler({
      store,
      providers: [provider],
      logger: mockServices.logger.mock(),
      clock: () => now,
      mode: 'webhook',
      retention: { inboxBodiesMs: 72 * HOUR, jobsMs: 400 * DAY },
      ...more,
    });
  const tick = async (reconciler: Reconciler, stop = signal) => {
    calls = [];
    await reconciler.tick(stop);
    return calls;
  };
  const bind = (...slugs: string[]) =>
    store.replaceBindings(
      slugs.map(slug => binding(slug.replace('/', '-'), { slug })),
      true,
    );

  beforeEach(async () => {
    now = NOON;
    [counts, failures, budget] = [{ 'acme/vaultex': 60 }, {}, undefined];
    [calls, requests] = [[], []];
    store = await DatabaseDeliveryStore.create({
      database: await databases.init('SQLITE_3'),
    });
    await bind('acme/vaultex');
  });

  it('follows the runs, 25 a tick, and makes no call when it is done', async () => {
    const onApplied = jest.fn();
    const reconciler = make({ onApplied });
    expect(await tick(reconciler)).toEqual([
      'backfill acme/vaultex',
      'deployments acme/vaultex',
    ]);
    expect(requests[0]).toMatchObject({
      scope: { host: 'github.com', slug: 'acme/vaultex', repoKey: REPO },
      ...{ since: NOON - 90 * DAY, limit: 25, cursor: undefined },
    });
    expect(await store.syncState(SCOPE)).toMatchObject({
      ...{ backfill: 'running', cursor: '25', runs: 25 },
      dataSince: madeAt(24) + 1,
      confirmedAt: NOON,
    });
    expect(onApplied).toHaveBeenLastCalledWith(
      expect.objectContaining({
        runKeys: expect.arrayContaining(['github_com.12']),
      }),
    );
    now += MINUTE;
    expect(await tick(reconciler)).toEqual(['deployments acme/vaultex']);
    now += MINUTE;
    expect(await tick(reconciler)).toEqual(['deployments acme/vaultex']);
    expect(await store.syncState(SCOPE)).toMatchObject({
      ...{ backfill: 'done', cursor: undefined, runs: 60 },
      dataSince: now - 90 * DAY,
      confirmedAt: NOON,
    });
    expect(await store.deploymentsOfRun('github_com.12')).toHaveLength(60);
    for (let hours = 0; hours < 13; hours++) {
      now += HOUR;
      expect((await tick(reconciler)).join()).not.toContain('deployments');
    }
  });

  it('waits for the runs of the repository', async () => {
    const list = jest
      .spyOn(provider, 'listChanges')
      .mockResolvedValueOnce({ changes: [], cursor: '2' });
    const reconciler = make();
    expect(await tick(reconciler)).toEqual([]);
    expect(await tick(reconciler)).toEqual([
      'backfill acme/vaultex',
      'deployments acme/vaultex',
    ]);
    list.mockRestore();
  });

  it('goes on after a restart where it stopped', async () => {
    await tick(make());
    const stop = new AbortController();
    stop.abort();
    now += MINUTE;
    await tick(make(), stop.signal);
    expect(await store.syncState(SCOPE)).toMatchObject({ cursor: '25' });
    await tick(make());
    expect(requests[requests.length - 1]).toMatchObject({ cursor: '25' });
    expect(await store.syncState(SCOPE)).toMatchObject({ runs: 50 });
  });

  it('keeps what it has when it is stopped in the middle of a batch', async () => {
    await tick(make());
    const stop = new AbortController();
    const list = jest
      .spyOn(provider, 'listDeployments')
      .mockImplementationOnce(async request => {
        stop.abort(new Error('stopped'));
        request.signal.throwIfAborted();
        return { changes: [] };
      });
    await tick(make(), stop.signal);
    expect(list).toHaveBeenCalledTimes(1);
    expect(await store.syncState(SCOPE)).toMatchObject({
      ...{ backfill: 'running', cursor: '25', problem: undefined },
    });
    list.mockRestore();
  });

  it('reads the newest of all before old ones of one, and first what is looked at', async () => {
    await bind('acme/vaultex', 'acme/b', 'acme/cc');
    counts = { 'acme/vaultex': 60, 'acme/b': 60, 'acme/cc': 60 };
    failures['acme/cc'] = new ServiceUnavailableError('down');
    const reconciler = make();
    await tick(reconciler);
    delete failures['acme/cc'];
    now += 15 * MINUTE;
    expect(await tick(reconciler)).toEqual([
      'deployments acme/cc',
      'deployments acme/b',
      'deployments acme/vaultex',
    ]);
    await reconciler.touch('component:default/acme-vaultex');
    expect((await tick(reconciler))[0]).toBe('deployments acme/vaultex');
  });

  it('notes a failure of one, and reads the others', async () => {
    await bind('acme/vaultex', 'acme/b');
    counts['acme/b'] = 1;
    failures['acme/vaultex'] = new ServiceUnavailableError('down');
    const reconciler = make();
    await tick(reconciler);
    expect(await store.syncState(SCOPE)).toMatchObject({
      backfill: 'pending',
      dataSince: undefined,
      problem: { code: 'read_failed', message: 'down', at: NOON },
    });
    expect(
      (await store.syncState('repo:github.com/acme/vaultex'))?.problem,
    ).toBeUndefined();
    expect(
      await store.syncState('deployments:github.com/acme/b'),
    ).toMatchObject({ backfill: 'done', runs: 1 });
    failures = {};
    now += 14 * MINUTE;
    expect(await tick(reconciler)).toEqual([]);
    now += MINUTE;
    expect(await tick(reconciler)).toEqual(['deployments acme/vaultex']);
    expect((await store.syncState(SCOPE))?.problem).toBeUndefined();
  });

  it('asks a vendor that refuses again only after six hours', async () => {
    failures['acme/vaultex'] = new NotAllowedError('no permission');
    const reconciler = make();
    await tick(reconciler);
    now += 6 * HOUR - 1;
    expect(await tick(make())).toEqual([]);
    now += 1;
    expect(await tick(make())).toContain('deployments acme/vaultex');
    expect(await store.repository(REPO)).toMatchObject({ deleted: false });
  });

  it('waits until the vendor answers again', async () => {
    failures['acme/vaultex'] = Object.assign(
      new ServiceUnavailableError('limit'),
      {
        retryAt: NOON + 40 * MINUTE,
      },
    );
    const reconciler = make();
    await tick(reconciler);
    failures = {};
    now += 39 * MINUTE;
    expect(await tick(reconciler)).toEqual([]);
    now += MINUTE;
    expect(await tick(reconciler)).toEqual(['deployments acme/vaultex']);
  });

  it('stays within what first reads may use of an hour, the runs included', async () => {
    budget = { limit: 100, remaining: 100, resetAt: now + 10 * HOUR };
    const reconciler = make();
    await tick(reconciler);
    await tick(reconciler);
    await tick(reconciler);
    // 30 calls: one for the runs, and two lists.
    expect(requests.map(({ limit }) => limit)).toEqual([25, 2]);
    expect(await store.syncState(SCOPE)).toMatchObject({ runs: 27 });
    now += HOUR + 1;
    await tick(reconciler);
    expect(requests).toHaveLength(3);
  });

  it('gives back the calls it did not need', async () => {
    budget = { limit: 100, remaining: 100, resetAt: now + 10 * HOUR };
    const slugs = ['acme/1', 'acme/22', 'acme/333', 'acme/4444'];
    await bind(...slugs);
    const reconciler = make();
    for (const _ of slugs) await tick(reconciler);
    for (const slug of slugs) {
      expect(
        await store.syncState(`deployments:github.com/${slug}`),
      ).toMatchObject({
        backfill: 'done',
        runs: 0,
        dataSince: NOON - 90 * DAY,
      });
    }
  });

  it('leaves a third of the budget to the rest', async () => {
    const reconciler = make();
    await tick(reconciler);
    budget = { limit: 1000, remaining: 300, resetAt: now + HOUR };
    expect(await tick(reconciler)).toEqual([]);
    budget = { limit: 1000, remaining: 310, resetAt: now + HOUR };
    await tick(reconciler);
    expect(requests[requests.length - 1].limit).toBe(9);
  });

  it('asks no vendor that cannot tell, and for no repository that is gone', async () => {
    const { listDeployments: _, ...plain } = provider;
    expect(await tick(make({ providers: [plain] }))).toEqual([
      'backfill acme/vaultex',
    ]);
    await store.apply([
      at(repositoryFact({ slug: 'acme/vaultex', deleted: true })),
    ]);
    expect(await tick(make())).toEqual([]);
    expect(await store.syncState(SCOPE)).toBeUndefined();
  });
});
