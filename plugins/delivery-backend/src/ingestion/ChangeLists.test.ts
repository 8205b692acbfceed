import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import {
  commit,
  incident,
  NOON,
  pull,
  REPO,
  sha,
} from '../database/DatabaseChangeStore/testChanges';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import type { RepositoryRow } from '../database/rows';
import { BudgetGovernor } from './BudgetGovernor';
import { ChangeReader, type ChangeReaderOptions } from './ChangeReader';
import { TestVendor } from './changes/testVendor';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const API = 'component:default/api';
const { signal } = new AbortController();
const repository: RepositoryRow = {
  ...{ repoKey: REPO, host: 'github.com', slug: 'acme/vaultex' },
  ...{ url: 'https://github.com/acme/vaultex', deleted: false },
};
const PULLS = 'pulls acme/vaultex 1';
const INCIDENTS = 'incidents acme/vaultex incident 1';

describe('lists of changes', () => {
  let now = NOON;
  let store: DatabaseDeliveryStore;
  let vendor: TestVendor;
  let reader: ChangeReader;
  let changed: string[];

  const make = (more: Partial<ChangeReaderOptions> = {}) => {
    reader = new ChangeReader({
      ...{ store, changes: store.changes, clock: () => now },
      providers: [vendor.provider],
      governor: new BudgetGovernor(() => now),
      labels: { incident: [] },
      logger: mockServices.logger.mock(),
      mode: 'webhook',
      ...more,
    });
    reader.onChanged(repoKey => changed.push(repoKey));
  };
  /** One more deployment, of the n-th commit. */
  const deployed = (n: number) => {
    vendor.spans.set(`${sha(n - 1)}...${sha(n)}`, [commit(n)]);
    const pairs = Array.from({ length: n }, (_, at) => ({
      ...{ base: sha(n - at - 1), head: sha(n - at) },
    }));
    const since = NOON - 90 * DAY;
    reader.want(repository, API, { pairs, since, files: false });
  };
  const tick = async () => {
    await reader.tick(signal);
    return vendor.taken();
  };
  const lists = (calls: string[]) =>
    calls.filter(call => /^(pulls|incidents)/.test(call));
  const numbers = async (...asked: number[]) =>
    (await store.changes.pullRequests(REPO, { numbers: asked })).map(
      ({ number }) => number,
    );
  const openIncidents = async () =>
    (await store.changes.incidents(REPO)).map(({ number }) => number);

  beforeEach(async () => {
    now = NOON;
    changed = [];
    vendor = new TestVendor();
    store = await DatabaseDeliveryStore.create({
      database: await databases.init('SQLITE_3'),
    });
    make();
  });

  describe('of pull requests', () => {
    it('are asked for when something new was deployed, and not again', async () => {
      deployed(1);
      expect(lists(await tick())).toEqual([PULLS]);
      for (let minutes = 0; minutes < 24 * 60; minutes += 10) {
        now += 10 * MINUTE;
        expect(await tick()).toEqual([]);
      }
      vendor.pulls = [pull(2, { updatedAt: now })];
      deployed(2);
      expect(lists(await tick())).toEqual([PULLS]);
      expect(await numbers(2)).toEqual([2]);
      expect(await tick()).toEqual([]);
    });

    it('are asked for after a hint, once in ten minutes', async () => {
      deployed(1);
      await tick();
      now += MINUTE;
      await reader.hint(repository, 'pullRequests');
      await reader.hint(repository, 'pullRequests');
      vendor.pulls = [pull(7, { updatedAt: now })];
      expect(await tick()).toEqual([]);
      now += 9 * MINUTE;
      expect(await tick()).toEqual([PULLS]);
      expect(await numbers(7)).toEqual([7]);
      expect(changed).toEqual([REPO, REPO]);
      now += DAY;
      expect(await tick()).toEqual([]);
    });

    it('are read as deep as somebody needs, then only what changed', async () => {
      vendor.pageSize = 10;
      vendor.pulls = Array.from({ length: 45 }, (_, n) =>
        pull(n + 1, { updatedAt: NOON - n * 4 * DAY }),
      );
      deployed(1);
      // 120 days of them, and the rest of the day on which those began.
      expect(lists(await tick())).toHaveLength(4);
      expect(await numbers(31, 32)).toEqual([31]);
      now += HOUR;
      vendor.pulls.push(pull(90, { updatedAt: now }));
      deployed(2);
      expect(lists(await tick())).toEqual([PULLS]);
      expect(await numbers(90)).toEqual([90]);
      const since = NOON - 200 * DAY;
      const pairs = [{ base: sha(0), head: sha(1) }];
      reader.want(repository, 'b', { pairs, since, files: false });
      expect(lists(await tick())).toHaveLength(5);
      expect(await numbers(45)).toEqual([45]);
      now += DAY;
      expect(await tick()).toEqual([]);
    });

    it('go on where they were, also after a start, and miss nothing that changed meanwhile', async () => {
      vendor.pageSize = 2;
      vendor.pulls = Array.from({ length: 50 }, (_, n) =>
        pull(n + 1, { updatedAt: NOON - n * MINUTE }),
      );
      deployed(1);
      expect(lists(await tick())).toHaveLength(10);
      expect(reader.pendingOf(REPO)).toBe(1);
      expect(await numbers(20, 21)).toEqual([20]);
      now += MINUTE;
      vendor.pulls.push(pull(99, { updatedAt: now }));
      make();
      deployed(2);
      expect(lists(await tick())[0]).toBe('pulls acme/vaultex 11');
      const rest = [...(await tick()), ...(await tick()), ...(await tick())];
      expect(lists(rest)).toContain(PULLS);
      const all = [...vendor.pulls.map(({ number }) => number)];
      expect(await numbers(...all)).toEqual([...all].sort((a, b) => a - b));
      expect(reader.pendingOf(REPO)).toBe(0);
      now += DAY;
      expect(await tick()).toEqual([]);
    });

    it('are asked for by habit where no event ever arrives, at no more than a part of the budget', async () => {
      make({ mode: 'poll' });
      deployed(1);
      await tick();
      now += 10 * MINUTE - 1;
      expect(await tick()).toEqual([]);
      now += 1;
      expect(await tick()).toEqual([PULLS]);
      vendor.left = { limit: 20, remaining: 20, resetAt: NOON };
      now += 30 * MINUTE - 1;
      expect(await tick()).toEqual([]);
      now += 1;
      expect(await tick()).toEqual([PULLS]);
    });
  });

  describe('of incidents', () => {
    beforeEach(() => {
      make({ labels: { incident: ['incident'] } });
      vendor.incidents = [incident(1), incident(2)];
    });

    it('are asked for where somebody wants to know, and seldom without a hint', async () => {
      expect(await tick()).toEqual([]);
      deployed(1);
      expect(lists(await tick())).toEqual([INCIDENTS, PULLS]);
      expect(await openIncidents()).toEqual([1, 2]);
      now += 6 * HOUR - 1;
      expect(await tick()).toEqual([]);
      now += 1;
      expect(await tick()).toEqual([INCIDENTS]);
      expect(changed).toEqual([REPO]);
      const state = await store.syncState('incidents:github.com/acme/vaultex');
      expect(state).toMatchObject({ backfill: 'done', confirmedAt: now });
    });

    it('are asked for at once after a hint, and once', async () => {
      deployed(1);
      await tick();
      now += 1;
      vendor.incidents.push(incident(3, { updatedAt: now }));
      await reader.hint(repository, 'incidents');
      expect(await tick()).toEqual([INCIDENTS]);
      expect(await openIncidents()).toEqual([1, 2, 3]);
      expect(await tick()).toEqual([]);
      expect(changed).toEqual([REPO, REPO]);
    });

    it('forget what lost its label, and know it again when it gets it back', async () => {
      deployed(1);
      await tick();
      const hinted = async (labels: string[]) => {
        now += MINUTE;
        vendor.incidents = [
          incident(1, { labels, updatedAt: now }),
          incident(2),
        ];
        await reader.hint(repository, 'incidents');
        await tick();
        return openIncidents();
      };
      expect(await hinted(['question'])).toEqual([2]);
      expect(await hinted(['incident'])).toEqual([1, 2]);
      vendor.incidents = [incident(2)];
      await reader.hint(repository, 'incidents');
      now += 6 * HOUR;
      expect(await tick()).toEqual([INCIDENTS]);
      expect(await openIncidents()).toEqual([2]);
      // Before the time that is asked for nothing can be missing.
      await store.changes.saveIncidents(REPO, [
        incident(8, { updatedAt: NOON - DAY * 900 }),
      ]);
      await reader.hint(repository, 'incidents');
      now += 6 * HOUR;
      await tick();
      expect(await openIncidents()).toEqual([2, 8]);
    });

    it('of many pages are read over some ticks, and not for every hint', async () => {
      vendor.pageSize = 2;
      vendor.incidents = Array.from({ length: 50 }, (_, n) =>
        incident(n + 1, { updatedAt: NOON - n * MINUTE }),
      );
      deployed(1);
      const read: string[] = [];
      for (let n = 0; n < 4; n++) read.push(...lists(await tick()));
      expect(read.filter(call => call !== PULLS)).toHaveLength(25);
      expect(await openIncidents()).toHaveLength(50);
      now += 24 * MINUTE;
      await reader.hint(repository, 'incidents');
      expect(await tick()).toEqual([]);
      now += MINUTE;
      expect(await tick()).toEqual([INCIDENTS]);
      const half = vendor.incidents.splice(25, 25);
      now += DAY;
      for (let n = 0; n < 4; n++) await tick();
      expect(await openIncidents()).toHaveLength(25);
      expect(await openIncidents()).not.toContain(half[0].number);
    });

    it('are read whole again when the labels are others', async () => {
      vendor.incidents = [incident(1), incident(2, { labels: ['sev-1'] })];
      deployed(1);
      await tick();
      expect(await openIncidents()).toEqual([1]);
      make({ labels: { incident: ['sev-1', 'outage'] } });
      deployed(1);
      now += 6 * HOUR;
      expect(await tick()).toEqual(['incidents acme/vaultex sev-1+outage 1']);
      expect(await openIncidents()).toEqual([2]);
    });

    it('are asked for by habit where no event ever arrives', async () => {
      make({ labels: { incident: ['incident'] }, mode: 'poll' });
      deployed(1);
      await tick();
      now += 10 * MINUTE;
      expect(await tick()).toEqual([INCIDENTS, PULLS]);
    });

    it('that may not be read do not keep changes from being read', async () => {
      vendor.failures.set('incidents', new NotAllowedError('no permission'));
      deployed(1);
      expect(await tick()).toEqual([
        ...[INCIDENTS, PULLS, 'span acme/vaultex 0..1'],
      ]);
      now += 6 * HOUR - 1;
      await reader.hint(repository, 'incidents');
      expect(await tick()).toEqual([]);
      vendor.failures.clear();
      now += 1;
      expect(await tick()).toEqual([INCIDENTS]);
      expect(await openIncidents()).toEqual([1, 2]);
    });
  });
});
