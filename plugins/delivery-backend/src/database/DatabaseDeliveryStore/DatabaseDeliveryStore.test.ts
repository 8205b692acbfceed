import { TestDatabases } from '@backstage/backend-test-utils';
import type { Change } from 'backstage-plugin-delivery-common';
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

describe.each(databases.eachSupportedId())(
  'DatabaseDeliveryStore on %s',
  id => {
    let db: Knex;
    let store: DatabaseDeliveryStore;

    beforeEach(async () => {
      db = await databases.init(id);
      store = await DatabaseDeliveryStore.create({ database: db });
    });

    const list = (entityRef: string, more = {}) =>
      store.listRuns({
        entityRef,
        scope: 'service',
        filter: {},
        limit: 10,
        ...more,
      });
    const keys = async (entityRef: string, more = {}) =>
      (await list(entityRef, more)).map(run => run.runKey);

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
      expect(
        await store.repositoryBySlug('github.com', 'ACME/vaultex'),
      ).toEqual({
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
        hint(
          jobFact(11, 1, 'in_progress', undefined, { attempt: 2 }),
          NOON + 8,
        ),
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

    it('reports only what really changed, and what must be confirmed', async () => {
      const first = await store.apply([
        hint(repositoryFact()),
        hint(runFact(1, 'in_progress')),
        hint(jobFact(10, 1, 'waiting')),
        hint(jobFact(20, 2, 'in_progress')),
      ]);
      expect(first.needsConfirm.sort()).toEqual([
        'github_com.1',
        'github_com.2',
      ]);
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

    it('loses nothing when the process dies inside a batch', async () => {
      await store.addToInbox({ ...ITEM, deliveryId: 'a', bodyHash: '1' });
      const [row] = await store.claimInbox(NOON, 10, 1000);
      await store.replaceBindings([binding('vaultex-api')], true);
      // What a kill leaves behind: a transaction that was never committed.
      const poison = {
        ...runFact(1, 'queued'),
        createdAt: 'no number' as never,
      };
      await expect(
        store.applyInbox([
          {
            id: row.id,
            at: NOON,
            outcome: 'done',
            changes: [
              hint(repositoryFact()),
              hint(jobFact(10, 1, 'queued')),
              hint({ ...poison, runNumber: {} as never }),
            ],
          },
        ]),
      ).rejects.toThrow();
      expect(await store.jobs(['github_com.1'])).toEqual([]);
      expect(await store.repository(REPO)).toBeUndefined();
      expect(await store.claimInbox(NOON + 500, 10, 1000)).toEqual([]);
      const [again] = await store.claimInbox(NOON + 1001, 10, 1000);
      expect(again).toMatchObject({ id: row.id, attempts: 2, state: 'open' });
    });

    it('takes a delivery once, by id and by content, but a failed one again', async () => {
      const add = (deliveryId: string, bodyHash: string) =>
        store.addToInbox({ ...ITEM, deliveryId, bodyHash });
      expect(await add('a', '1')).toBe('added');
      expect(await add('a', '2')).toBe('duplicate');
      expect(await add('b', '1')).toBe('duplicate');
      const [row] = await store.claimInbox(NOON, 10, 1000);
      await store.failInbox(row.id, 'boom', NOON + 50);
      expect(await add('a', '1')).toBe('duplicate');
      expect(await store.claimInbox(NOON + 49, 10, 1000)).toEqual([]);
      expect(await store.claimInbox(NOON + 50, 10, 1000)).toHaveLength(1);
      await store.failInbox(row.id, 'boom', undefined);
      expect(await add('a', '1')).toBe('added');
      expect(await store.inboxCounts()).toMatchObject({ open: 1, failed: 1 });
    });

    it('gives released rows back at once and untried', async () => {
      await store.addToInbox({ ...ITEM, deliveryId: 'a', bodyHash: '1' });
      const [row] = await store.claimInbox(NOON, 10, 60_000);
      await store.releaseInbox([row.id]);
      expect(await store.claimInbox(NOON, 10, 1000)).toMatchObject([
        { id: row.id, attempts: 1 },
      ]);
    });

    it('parks rows of a repository nobody has, and opens them when somebody has it', async () => {
      await store.addToInbox({ ...ITEM, deliveryId: 'a', bodyHash: '1' });
      const [row] = await store.claimInbox(NOON, 10, 1000);
      const item = {
        id: row.id,
        at: NOON,
        outcome: 'done' as const,
        changes: [hint(repositoryFact()), hint(runFact(1, 'queued'))],
      };
      expect(await store.applyInbox([item])).toEqual({
        repoKeys: [],
        runKeys: [],
        needsConfirm: [],
        parked: [row.id],
      });
      expect(await store.run('github_com.1')).toBeUndefined();
      expect(await store.inboxCounts()).toMatchObject({ parked: 1, open: 0 });
      expect(await store.claimInbox(NOON * 2, 10, 1000)).toEqual([]);

      await store.replaceBindings(
        [binding('other', { slug: 'acme/other' })],
        false,
      );
      expect(await store.inboxCounts()).toMatchObject({ parked: 1 });
      expect(
        await store.replaceBindings([binding('vaultex-api')], false),
      ).toEqual(['component:default/vaultex-api']);
      expect(await store.claimInbox(NOON, 10, 1000)).toHaveLength(1);
      expect((await store.applyInbox([item])).runKeys).toEqual([
        'github_com.1',
      ]);
      expect(await keys('component:default/vaultex-api')).toEqual([
        'github_com.1',
      ]);
    });

    it('gives runs to services by workflow, by touched paths, or all', async () => {
      const before = [
        binding('api', { workflows: ['deploy.yml'] }),
        binding('ledger', { paths: ['apps/ledger/**', 'packages/utils'] }),
      ];
      await store.replaceBindings(before, true);
      const docs = { sha: 'd'.repeat(40), pipelineKey: `${REPO}/8` };
      await store.apply([
        hint(repositoryFact()),
        hint(runFact(1, 'queued')),
        hint(
          runFact(2, 'queued', undefined, {
            ...docs,
            pipelineName: 'Checks',
            pipelinePath: '.github/workflows/checks.yml',
          }),
        ),
      ]);
      expect(await keys('component:default/api')).toEqual(['github_com.1']);
      expect(await keys('component:default/ledger')).toEqual([
        'github_com.2',
        'github_com.1',
      ]);
      // The push is told after its run.
      await store.apply([
        hint({
          kind: 'push',
          repoKey: REPO,
          branch: 'main',
          before: 'a'.repeat(40),
          after: docs.sha,
          files: ['docs/readme.md'],
        }),
      ]);
      expect(await keys('component:default/ledger')).toEqual(['github_com.1']);
      expect(await store.entitiesOfRun('github_com.1')).toEqual([
        'component:default/api',
        'component:default/ledger',
      ]);
      expect(await keys('component:default/api', { scope: 'all' })).toEqual([
        'github_com.2',
        'github_com.1',
      ]);
      // A complete list without ledger; api takes everything now.
      expect(await store.replaceBindings([binding('api')], true)).toEqual([
        'component:default/api',
        'component:default/ledger',
      ]);
      expect(await keys('component:default/api')).toHaveLength(2);
      expect(await keys('component:default/ledger')).toEqual([]);
      expect(await store.replaceBindings([binding('api')], true)).toEqual([]);
      expect(await store.entitiesOfRepository(REPO)).toEqual([
        'component:default/api',
      ]);
    });

    it('keeps services through a rename, and never lends an old name to a new repository', async () => {
      await store.replaceBindings([binding('api')], true);
      await store.apply([hint(repositoryFact()), hint(runFact(1, 'queued'))]);
      await store.apply([
        hint(
          repositoryFact({
            slug: 'acme/safe',
            url: 'https://github.com/acme/safe',
          }),
          NOON + 10,
        ),
        hint(runFact(2, 'queued')),
      ]);
      expect(await keys('component:default/api')).toHaveLength(2);
      expect(await store.boundRepositories()).toEqual([
        {
          host: 'github.com',
          slug: 'acme/vaultex',
          repoKey: REPO,
          deleted: false,
        },
      ]);
      await store.apply([
        hint(repositoryFact({ repoKey: 'github_com/2' }), NOON + 20),
      ]);
      expect(await keys('component:default/api')).toEqual([]);
    });

    it('pages and filters, newest first', async () => {
      await store.replaceBindings([binding('api')], true);
      const same = { createdAt: NOON };
      await store.apply([
        hint(repositoryFact()),
        hint(runFact(1, 'completed', 'success', same)),
        hint(runFact(2, 'completed', 'failure', { ...same, branch: 'fix' })),
        hint(runFact(3, 'in_progress', undefined, { title: '100% done_ ok' })),
        hint(runFact(4, 'queued', undefined, { actor: 'Ravi' })),
      ]);
      const entity = 'component:default/api';
      const first = await list(entity, { limit: 3 });
      expect(first.map(r => r.runNumber)).toEqual([4, 3, 2]);
      expect(await keys(entity, { limit: 3, after: first[2] })).toEqual([
        'github_com.1',
      ]);
      const filtered = (filter: object) => keys(entity, { filter });
      expect(await filtered({ branch: 'fix' })).toEqual(['github_com.2']);
      expect(await filtered({ conclusion: 'success' })).toEqual([
        'github_com.1',
      ]);
      expect(await filtered({ status: 'queued' })).toEqual(['github_com.4']);
      expect(await filtered({ actor: 'ravi' })).toEqual(['github_com.4']);
      expect(await filtered({ text: '0% DONE_' })).toEqual(['github_com.3']);
      expect(await filtered({ text: '%' })).toEqual(['github_com.3']);
      expect(await filtered({ text: 'aaaa', pipelineKey: 'x' })).toEqual([]);
      expect(await store.branches(entity, 5)).toEqual(['main', 'fix']);
    });

    it('compares durations of successes of one class only', async () => {
      const done = (runId: number, minutes: number, more = {}) =>
        read(
          runFact(runId, 'completed', 'success', {
            updatedAt: NOON + runId * 1000 + minutes * 60_000,
            ...more,
          }),
        );
      await store.apply([
        read(repositoryFact({ defaultBranch: 'trunk' })),
        done(1, 4, { branch: 'trunk' }),
        done(2, 6, { branch: 'trunk' }),
        done(3, 9),
        done(4, 1, { event: 'pull_request' }),
        done(5, 2, { branch: 'trunk', attempt: 2 }),
        read(
          jobFact(10, 1, 'completed', 'success', {
            startedAt: NOON,
            completedAt: NOON + 5000,
          }),
        ),
      ]);
      const stats = (name: string) => store.durationStats(`${REPO}/7`, name);
      expect(await stats('default-branch push')).toEqual([
        { runKey: 'github_com.2', durationMs: 360_000, jobs: [] },
        {
          runKey: 'github_com.1',
          durationMs: 240_000,
          jobs: [{ name: 'build', durationMs: 5000 }],
        },
      ]);
      expect(await stats('branch push')).toMatchObject([
        { runKey: 'github_com.3' },
      ]);
      expect(await stats('pull_request')).toMatchObject([
        { runKey: 'github_com.4' },
      ]);
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
      expect(await store.saveStages('github_com.1', [stage], ['qa'])).toBe(
        true,
      );
      expect(await store.saveStages('github_com.1', [stage], ['qa'])).toBe(
        false,
      );
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

    it('deletes what is old, and nothing else', async () => {
      await store.replaceBindings([binding('api')], true);
      const old = { createdAt: NOON - 1000 };
      await store.apply([
        hint(repositoryFact()),
        hint(runFact(1, 'completed', 'success', old)),
        hint(jobFact(10, 1, 'completed', 'success', old)),
        hint(jobFact(11, 1, 'completed', 'success', { createdAt: NOON })),
      ]);
      for (const name of ['a', 'b', 'c']) {
        await store.addToInbox({ ...ITEM, deliveryId: name, bodyHash: name });
      }
      const rows = await store.claimInbox(NOON, 10, 1000);
      const end = (at: number, index: number) =>
        store.apply([], [{ id: rows[index].id, at, outcome: 'done' }]);
      await end(NOON - 1, 0);
      await end(NOON, 1);
      await store.failInbox(rows[2].id, 'boom', undefined);
      expect(
        await store.prune({ inboxBodies: NOON, jobs: NOON, unclaimed: NOON }),
      ).toMatchObject({ inbox: 1, jobs: 1, unclaimed: 0, bodies: 0 });
      expect(await store.jobs(['github_com.1'])).toHaveLength(1);
      expect(await store.inboxCounts()).toMatchObject({ done: 1, failed: 1 });
      expect(
        await store.prune({ inboxBodies: NOON + 1, jobs: 0, unclaimed: 0 }),
      ).toMatchObject({ inbox: 1, bodies: 1 });
      expect(await store.run('github_com.1')).toBeDefined();
    });
  },
);
