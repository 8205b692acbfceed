import { TestDatabases } from '@backstage/backend-test-utils';
import type { ConformanceReading } from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import type { StoredConformance } from '../ConformanceStore';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import { migrationsDirectory } from '../DatabaseDeliveryStore/connect';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const NOON = Date.UTC(2026, 2, 2, 12);
const HOUR = 3_600_000;
const API = 'component:default/api';
const reading: ConformanceReading = {
  ...{ sha: 'a'.repeat(40), called: { 'acme/x/y.yml@1': null } },
  workflows: [{ path: '.github/workflows/ci.yml', text: 'on: push' }],
};

const result = (entityRef: string): StoredConformance => ({
  ...{ entityRef, repoKey: 'gh:1', asOf: NOON },
  report: { checks: [], counts: { passed: 1, failed: 2, unknown: 3 } },
});

describe.each(databases.eachSupportedId())('Stored rules on %s', id => {
  let db: Knex;
  let all: DatabaseDeliveryStore;

  beforeEach(async () => {
    db = await databases.init(id);
    all = await DatabaseDeliveryStore.create({ database: db });
  });

  async function repository(number: number) {
    const slug = `acme/r${number}`;
    await all.apply([
      {
        observed: { at: NOON, source: 'api' },
        fact: {
          ...{ kind: 'repository', repoKey: `gh:${number}`, slug },
          ...{ url: `https://github.com/${slug}`, defaultBranch: 'main' },
        },
      },
    ]);
    await all.replaceBindings(
      [
        {
          ...{ entityRef: `component:default/r${number}`, slug },
          ...{ host: 'github.com', workflows: [], paths: [] },
        },
      ],
      false,
    );
  }

  const due = (now: number) =>
    all.conformance.due({
      ...{ before: now - 24 * HOUR, failedBefore: now - HOUR, limit: 10 },
    });

  async function push(branch: string, files: string[], at: number) {
    await db('push').insert({
      ...{ repo_key: 'gh:1', after_sha: `${at}`, branch, before_sha: '0' },
      ...{ files_json: JSON.stringify(files), observed_at: at },
    });
  }

  it('wants what was never read, then once a day', async () => {
    await repository(1);
    await repository(2);
    expect(await due(NOON)).toEqual(['gh:1', 'gh:2']);
    await all.conformance.saveReading('gh:1', reading, NOON);
    expect(await due(NOON + HOUR)).toEqual(['gh:2']);
    expect(await due(NOON + 25 * HOUR)).toEqual(['gh:2', 'gh:1']);
  });

  it('wants it sooner after a push that changes the pipeline, and only then', async () => {
    await repository(1);
    await all.conformance.saveReading('gh:1', reading, NOON);
    await push('main', ['src/a.ts'], NOON + 1);
    await push('topic', ['.github/workflows/ci.yml'], NOON + 2);
    expect(await due(NOON + HOUR)).toEqual([]);
    await push('main', ['.github/workflows/ci.yml'], NOON + 3);
    expect(await due(NOON + HOUR)).toEqual(['gh:1']);
    await all.conformance.saveReading('gh:1', reading, NOON + 4);
    expect(await due(NOON + HOUR)).toEqual([]);
  });

  it('keeps what was read when it cannot be read again, and tries sooner', async () => {
    await repository(1);
    await all.conformance.saveReading('gh:1', reading, NOON);
    await all.conformance.failReading('gh:1', 'GitHub is down.', NOON + HOUR);
    expect(await all.conformance.reading('gh:1')).toEqual({
      ...{ repoKey: 'gh:1', reading, readAt: NOON },
      problem: 'GitHub is down.',
    });
    expect(await due(NOON + HOUR + 1)).toEqual([]);
    expect(await due(NOON + 3 * HOUR)).toEqual(['gh:1']);
    await all.conformance.saveReading('gh:1', reading, NOON + 3 * HOUR);
    expect((await all.conformance.reading('gh:1'))?.problem).toBeUndefined();
    expect(await all.conformance.repoKeys()).toEqual(['gh:1']);
  });

  it('does not ask about a repository that no service has', async () => {
    await repository(1);
    await all.replaceBindings([], true);
    expect(await due(NOON)).toEqual([]);
  });

  it('replaces the results of a repository as a whole', async () => {
    const { conformance } = all;
    await conformance.saveResults('gh:1', [
      result(API),
      result('component:default/web'),
    ]);
    await conformance.saveResults('gh:1', [result(API)]);
    expect(await conformance.results()).toEqual([result(API)]);
    expect(
      await conformance.results([API, 'component:default/x']),
    ).toHaveLength(1);
    expect(await conformance.results([])).toEqual([]);
    // The service has moved to another repository.
    await conformance.saveResults('gh:2', [
      { ...result(API), repoKey: 'gh:2' },
    ]);
    expect((await conformance.results()).map(item => item.repoKey)).toEqual([
      'gh:2',
    ]);
  });

  it('goes down and up again with data in every table', async () => {
    await all.conformance.saveReading('gh:1', reading, NOON);
    await all.conformance.saveResults('gh:1', [result(API)]);
    while (await db.schema.hasTable('conformance_reading')) {
      await db.migrate.down({ directory: migrationsDirectory() });
    }
    expect(await db.schema.hasTable('conformance_result')).toBe(false);
    expect(await db.schema.hasTable('dora_deployment')).toBe(true);
    const again = await DatabaseDeliveryStore.create({ database: db });
    expect(await again.conformance.results()).toEqual([]);
  });
});
