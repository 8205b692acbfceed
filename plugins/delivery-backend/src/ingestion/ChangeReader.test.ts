import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  commit,
  NOON,
  pull,
  REPO,
  sha,
} from '../database/DatabaseChangeStore/testChanges';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import type { RepositoryRow } from '../database/rows';
import { BudgetGovernor } from './BudgetGovernor';
import { ChangeReader, type WantedChanges } from './ChangeReader';
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
const repository = (more: Partial<RepositoryRow> = {}): RepositoryRow => ({
  ...{ repoKey: REPO, host: 'github.com', slug: 'acme/vaultex' },
  url: 'https://github.com/acme/vaultex',
  deleted: false,
  ...more,
});
const pair = (base: number, head: number) => ({
  ...{ base: sha(base), head: sha(head) },
});
const wanted = (
  pairs: { base: string; head: string }[],
  more: Partial<WantedChanges> = {},
): WantedChanges => ({ pairs, since: NOON - 90 * DAY, files: false, ...more });

describe('reading changes', () => {
  let now = NOON;
  let store: DatabaseDeliveryStore;
  let vendor: TestVendor;
  let reader: ChangeReader;
  let changed: string[];

  const make = () => {
    const made = new ChangeReader({
      ...{ store, changes: store.changes, clock: () => now },
      providers: [vendor.provider],
      governor: new BudgetGovernor(() => now),
      labels: { incident: [] },
      logger: mockServices.logger.mock(),
      mode: 'webhook',
    });
    made.onChanged(repoKey => changed.push(repoKey));
    return made;
  };
  /** Commits `from+1` to `to`, one after the other; the head is the last one. */
  const span = (from: number, to: number) =>
    vendor.spans.set(
      `${sha(from)}...${sha(to)}`,
      Array.from({ length: to - from }, (_, n) => commit(from + n + 1)),
    );
  const tick = async (stop = signal) => {
    await reader.tick(stop);
    return vendor.taken();
  };
  /** Calls until a tick makes none. */
  const settle = async () => {
    const calls: string[] = [];
    for (let rounds = 0; rounds < 200; rounds++) {
      const some = await tick();
      if (some.length === 0) return calls;
      calls.push(...some);
    }
    throw new Error('It never ends.');
  };

  beforeEach(async () => {
    now = NOON;
    changed = [];
    vendor = new TestVendor();
    store = await DatabaseDeliveryStore.create({
      database: await databases.init('SQLITE_3'),
    });
    reader = make();
  });

  it('asks nothing as long as nobody wants anything', async () => {
    expect(await tick()).toEqual([]);
    reader.want(repository(), API, wanted([]));
    expect(await tick()).toEqual([]);
    expect(reader.pendingOf(REPO)).toBe(0);
    expect(changed).toEqual([]);
  });

  it('reads what lies between two commits once, and who brought it', async () => {
    span(1, 3);
    vendor.pulls = [pull(3), pull(9)];
    vendor.parts.set(3, { commits: [commit(33)], firstReviewAt: NOON });
    reader.want(repository(), API, wanted([pair(1, 3)]));
    expect(reader.pendingOf(REPO)).toBe(1);
    expect(await tick()).toEqual([
      'pulls acme/vaultex 1',
      'span acme/vaultex 1..3',
      'parts acme/vaultex #3 of dana',
    ]);
    expect(changed).toEqual([REPO]);
    expect(reader.pendingOf(REPO)).toBe(0);
    expect(await store.changes.spans(REPO, [pair(1, 3)])).toEqual([
      {
        ...{ repoKey: REPO, ...pair(1, 3), status: 'ahead', complete: true },
        shas: [sha(2), sha(3)],
      },
    ]);
    const [row] = await store.changes.pullRequests(REPO, { numbers: [3] });
    expect(row.parts).toEqual({ commits: [commit(33)], firstReviewAt: NOON });
    const commits = await store.changes.commits(REPO, [sha(2), sha(3)]);
    expect(commits.get(sha(2))).toEqual(commit(2));
    reader.want(repository(), API, wanted([pair(1, 3)]));
    now += DAY;
    expect(await tick()).toEqual([]);
    expect(changed).toEqual([REPO]);
  });

  it('asks again for nothing after a start', async () => {
    span(1, 3);
    reader.want(repository(), API, wanted([pair(1, 3)]));
    await settle();
    reader = make();
    reader.want(repository(), API, wanted([pair(1, 3)]));
    expect(await settle()).toEqual([]);
    expect(reader.pendingOf(REPO)).toBe(0);
  });

  it('reads twenty spans a tick, the newest first, and knows how many are left', async () => {
    const pairs = Array.from({ length: 50 }, (_, n) => pair(100 - n, 101 - n));
    pairs.forEach((_, n) => span(100 - n, 101 - n));
    reader.want(repository(), API, wanted(pairs));
    const first = await tick();
    expect(first.slice(1)).toEqual(
      Array.from(
        { length: 20 },
        (_, n) => `span acme/vaultex ${100 - n}..${101 - n}`,
      ),
    );
    expect(reader.pendingOf(REPO)).toBe(30);
    expect(await tick()).toHaveLength(20);
    expect(await tick()).toHaveLength(10);
    expect(await tick()).toEqual([]);
    expect(reader.pendingOf(REPO)).toBe(0);
  });

  it('gives each service its turn, and forgets what none wants any more', async () => {
    for (const from of [1, 2, 3, 4]) span(from, from + 1);
    const other = 'component:default/web';
    reader.want(repository(), API, wanted([pair(4, 5), pair(3, 4)]));
    reader.want(repository(), other, wanted([pair(2, 3), pair(4, 5)]));
    reader.want(repository(), 'c', wanted([pair(1, 2)]));
    reader.want(repository(), 'c', wanted([]));
    expect((await tick()).slice(1)).toEqual([
      ...['span acme/vaultex 4..5', 'span acme/vaultex 2..3'],
      'span acme/vaultex 3..4',
    ]);
  });

  it('never asks by a name that may move, nor for nothing', async () => {
    const odd = [
      { base: 'main', head: sha(2) },
      { base: sha(2), head: 'v1.2.3' },
      pair(2, 2),
    ];
    reader.want(repository(), API, wanted(odd));
    expect(await tick()).toEqual([]);
    expect(reader.pendingOf(REPO)).toBe(0);
  });

  it('asks for a base that is gone once a day', async () => {
    reader.want(repository(), API, wanted([pair(1, 3)]));
    expect(await tick()).toContain('span acme/vaultex 1..3');
    const [gone] = await store.changes.spans(REPO, [pair(1, 3)]);
    expect(gone).toMatchObject({
      ...{ status: 'diverged', complete: false, shas: [] },
      retryAt: NOON + DAY,
    });
    expect(reader.pendingOf(REPO)).toBe(0);
    now += DAY - 1;
    expect(await tick()).toEqual([]);
    now += 1;
    span(1, 3);
    expect(await tick()).toEqual(['span acme/vaultex 1..3']);
    const [found] = await store.changes.spans(REPO, [pair(1, 3)]);
    expect(found).toMatchObject({ status: 'ahead', complete: true });
    expect(found).not.toHaveProperty('retryAt');
  });

  it('says when a span has more commits than it reads', async () => {
    span(0, 1500);
    reader.want(repository(), API, wanted([pair(0, 1500)]));
    await tick();
    const [found] = await store.changes.spans(REPO, [pair(0, 1500)]);
    expect(found.complete).toBe(false);
    expect(found.shas).toHaveLength(1000);
    expect(await tick()).toEqual([]);
  });

  it('reads thirty pull requests a tick, the last merged first', async () => {
    span(0, 70);
    vendor.pulls = Array.from({ length: 70 }, (_, n) =>
      pull(n + 1, { mergedAt: NOON - 100 * DAY + n }),
    );
    reader.want(repository(), API, wanted([pair(0, 70)]));
    const parts = (calls: string[]) =>
      calls.filter(call => call.startsWith('parts'));
    const first = parts(await tick());
    expect(first).toHaveLength(30);
    expect(first[0]).toBe('parts acme/vaultex #70 of dana');
    expect(reader.pendingOf(REPO)).toBe(40);
    expect(await tick()).toHaveLength(30);
    expect(await tick()).toHaveLength(10);
    expect(await tick()).toEqual([]);
  });

  it('reads files only where a service has paths: of pull requests and of what came without one', async () => {
    span(0, 6);
    vendor.pulls = [pull(5)];
    vendor.parts.set(5, { commits: [commit(4)] });
    vendor.files.set(sha(2), ['README.md']);
    reader.want(repository(), API, wanted([pair(0, 6)]));
    expect(await settle()).not.toContainEqual(expect.stringContaining('files'));
    const files = { files: true };
    reader.want(repository(), API, wanted([pair(0, 6)], files));
    expect(await settle()).toEqual([
      'parts+files acme/vaultex #5 of dana',
      ...[6, 3, 2, 1].map(n => `files acme/vaultex ${n}`),
    ]);
    const commits = await store.changes.commits(REPO, [sha(1), sha(2)]);
    expect(commits.get(sha(1))?.files).toBeNull();
    expect(commits.get(sha(2))?.files).toEqual(['README.md']);
    const [row] = await store.changes.pullRequests(REPO, { numbers: [5] });
    expect(row.parts?.files).toEqual(['src/5']);
  });

  it('asks once for the files of a pull request with too many', async () => {
    span(0, 1);
    vendor.pulls = [pull(1)];
    vendor.parts.set(1, {
      ...{ commits: [], files: undefined, tooManyFiles: true },
    });
    const files = { files: true };
    reader.want(repository(), API, wanted([pair(0, 1)], files));
    expect(await settle()).toContain('parts+files acme/vaultex #1 of dana');
    now += DAY;
    expect(await settle()).toEqual([]);
  });

  it('goes on with others when one answer makes no sense, and asks again hours later', async () => {
    span(1, 2);
    span(2, 3);
    vendor.failures.set('span acme/vaultex 1..2', new InputError('odd'));
    reader.want(repository(), API, wanted([pair(1, 2), pair(2, 3)]));
    expect(await tick()).toContain('span acme/vaultex 2..3');
    expect(reader.pendingOf(REPO)).toBe(0);
    expect(await settle()).toEqual([]);
    now += 6 * HOUR;
    vendor.failures.clear();
    expect(await settle()).toEqual(['span acme/vaultex 1..2']);
  });

  it('leaves a vendor that refuses alone for hours, and reads the rest', async () => {
    span(1, 2);
    vendor.failures.set('pulls', new NotAllowedError('no permission'));
    const other = { repoKey: 'github_com/8', slug: 'acme/other' };
    reader.want(repository(), API, wanted([pair(1, 2)]));
    reader.want(repository(other), 'b', wanted([pair(1, 2)]));
    const calls = await settle();
    expect(calls.filter(call => call.startsWith('span'))).toHaveLength(2);
    expect(calls.filter(call => call.startsWith('pulls'))).toHaveLength(2);
    expect(
      await store.syncState('pulls:github.com/acme/vaultex'),
    ).toMatchObject({
      problem: {
        ...{ code: 'read_failed', message: 'no permission', at: NOON },
        retryAt: NOON + 6 * HOUR,
      },
    });
    now += 6 * HOUR - 1;
    expect(await settle()).toEqual([]);
    now += 1;
    vendor.failures.clear();
    expect(await settle()).toEqual([
      ...['pulls acme/vaultex 1', 'pulls acme/other 1'],
    ]);
  });

  it('asks for nothing else of a repository that is not there', async () => {
    vendor.failures.set('pulls', await gone());
    reader.want(repository(), API, wanted([pair(1, 2)]));
    expect(await settle()).toEqual(['pulls acme/vaultex 1']);
    expect(await store.changes.spans(REPO, [pair(1, 2)])).toEqual([]);
    expect(reader.pendingOf(REPO)).toBe(2);
    now += 6 * HOUR;
    vendor.failures.clear();
    span(1, 2);
    expect(await settle()).toEqual([
      ...['pulls acme/vaultex 1', 'span acme/vaultex 1..2'],
    ]);
    reader.want(repository({ deleted: true }), API, wanted([pair(2, 3)]));
    expect(await settle()).toEqual([]);
  });

  it('waits as long as the vendor says', async () => {
    span(1, 2);
    span(2, 3);
    const error = new ServiceUnavailableError('no more calls');
    vendor.failures.set(
      'span acme/vaultex 2..3',
      Object.assign(error, {
        ...{ code: 'github_rate_limit', retryAt: NOON + 7 * MINUTE },
      }),
    );
    reader.want(repository(), API, wanted([pair(1, 2), pair(2, 3)]));
    await settle();
    expect(changed).toEqual([REPO]);
    expect(reader.pendingOf(REPO)).toBe(1);
    const other = { repoKey: 'github_com/8', slug: 'acme/other' };
    reader.want(repository(other), 'b', wanted([pair(1, 2)]));
    now += 7 * MINUTE - 1;
    expect(await settle()).toEqual([]);
    now += 1;
    vendor.failures.clear();
    expect([...(await settle())].sort()).toEqual([
      ...['pulls acme/other 1', 'span acme/other 1..2'],
      'span acme/vaultex 2..3',
    ]);
  });

  it('uses only its part of the budget, and says what waits for more', async () => {
    const pairs = Array.from({ length: 40 }, (_, n) => pair(n, n + 1));
    pairs.forEach((_, n) => span(n, n + 1));
    vendor.left = { remaining: 312, limit: 1000, resetAt: NOON + HOUR };
    vendor.onCall = () => {
      vendor.left!.remaining -= 1;
    };
    reader.want(repository(), API, wanted(pairs));
    expect(await settle()).toHaveLength(12);
    expect(reader.pendingOf(REPO)).toBe(29);
    vendor.left = { remaining: 1000, limit: 1000, resetAt: NOON + 2 * HOUR };
    now += HOUR;
    expect(await settle()).toHaveLength(29);
    expect(reader.pendingOf(REPO)).toBe(0);
  });

  it('ends when told to, tells what it stored, and goes on later', async () => {
    span(1, 2);
    span(2, 3);
    const stop = new AbortController();
    vendor.onCall = call => {
      if (call === 'span acme/vaultex 1..2') stop.abort();
    };
    reader.want(repository(), API, wanted([pair(1, 2), pair(2, 3)]));
    expect(await tick(stop.signal)).toHaveLength(2);
    expect(changed).toEqual([REPO]);
    expect(reader.pendingOf(REPO)).toBe(1);
    expect(await store.syncState('commits:github.com/acme/vaultex')).toBe(
      undefined,
    );
    expect(await tick()).toEqual(['span acme/vaultex 2..3']);
  });

  it('comes to every repository, however many there are', async () => {
    span(1, 2);
    for (let n = 0; n < 120; n++) {
      const of = { repoKey: `github_com/${n}`, slug: `acme/r${n}` };
      reader.want(repository(of), `s${n}`, wanted([pair(1, 2)]));
    }
    const slugs = async () =>
      new Set((await tick()).map(call => call.split(' ')[1]));
    const turns = [await slugs(), await slugs(), await slugs(), await slugs()];
    expect(turns.map(({ size }) => size)).toEqual([50, 50, 20, 0]);
    expect(new Set(turns.flatMap(turn => [...turn])).size).toBe(120);
  });

  async function gone(): Promise<Error> {
    const ends = { ...pair(998, 999), limit: 1 };
    const scope = { host: 'github.com', slug: 'a/b' };
    const error = await vendor.provider.listCommits!(scope, ends, signal).catch(
      (thrown: Error) => thrown,
    );
    vendor.taken();
    return error as Error;
  }
});
