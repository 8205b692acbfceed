import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import type {
  DeploymentFact,
  DeploymentStatusFact,
  Fact,
} from 'backstage-plugin-delivery-common';
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
  read,
  REPO,
  repositoryFact,
  runFact,
} from '../database/DatabaseDeliveryStore/testFacts';
import { BudgetGovernor } from './BudgetGovernor';
import { DeploymentReader } from './DeploymentReader';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RUNS = 'repo:github.com/acme/vaultex';
const SCOPE = 'deployments:github.com/acme/vaultex';

/** What GitHub has of the run with this number, and tells by events when nothing is lost. */
function worldOf(n: number, environment = 'production') {
  const createdAt = NOON + n * MINUTE;
  const times = { createdAt, updatedAt: createdAt + MINUTE };
  const deployment: DeploymentFact = {
    kind: 'deployment',
    deploymentKey: `github_com.${1000 + n}`,
    runKey: `github_com.${n}`,
    ...{ repoKey: REPO, sha: 'a'.repeat(40), ref: 'main', environment },
    createdAt: createdAt + 10_000,
  };
  const status = (id: number, state: string): DeploymentStatusFact => ({
    kind: 'deploymentStatus',
    statusKey: `github_com.${id}`,
    deploymentKey: deployment.deploymentKey,
    ...{ repoKey: REPO, state, createdAt: createdAt + 20_000 + id },
  });
  return {
    run: runFact(n, 'completed', 'success', times),
    job: jobFact(2000 + n, n, 'completed', 'success', {
      ...{ name: 'deploy', environment, startedAt: createdAt },
      completedAt: createdAt + MINUTE,
    }),
    unit: jobFact(3000 + n, n, 'completed', 'success', {
      ...{ name: 'unit', startedAt: createdAt },
    }),
    deployment,
    begun: status(4000 + n, 'in_progress'),
    ended: status(5000 + n, 'success'),
  };
}
type World = ReturnType<typeof worldOf>;

