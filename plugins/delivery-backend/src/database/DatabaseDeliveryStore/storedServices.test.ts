import { TestDatabases } from '@backstage/backend-test-utils';
import { DatabaseDeliveryStore } from './DatabaseDeliveryStore';
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

describe.each(databases.eachSupportedId())('Runs of services on %s', id => {
  let store: DatabaseDeliveryStore;

  beforeEach(async () => {
    store = await DatabaseDeliveryStore.create({
      database: await databases.init(id),
    });
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
    // What somebody asked for on behalf of one of them is that one's alone.
    await store.approvals.saveRequest('github_com.1', {
      ...{ userRef: 'user:default/dana', accountId: '1', attempt: 1 },
      entityRef: 'component:default/ledger',
    });
    expect(await store.entitiesOfRun('github_com.1')).toEqual([
      'component:default/ledger',
    ]);
    await store.approvals.saveRequest('github_com.1', {
      ...{ userRef: 'user:default/dana', accountId: '1', attempt: 1 },
    });
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
    expect(await filtered({ conclusion: 'success' })).toEqual(['github_com.1']);
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
    // A span that may hold the time of a gate is no duration to compare with.
    expect(await stats('default-branch push')).toEqual([]);
    for (const number of [1, 2, 3, 4, 5]) {
      const work = { doneMs: number * 60_000 };
      expect(await store.saveStages(`github_com.${number}`, [], [], work)).toBe(
        true,
      );
      expect(await store.saveStages(`github_com.${number}`, [], [], work)).toBe(
        false,
      );
    }
    expect(await stats('default-branch push')).toEqual([
      { runKey: 'github_com.2', durationMs: 120_000, jobs: [] },
      {
        runKey: 'github_com.1',
        durationMs: 60_000,
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
});
