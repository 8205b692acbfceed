import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { ChangeStore } from '../ChangeStore';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import { migrationsDirectory } from '../DatabaseDeliveryStore/connect';
import {
  commit,
  incident,
  NOON,
  OTHER_REPO,
  pull,
  REPO,
  sha,
} from './testChanges';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const TABLES = [
  ...['pull_request', 'change_commit', 'commit_files', 'commit_span'],
  'incident_issue',
];

describe.each(databases.eachSupportedId())('Stored changes on %s', id => {
  let db: Knex;
  let store: ChangeStore;

  beforeEach(async () => {
    db = await databases.init(id);
    store = (await DatabaseDeliveryStore.create({ database: db })).changes;
  });

  it('goes down and up again with data in every table', async () => {
    await store.savePullRequests(REPO, [pull(1)]);
    await store.saveCommits(REPO, [commit(1)]);
    await store.saveCommitFiles(REPO, sha(1), ['a']);
    await store.saveIncidents(REPO, [incident(1)]);
    await store.saveSpan({
      ...{ repoKey: REPO, base: sha(1), head: sha(2), status: 'ahead' },
      ...{ shas: [sha(2)], complete: true },
    });
    for (const table of TABLES) {
      expect([table, await db(table).first()]).toEqual([
        table,
        expect.anything(),
      ]);
    }
    // Later migrations are undone first.
    while (await db.schema.hasTable('incident_issue')) {
      await db.migrate.down({ directory: migrationsDirectory() });
    }
    for (const table of TABLES) {
      expect([table, await db.schema.hasTable(table)]).toEqual([table, false]);
    }
    expect(await db.schema.hasTable('approval')).toBe(true);
    const again = await DatabaseDeliveryStore.create({ database: db });
    expect(await again.changes.incidents(REPO)).toEqual([]);
  });

  describe('pull requests', () => {
    it('are kept as told, and say which of them really changed', async () => {
      const [one, two] = [pull(1), pull(2)];
      expect(await store.savePullRequests(REPO, [two, one])).toEqual([1, 2]);
      expect(await store.savePullRequests(REPO, [one, two])).toEqual([]);
      expect(await store.pullRequests(REPO, { numbers: [2, 1, 9] })).toEqual([
        { repoKey: REPO, ...one },
        { repoKey: REPO, ...two },
      ]);
      const by = { mergeShas: [two.mergeSha, sha(99)] };
      expect(await store.pullRequests(REPO, by)).toEqual([
        { repoKey: REPO, ...two },
      ]);
      expect(await store.pullRequests(OTHER_REPO, by)).toEqual([]);
      expect(await store.savePullRequests(REPO, [])).toEqual([]);
    });

    it('need not have more than a vendor must tell', async () => {
      const bare = {
        ...pull(1),
        ...{ body: undefined, author: undefined, url: undefined, labels: [] },
      };
      await store.savePullRequests(REPO, [bare]);
      const [row] = await store.pullRequests(REPO, { numbers: [1] });
      expect(row).toEqual({ repoKey: REPO, ...bare });
    });

    it('are never set back to something older', async () => {
      const old = pull(1, { title: 'Old', updatedAt: NOON });
      const young = pull(1, { title: 'Young', updatedAt: NOON + 1000 });
      const same = pull(1, { title: 'Same second', updatedAt: NOON + 1000 });
      const title = async () =>
        (await store.pullRequests(REPO, { numbers: [1] }))[0].title;
      expect(await store.savePullRequests(REPO, [young, old])).toEqual([1]);
      expect(await store.savePullRequests(REPO, [old])).toEqual([]);
      expect(await title()).toBe('Young');
      expect(await store.savePullRequests(REPO, [same])).toEqual([1]);
      expect(await title()).toBe('Same second');
      const looked = { ...same, updatedAt: NOON + 5000 };
      expect(await store.savePullRequests(REPO, [looked])).toEqual([]);
      expect(await store.savePullRequests(REPO, [young])).toEqual([]);
      expect(await title()).toBe('Same second');
    });

    it('keep what was read of them besides when they change', async () => {
      const parts = {
        commits: [commit(7)],
        firstReviewAt: NOON,
        files: ['src/a b.ts'],
      };
      await store.savePullRequestParts(REPO, 1, parts);
      expect(await store.pullRequests(REPO, { numbers: [1] })).toEqual([]);
      await store.savePullRequests(REPO, [pull(1), pull(2)]);
      await store.savePullRequestParts(REPO, 1, parts);
      const later = pull(1, { labels: ['hotfix'], updatedAt: NOON + 9000 });
      expect(await store.savePullRequests(REPO, [later])).toEqual([1]);
      expect(await store.pullRequests(REPO, { numbers: [1, 2] })).toEqual([
        { repoKey: REPO, ...later, parts },
        { repoKey: REPO, ...pull(2) },
      ]);
    });

    it('may be thousands', async () => {
      const many = Array.from({ length: 1200 }, (_, n) => pull(n + 1));
      expect(await store.savePullRequests(REPO, many)).toHaveLength(1200);
      const mergeShas = [...many.map(one => one.mergeSha), many[0].mergeSha];
      const found = await store.pullRequests(REPO, { mergeShas });
      expect(found.map(({ number }) => number)).toEqual(
        many.map(({ number }) => number),
      );
      expect(await store.savePullRequests(REPO, many)).toEqual([]);
    });
  });

  describe('commits', () => {
    it('are kept as told first', async () => {
      const bare = { sha: sha(2), parents: [], message: '' };
      await store.saveCommits(REPO, [commit(1), bare, commit(1)]);
      await store.saveCommits(REPO, [{ ...commit(1), message: 'Other' }]);
      await store.saveCommits(REPO, []);
      const found = await store.commits(REPO, [sha(1), sha(2), sha(3)]);
      expect(found).toEqual(
        new Map<string, object>([
          [sha(1), commit(1)],
          [sha(2), bare],
        ]),
      );
      expect(await store.commits(OTHER_REPO, [sha(1)])).toEqual(new Map());
    });

    it('have files once somebody asked, none where there are too many', async () => {
      await store.saveCommits(REPO, [commit(1), commit(2), commit(3)]);
      await store.saveCommitFiles(REPO, sha(1), ['a/b.ts', 'c']);
      await store.saveCommitFiles(REPO, sha(2), null);
      await store.saveCommitFiles(OTHER_REPO, sha(3), ['not this one']);
      const found = await store.commits(REPO, [sha(1), sha(2), sha(3)]);
      expect(found.get(sha(1))?.files).toEqual(['a/b.ts', 'c']);
      expect(found.get(sha(2))?.files).toBeNull();
      expect(found.get(sha(3))).not.toHaveProperty('files');
    });

    it('may be thousands', async () => {
      const many = Array.from({ length: 5000 }, (_, n) => commit(n));
      await store.saveCommits(REPO, many);
      const shas = many.map(one => one.sha);
      expect((await store.commits(REPO, shas)).size).toBe(5000);
    });
  });

  it('keeps what lies between two commits, and replaces what was not to be had', async () => {
    const span = (n: number, more: object = {}) => ({
      ...{ repoKey: REPO, base: sha(n), head: sha(n + 1) },
      ...{ status: 'ahead' as const, shas: [sha(n + 1)], complete: true },
      ...more,
    });
    const gone = span(1, {
      ...{ status: 'diverged', shas: [], complete: false, retryAt: NOON },
    });
    await store.saveSpan(gone);
    await store.saveSpan(span(2));
    const pairs = [span(2), span(1), span(2), { base: sha(9), head: sha(2) }];
    expect(await store.spans(REPO, pairs)).toEqual([span(2), gone]);
    await store.saveSpan(span(1));
    expect(await store.spans(REPO, pairs)).toEqual([span(2), span(1)]);
    expect(await store.spans(OTHER_REPO, pairs)).toEqual([]);
    const many = Array.from({ length: 1100 }, (_, n) => span(n));
    expect(await store.spans(REPO, many)).toEqual([span(1), span(2)]);
  });

  it('keeps incidents, the oldest first, without those that are none any more', async () => {
    const [one, two, three] = [
      incident(1, { openedAt: NOON + 50, closedAt: NOON + 90 }),
      incident(2, { labelledAt: NOON + 60 }),
      incident(3, { body: undefined, url: undefined, labels: [] }),
    ];
    expect(await store.saveIncidents(REPO, [one, two, three])).toEqual([
      ...[1, 2, 3],
    ]);
    const row = (item: object) => ({ repoKey: REPO, ...item });
    expect(await store.incidents(REPO)).toEqual([two, three, one].map(row));
    const none = { ...two, isIncident: false, labels: [] };
    expect(await store.saveIncidents(REPO, [none])).toEqual([2]);
    expect(await store.incidents(REPO)).toEqual([three, one].map(row));
    const older = { ...two, updatedAt: two.updatedAt - 1 };
    expect(await store.saveIncidents(REPO, [older])).toEqual([]);
    expect(await store.saveIncidents(REPO, [two])).toEqual([2]);
    expect(await store.incidents(REPO)).toHaveLength(3);
    expect(await store.incidents(OTHER_REPO)).toEqual([]);
  });
});