describe.each(databases.eachSupportedId())(
  'Sweeps of deployments on %s',
  id => {
    let now: number;
    let store: DatabaseDeliveryStore;
    let vendor: World[];
    let requests: ListRequest[];
    let statusCalls: string[];
    let failure: Error | undefined;
    let budget: Budget | undefined;
    let reader: DeploymentReader;
    const { signal } = new AbortController();

    const provider: DeliveryProvider = {
      id: 'github',
      hosts: ['github.com'],
      parseEvent: () => ({ kind: 'ignored', reason: 'not used here' }),
      listChanges: async () => ({ changes: [] }),
      budget: () => budget,
      listDeployments: async request => {
        requests.push(request);
        if (failure) throw failure;
        const begin = Number(request.cursor ?? 0);
        const young = [...vendor]
          .reverse()
          .filter(({ deployment }) => deployment.createdAt >= request.since);
        const page = young.slice(begin, begin + request.limit);
        const wanted = page.filter(
          one => !request.known?.has(one.deployment.deploymentKey),
        );
        statusCalls.push(...wanted.map(one => one.deployment.deploymentKey));
        const end = begin + page.length;
        return {
          changes: wanted
            .flatMap(one => [one.deployment, one.begun, one.ended])
            .map(fact => read(fact, now)),
          cursor: end < young.length ? String(end) : undefined,
        };
      },
    };
    const make = (mode: 'webhook' | 'poll' = 'webhook') =>
      new DeploymentReader({
        store,
        mode,
        logger: mockServices.logger.mock(),
        clock: () => now,
        governor: new BudgetGovernor(() => now),
        providerOf: () => provider,
        isWatched: () => false,
      });
    const hear = (...facts: Fact[]) =>
      store.apply(facts.map(f => hint(f, now)));
    const heal = (...worlds: World[]) =>
      hear(...worlds.flatMap(world => Object.values(world)));
    /** The next sweep of the runs, an hour later, and what follows it. */
    const sweep = async (at = now + HOUR) => {
      now = at;
      [requests, statusCalls] = [[], []];
      await store.saveSyncState({
        ...{ scope: RUNS, backfill: 'done', runs: 1, confirmedAt: now },
      });
      await reader.tick(signal);
      return requests.length;
    };
    const stateOf = async (n: number) =>
      (await store.deploymentsOfRun(`github_com.${n}`)).map(one => one.state);

    beforeEach(async () => {
      now = NOON;
      [vendor, requests, statusCalls] = [[], [], []];
      [failure, budget] = [undefined, undefined];
      store = await DatabaseDeliveryStore.create({
        database: await databases.init(id),
      });
      await store.replaceBindings([binding('api')], true);
      await hear(repositoryFact());
      const done = { backfill: 'done' as const, runs: 0, confirmedAt: now };
      await store.saveSyncState({ ...done, scope: SCOPE });
      await store.saveSyncState({ ...done, scope: RUNS });
      reader = make();
    });

    it('make no call while events arrive, whatever runs do', async () => {
      vendor = [1, 2, 3].map(n => worldOf(n));
      await heal(...vendor);
      const times = { createdAt: NOON + 9 * MINUTE };
      await hear(
        runFact(9, 'completed', 'failure', times),
        runFact(10, 'completed', 'success', {
          ...times,
          event: 'pull_request',
        }),
        runFact(11, 'in_progress', undefined, times),
        jobFact(90, 9, 'completed', 'failure', {
          name: 'unit',
          startedAt: NOON,
        }),
        jobFact(91, 9, 'completed', 'skipped', { name: 'deploy' }),
        jobFact(92, 10, 'completed', 'cancelled', {
          ...{ name: 'deploy', startedAt: NOON },
        }),
        jobFact(93, 11, 'in_progress', undefined, {
          ...{ name: 'deploy', startedAt: NOON },
        }),
      );
      for (let hour = 0; hour < 5; hour++) expect(await sweep()).toBe(0);
      expect(await store.syncState(SCOPE)).toMatchObject({ confirmedAt: now });
    });

    it('find the end of a deployment whose event was lost, by two calls, once', async () => {
      vendor = [1, 2, 3].map(n => worldOf(n));
      const { ended: _, ...known } = vendor[1];
      await heal(vendor[0], vendor[2]);
      await hear(...Object.values(known));
      expect(await stateOf(2)).toEqual(['in_progress']);
      expect(await sweep()).toBe(1);
      expect(requests[0]).toMatchObject({
        ...{ mode: 'sweep', since: NOON + 2 * MINUTE, limit: 100 },
        scope: { host: 'github.com', slug: 'acme/vaultex', repoKey: REPO },
      });
      expect(statusCalls).toEqual(['github_com.1002']);
      expect(await stateOf(2)).toEqual(['success']);
      expect(await sweep()).toBe(0);
    });

    it('find a deployment of which nothing at all was told', async () => {
      vendor = [1, 2].map(n => worldOf(n));
      await heal(vendor[0]);
      // The run and its jobs were read; the vendor's API names no environment.
      await store.apply(
        [vendor[1].run, { ...vendor[1].job, environment: undefined }].map(f =>
          read(f, now),
        ),
      );
      expect(await sweep()).toBe(1);
      expect(statusCalls).toEqual(['github_com.1002']);
      expect(await stateOf(2)).toEqual(['success']);
      expect(await sweep()).toBe(0);
    });

    it('find the run of a deployment that nobody linked', async () => {
      vendor = [worldOf(1)];
      await hear(...Object.values(vendor[0]).slice(0, 3), {
        ...vendor[0].deployment,
        runKey: undefined,
      });
      await hear(vendor[0].ended);
      expect(await stateOf(1)).toEqual([]);
      expect(await sweep()).toBe(1);
      expect(await stateOf(1)).toEqual(['success']);
    });

    it('leave late events their time', async () => {
      const late = worldOf(58);
      vendor = [late];
      await hear(late.run, late.job, late.deployment);
      // It ended a minute before this sweep.
      expect(await sweep(NOON + HOUR)).toBe(0);
      expect(await sweep()).toBe(1);
      expect(await stateOf(58)).toEqual(['success']);
    });

    it('ask nothing before the runs were swept again', async () => {
      vendor = [worldOf(1)];
      await hear(vendor[0].run, vendor[0].job);
      now += 5 * HOUR;
      await reader.tick(signal);
      expect(requests).toEqual([]);
      expect(await sweep()).toBe(1);
      await reader.tick(signal);
      expect(requests).toHaveLength(1);
    });

    it('take the vendor at its word, and ask once', async () => {
      const world = worldOf(1);
      vendor = [{ ...world, ended: world.begun }];
      await hear(world.run, world.job, world.deployment);
      expect(await sweep()).toBe(1);
      expect(await stateOf(1)).toEqual(['in_progress']);
      for (let hour = 0; hour < 3; hour++) expect(await sweep()).toBe(0);
    });

    it('go on over pages after an outage, until nothing is missing', async () => {
      vendor = Array.from({ length: 240 }, (_, n) => worldOf(n + 1));
      await heal(vendor[0]);
      await store.apply(vendor.slice(100).map(({ run }) => read(run)));
      await store.apply(vendor.slice(100).map(({ job }) => read(job)));
      expect(await sweep(NOON + 6 * HOUR)).toBe(2);
      expect(statusCalls).toHaveLength(140);
      expect(await stateOf(101)).toEqual(['success']);
      expect(await sweep()).toBe(0);
    });

    it('wait while the budget is low, and forget nothing', async () => {
      vendor = [worldOf(1)];
      await hear(vendor[0].run, vendor[0].job);
      budget = { limit: 1000, remaining: 200, resetAt: now + 9 * HOUR };
      expect(await sweep()).toBe(0);
      budget = { limit: 1000, remaining: 900, resetAt: now + 9 * HOUR };
      now += MINUTE;
      await reader.tick(signal);
      expect(requests).toHaveLength(1);
    });

    it('note a failure, and ask again', async () => {
      vendor = [worldOf(1)];
      await hear(vendor[0].run, vendor[0].job);
      failure = new ServiceUnavailableError('down');
      expect(await sweep()).toBe(1);
      expect((await store.syncState(SCOPE))?.problem?.message).toBe('down');
      failure = undefined;
      now += 14 * MINUTE;
      await reader.tick(signal);
      expect(requests).toHaveLength(1);
      now += MINUTE;
      await reader.tick(signal);
      expect(requests).toHaveLength(2);
      expect(await store.syncState(SCOPE)).toMatchObject({
        problem: undefined,
      });
      expect(await stateOf(1)).toEqual(['success']);
    });

    it('without events go by what runs like these do', async () => {
      reader = make('poll');
      vendor = [1, 2].map(n => worldOf(n));
      const [first, second] = vendor;
      await store.apply(
        [first.run, first.deployment, first.begun, first.ended].map(f =>
          read(f, NOON + HOUR),
        ),
      );
      expect(await sweep()).toBe(0);
      const later = { updatedAt: now + MINUTE, createdAt: now };
      await store.apply([
        read({ ...second.run, ...later }),
        read(
          runFact(3, 'completed', 'success', { ...later, event: 'schedule' }),
        ),
      ]);
      vendor[1] = {
        ...second,
        deployment: { ...second.deployment, createdAt: now },
      };
      expect(await sweep()).toBe(1);
      expect(statusCalls).toEqual(['github_com.1002']);
      expect(await stateOf(2)).toEqual(['success']);
      expect(await sweep()).toBe(0);
    });
  },
);
