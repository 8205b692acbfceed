import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  commit,
  NOON,
  pull,
  REPO,
  sha,
} from '../database/DatabaseChangeStore/testChanges';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import { pair, repository, TestReading, wanted } from './changes/testReading';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const DAY = 24 * 60 * 60_000;
const API = 'component:default/api';

describe('reading changes', () => {
  let reading: TestReading;

  beforeEach(async () => {
    const database = await databases.init('SQLITE_3');
    reading = new TestReading(
      await DatabaseDeliveryStore.create({ database }),
      mockServices.logger.mock(),
    );
  });

  it('asks nothing as long as nobody wants anything', async () => {
    expect(await reading.tick()).toEqual([]);
    reading.reader.want(repository(), API, wanted([]));
    expect(await reading.tick()).toEqual([]);
    expect(reading.reader.pendingOf(REPO)).toBe(0);
    expect(reading.changed).toEqual([]);
  });

  it('reads what lies between two commits once, and who brought it', async () => {
    reading.span(1, 3);
    reading.vendor.pulls = [pull(3), pull(9)];
    reading.vendor.parts.set(3, { commits: [commit(33)], firstReviewAt: NOON });
    reading.reader.want(repository(), API, wanted([pair(1, 3)]));
    expect(reading.reader.pendingOf(REPO)).toBe(1);
    expect(await reading.tick()).toEqual([
      'pulls acme/vaultex 1',
      'span acme/vaultex 1..3',
      'parts acme/vaultex #3 of dana',
    ]);
    expect(reading.changed).toEqual([REPO]);
    expect(reading.reader.pendingOf(REPO)).toBe(0);
    expect(await reading.store.changes.spans(REPO, [pair(1, 3)])).toEqual([
      {
        ...{ repoKey: REPO, ...pair(1, 3), status: 'ahead', complete: true },
        shas: [sha(2), sha(3)],
      },
    ]);
    const [row] = await reading.store.changes.pullRequests(REPO, {
      numbers: [3],
    });
    expect(row.parts).toEqual({ commits: [commit(33)], firstReviewAt: NOON });
    const commits = await reading.store.changes.commits(REPO, [sha(2), sha(3)]);
    expect(commits.get(sha(2))).toEqual(commit(2));
    reading.reader.want(repository(), API, wanted([pair(1, 3)]));
    reading.now += DAY;
    expect(await reading.tick()).toEqual([]);
    expect(reading.changed).toEqual([REPO]);
  });

  it('asks again for nothing after a start', async () => {
    reading.span(1, 3);
    reading.reader.want(repository(), API, wanted([pair(1, 3)]));
    await reading.settle();
    reading.restart();
    reading.reader.want(repository(), API, wanted([pair(1, 3)]));
    expect(await reading.settle()).toEqual([]);
    expect(reading.reader.pendingOf(REPO)).toBe(0);
  });

  it('reads twenty spans a tick, the newest first, and knows how many are left', async () => {
    const pairs = Array.from({ length: 50 }, (_, n) => pair(100 - n, 101 - n));
    pairs.forEach((_, n) => reading.span(100 - n, 101 - n));
    reading.reader.want(repository(), API, wanted(pairs));
    const first = await reading.tick();
    expect(first.slice(1)).toEqual(
      Array.from(
        { length: 20 },
        (_, n) => `span acme/vaultex ${100 - n}..${101 - n}`,
      ),
    );
    expect(reading.reader.pendingOf(REPO)).toBe(30);
    expect(await reading.tick()).toHaveLength(20);
    expect(await reading.tick()).toHaveLength(10);
    expect(await reading.tick()).toEqual([]);
    expect(reading.reader.pendingOf(REPO)).toBe(0);
  });

  it('gives each service its turn, and forgets what none wants any more', async () => {
    for (const from of [1, 2, 3, 4]) reading.span(from, from + 1);
    const other = 'component:default/web';
    reading.reader.want(repository(), API, wanted([pair(4, 5), pair(3, 4)]));
    reading.reader.want(repository(), other, wanted([pair(2, 3), pair(4, 5)]));
    reading.reader.want(repository(), 'c', wanted([pair(1, 2)]));
    reading.reader.want(repository(), 'c', wanted([]));
    expect((await reading.tick()).slice(1)).toEqual([
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
    reading.reader.want(repository(), API, wanted(odd));
    expect(await reading.tick()).toEqual([]);
    expect(reading.reader.pendingOf(REPO)).toBe(0);
  });

  it('asks for a base that is gone once a day', async () => {
    reading.reader.want(repository(), API, wanted([pair(1, 3)]));
    expect(await reading.tick()).toContain('span acme/vaultex 1..3');
    const [gone] = await reading.store.changes.spans(REPO, [pair(1, 3)]);
    expect(gone).toMatchObject({
      ...{ status: 'diverged', complete: false, shas: [] },
      retryAt: NOON + DAY,
    });
    expect(reading.reader.pendingOf(REPO)).toBe(0);
    reading.now += DAY - 1;
    expect(await reading.tick()).toEqual([]);
    reading.now += 1;
    reading.span(1, 3);
    expect(await reading.tick()).toEqual(['span acme/vaultex 1..3']);
    const [found] = await reading.store.changes.spans(REPO, [pair(1, 3)]);
    expect(found).toMatchObject({ status: 'ahead', complete: true });
    expect(found).not.toHaveProperty('retryAt');
  });

  it('says when a span has more commits than it reads', async () => {
    reading.span(0, 1500);
    reading.reader.want(repository(), API, wanted([pair(0, 1500)]));
    await reading.tick();
    const [found] = await reading.store.changes.spans(REPO, [pair(0, 1500)]);
    expect(found.complete).toBe(false);
    expect(found.shas).toHaveLength(1000);
    expect(await reading.tick()).toEqual([]);
  });

  it('reads thirty pull requests a tick, the last merged first', async () => {
    reading.span(0, 70);
    reading.vendor.pulls = Array.from({ length: 70 }, (_, n) =>
      pull(n + 1, { mergedAt: NOON - 100 * DAY + n }),
    );
    reading.reader.want(repository(), API, wanted([pair(0, 70)]));
    const parts = (calls: string[]) =>
      calls.filter(call => call.startsWith('parts'));
    const first = parts(await reading.tick());
    expect(first).toHaveLength(30);
    expect(first[0]).toBe('parts acme/vaultex #70 of dana');
    expect(reading.reader.pendingOf(REPO)).toBe(40);
    expect(await reading.tick()).toHaveLength(30);
    expect(await reading.tick()).toHaveLength(10);
    expect(await reading.tick()).toEqual([]);
  });

  it('reads files only where a service has paths: of pull requests and of what came without one', async () => {
    reading.span(0, 6);
    reading.vendor.pulls = [pull(5)];
    reading.vendor.parts.set(5, { commits: [commit(4)] });
    reading.vendor.files.set(sha(2), ['README.md']);
    reading.reader.want(repository(), API, wanted([pair(0, 6)]));
    expect(await reading.settle()).not.toContainEqual(
      expect.stringContaining('files'),
    );
    const files = { files: true };
    reading.reader.want(repository(), API, wanted([pair(0, 6)], files));
    expect(await reading.settle()).toEqual([
      'parts+files acme/vaultex #5 of dana',
      ...[6, 3, 2, 1].map(n => `files acme/vaultex ${n}`),
    ]);
    const commits = await reading.store.changes.commits(REPO, [sha(1), sha(2)]);
    expect(commits.get(sha(1))?.files).toBeNull();
    expect(commits.get(sha(2))?.files).toEqual(['README.md']);
    const [row] = await reading.store.changes.pullRequests(REPO, {
      numbers: [5],
    });
    expect(row.parts?.files).toEqual(['src/5']);
  });

  it('asks once for the files of a pull request with too many', async () => {
    reading.span(0, 1);
    reading.vendor.pulls = [pull(1)];
    reading.vendor.parts.set(1, {
      ...{ commits: [], files: undefined, tooManyFiles: true },
    });
    const files = { files: true };
    reading.reader.want(repository(), API, wanted([pair(0, 1)], files));
    expect(await reading.settle()).toContain(
      'parts+files acme/vaultex #1 of dana',
    );
    reading.now += DAY;
    expect(await reading.settle()).toEqual([]);
  });

  it('comes to every repository, however many there are', async () => {
    reading.span(1, 2);
    for (let n = 0; n < 120; n++) {
      const of = { repoKey: `github_com/${n}`, slug: `acme/r${n}` };
      reading.reader.want(repository(of), `s${n}`, wanted([pair(1, 2)]));
    }
    const slugs = async () =>
      new Set((await reading.tick()).map(call => call.split(' ')[1]));
    const turns = [await slugs(), await slugs(), await slugs(), await slugs()];
    expect(turns.map(({ size }) => size)).toEqual([50, 50, 20, 0]);
    expect(new Set(turns.flatMap(turn => [...turn])).size).toBe(120);
  });
});
