import { TestDatabases } from '@backstage/backend-test-utils';
import type { Change, Fact } from 'backstage-plugin-delivery-common';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { DatabaseDeliveryStore } from './DatabaseDeliveryStore';
import { migrationsDirectory } from './connect';
import {
  binding,
  hint,
  jobFact,
  NOON,
  read,
  REPO,
  repositoryFact,
  runFact,
} from './testFacts';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});

const TABLES = [
  'repository',
  'repository_alias',
  'pipeline',
  'run',
  'attempt',
  'job',
  'run_service',
  'deployment',
  'deployment_status',
  'check_run',
  'push',
];

/** Everything stored, as one comparable text. */
async function everything(db: Knex): Promise<string> {
  const found: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await db(table).select('*');
    found[table] = rows.map(row => JSON.stringify(row)).sort();
  }
  return JSON.stringify(found, undefined, 1);
}

const ITEM = {
  provider: 'github',
  event: 'workflow_run',
  body: '{}',
  receivedAt: NOON,
};

describe.each(databases.eachSupportedId())('Stored facts on %s', id => {
  let db: Knex;
  let store: DatabaseDeliveryStore;

  beforeEach(async () => {
    db = await databases.init(id);
    store = await DatabaseDeliveryStore.create({ database: db });
  });

  it('goes down and up again with data in every table', async () => {
    await store.replaceBindings([binding('vaultex-api')], true);
    await store.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'in_progress')),
      hint(jobFact(10, 1, 'in_progress')),
    ]);
    await store.addToInbox({ ...ITEM, deliveryId: 'a', bodyHash: '1' });
    const directory = migrationsDirectory();
    for (;;) {
      const [, undone] = await db.migrate.down({ directory });
      if (undone.length === 0) break;
    }
    expect(await db.schema.hasTable('run')).toBe(false);
    expect(await db.schema.hasTable('inbox')).toBe(false);
    const again = await DatabaseDeliveryStore.create({ database: db });
    expect(await again.inboxCounts()).toMatchObject({ open: 0 });
  });

  it('keeps a run, its attempt and its jobs as told', async () => {
    const result = await store.apply([
      hint(repositoryFact()),
      hint(
        runFact(1, 'completed', 'brand_new_word', {
          referenced: [{ path: 'a.yml', sha: 'b' }],
        }),
      ),
      hint(
        jobFact(10, 1, 'completed', 'success', {
          environment: 'prod/eu',
          steps: [
            {
              number: 1,
              name: 'Set up',
              state: {
                status: 'completed',
                conclusion: 'success',
                rawStatus: 'completed',
                rawConclusion: 'success',
              },
            },
          ],
        }),
      ),
    ]);
    expect(result).toEqual({
      repoKeys: [REPO],
      runKeys: ['github_com.1'],
      needsConfirm: [],
    });
    expect(await store.run('github_com.1')).toMatchObject({
      ...{ status: 'completed', conclusion: 'unknown', attempt: 1 },
      state: { rawConclusion: 'brand_new_word' },
      pipelineName: 'Deploy',
      pipelinePath: '.github/workflows/deploy.yml',
      referenced: [{ path: 'a.yml', sha: 'b' }],
      createdAt: NOON + 1000,
      completedAt: NOON + 1001,
      needsConfirm: false,
    });
    expect(await store.attempts('github_com.1')).toHaveLength(1);
    expect(await store.jobs(['github_com.1'])).toMatchObject([
      { environment: 'prod/eu', steps: [{ name: 'Set up' }] },
    ]);
    expect(await store.repositoryBySlug('github.com', 'ACME/vaultex')).toEqual({
      repoKey: REPO,
      host: 'github.com',
      slug: 'Acme/Vaultex',
      url: 'https://github.com/Acme/Vaultex',
      defaultBranch: 'main',
      deleted: false,
    });
  });

  it('ends in one state for every order, grouping and repetition of the same facts', async () => {
    await store.replaceBindings(
      [binding('vaultex-api', { paths: ['apps/api'] })],
      true,
    );
    const told: Change[] = [
      hint(repositoryFact(), NOON + 1),
      hint(repositoryFact({ slug: 'Acme/Vault' }), NOON + 5),
      hint(runFact(1, 'requested'), NOON + 1),
      hint(
        runFact(1, 'in_progress', undefined, { updatedAt: NOON + 4000 }),
        NOON + 4,
      ),
      hint(
        runFact(1, 'completed', 'failure', { updatedAt: NOON + 5000 }),
        NOON + 6,
      ),
      hint(
        runFact(1, 'in_progress', undefined, {
          attempt: 2,
          updatedAt: NOON + 7000,
        }),
        NOON + 7,
      ),
      hint(jobFact(10, 1, 'queued'), NOON + 2),
      hint(jobFact(10, 1, 'completed', 'failure'), NOON + 5),
      hint(jobFact(11, 1, 'in_progress', undefined, { attempt: 2 }), NOON + 8),
      hint(
        {
          kind: 'push',
          repoKey: REPO,
          branch: 'main',
          before: 'b'.repeat(40),
          after: 'a'.repeat(40),
          files: ['docs/x.md'],
        },
        NOON + 1,
      ),
      hint(
        {
          kind: 'deployment',
          deploymentKey: 'd1',
          repoKey: REPO,
          sha: 'a',
          ref: 'main',
          environment: 'qa',
          createdAt: NOON,
        },
        NOON + 3,
      ),
      hint(
        {
          kind: 'deployment',
          deploymentKey: 'd1',
          repoKey: REPO,
          runKey: 'github_com.1',
          sha: 'a',
          ref: 'main',
          environment: 'qa',
          createdAt: NOON,
        },
        NOON + 2,
      ),
      hint(
        {
          kind: 'deploymentStatus',
          statusKey: 's1',
          deploymentKey: 'd1',
          repoKey: REPO,
          state: 'success',
          createdAt: NOON + 9,
        },
        NOON + 9,
      ),
      hint(
        {
          kind: 'check',
          checkKey: 'c1',
          repoKey: REPO,
          sha: 'a',
          name: 'lint',
          state: { status: 'queued', rawStatus: 'queued' },
        },
        NOON + 3,
      ),
      read(
        {
          kind: 'check',
          checkKey: 'c1',
          repoKey: REPO,
          sha: 'a',
          name: 'lint',
          state: {
            status: 'completed',
            conclusion: 'success',
            rawStatus: 'completed',
          },
        },
        NOON + 2,
      ),
    ];
    await store.apply(told);
    const expected = await everything(db);
    await store.apply(told);
    expect(await everything(db)).toBe(expected);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(told, { minLength: told.length }),
        fc.integer({ min: 1, max: told.length }),
        async (order, size) => {
          for (const table of TABLES) await db(table).delete();
          for (let at = 0; at < order.length; at += size) {
            await store.apply(order.slice(at, at + size));
          }
          await store.apply(order.slice(0, size));
          expect(await everything(db)).toBe(expected);
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it('lets an API read replace what webhooks said, and removes what it disproves', async () => {
    await store.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'completed', 'success', { attempt: 999_999 })),
      hint(jobFact(66, 1, 'completed', 'success', { attempt: 999_999 })),
    ]);
    await store.apply([
      read(runFact(1, 'in_progress'), NOON + 10),
      read(jobFact(10, 1, 'in_progress'), NOON + 10),
    ]);
    expect(await store.run('github_com.1')).toMatchObject({
      attempt: 1,
      status: 'in_progress',
      confirmedAt: NOON + 10,
    });
    expect(await store.attempts('github_com.1')).toHaveLength(1);
    expect((await store.jobs(['github_com.1'])).map(j => j.jobKey)).toEqual([
      'github_com.10',
    ]);
  });

  it('shows deployments read later with their run, once, and no other repository’s', async () => {
    const deployment = (n: number, more: object = {}): Fact => ({
      kind: 'deployment',
      deploymentKey: `github_com.${n}`,
      repoKey: REPO,
      sha: 'a'.repeat(40),
      ref: 'main',
      environment: `env ${n}`,
      createdAt: NOON,
      ...more,
    });
    const of = (n: number) => ({ runKey: `github_com.${n}` });
    await store.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'completed', 'success')),
      hint(runFact(2, 'completed', 'success')),
      hint(deployment(51, of(1))),
    ]);
    const result = await store.apply([
      read(deployment(50, of(1)), NOON + 9),
      read(deployment(51, of(2)), NOON + 9),
      read(deployment(52, { ...of(1), repoKey: 'github_com/666' }), NOON + 9),
      read(
        {
          kind: 'deploymentStatus',
          statusKey: 'github_com.500',
          deploymentKey: 'github_com.50',
          repoKey: REPO,
          state: 'success',
          createdAt: NOON + 1,
        },
        NOON + 9,
      ),
    ]);
    expect(result.runKeys).toContain('github_com.1');
    expect(await store.deploymentsOfRun('github_com.1')).toMatchObject([
      { environment: 'env 50', state: 'success' },
      { environment: 'env 51', state: 'created' },
    ]);
    expect(await store.deploymentsOfRun('github_com.2')).toEqual([]);
  });

  it('reports only what really changed, and what must be confirmed', async () => {
    const first = await store.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'in_progress')),
      hint(jobFact(10, 1, 'waiting')),
      hint(jobFact(20, 2, 'in_progress')),
    ]);
    expect(first.needsConfirm.sort()).toEqual(['github_com.1', 'github_com.2']);
    expect((await store.openRuns()).map(r => r.runKey)).toEqual([
      'github_com.1',
    ]);
    expect(await store.repositoryOfRun('github_com.2')).toMatchObject({
      repoKey: REPO,
    });
    const again = await store.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'in_progress')),
    ]);
    expect(again).toMatchObject({ repoKeys: [], runKeys: [] });
  });

  it('keeps stages, gates, artifacts, workflow files, settings and states of reading', async () => {
    await store.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'in_progress')),
    ]);
    const stage = {
      name: 'deploy',
      status: 'waiting' as const,
      rawStatus: 'waiting',
    };
    expect(await store.saveStages('github_com.1', [stage], ['qa'])).toBe(true);
    expect(await store.saveStages('github_com.1', [stage], ['qa'])).toBe(false);
    expect(await store.run('github_com.1')).toMatchObject({
      stages: [stage],
      waitingFor: ['qa'],
    });
    expect(await store.artifacts('github_com.1')).toBeUndefined();
    const artifact = { name: 'dist', sizeInBytes: 5e9, expired: false };
    await store.saveArtifacts('github_com.1', [artifact]);
    expect(await store.artifacts('github_com.1')).toEqual([artifact]);
    await store.apply([
      hint(runFact(1, 'completed', 'success', { updatedAt: NOON + 9000 })),
    ]);
    expect(await store.artifacts('github_com.1')).toBeUndefined();
    expect((await store.run('github_com.1'))?.waitingFor).toEqual([]);

    const file = { repoKey: REPO, path: 'w.yml', sha: 's', blobSha: 'b' };
    expect(await store.workflowFile(REPO, 'w.yml', 's')).toBeUndefined();
    await store.saveWorkflowFile({ ...file, text: 'on: push' });
    expect(await store.workflowFile(REPO, 'w.yml', 's')).toEqual({
      ...file,
      text: 'on: push',
    });
    const problem = { code: 'gone', message: 'There is no such file.' };
    await store.saveWorkflowFile({ ...file, sha: 't', blobSha: '', problem });
    expect(await store.workflowFile(REPO, 'w.yml', 't')).toMatchObject({
      problem,
    });

    expect(await store.setting('key', () => 'one')).toBe('one');
    expect(await store.setting('key', () => 'two')).toBe('one');
    const state = {
      scope: 'repo:github.com/acme/vaultex',
      backfill: 'running' as const,
      cursor: '2',
      runs: 100,
      confirmedAt: NOON,
      problem: { ...problem, at: NOON },
    };
    await store.saveSyncState(state);
    expect(await store.syncState(state.scope)).toEqual(state);
    expect(await store.syncStates()).toHaveLength(1);
  });
});
