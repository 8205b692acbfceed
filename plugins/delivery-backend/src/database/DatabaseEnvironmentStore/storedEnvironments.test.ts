import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import { migrationsDirectory } from '../DatabaseDeliveryStore/connect';
import {
  binding,
  hint,
  REPO,
  repositoryFact,
  runFact,
} from '../DatabaseDeliveryStore/testFacts';
import type { EnvironmentStore } from '../EnvironmentStore';
import {
  alarmsFact,
  definitionFact,
  deploymentFact,
  environment,
  environmentBinding,
  imageFact,
  keyOf,
  logicalDeployment,
  NOON,
  revisionFact,
  SCOPE,
  serviceFact,
  tasksFact,
  told,
} from './testRuntime';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const API = 'component:default/api';
const MINUTE = 60_000;

describe.each(databases.eachSupportedId())('Stored environments on %s', id => {
  let db: Knex;
  let deliveries: DatabaseDeliveryStore;
  let store: EnvironmentStore;

  beforeEach(async () => {
    db = await databases.init(id);
    deliveries = await DatabaseDeliveryStore.create({ database: db });
    store = deliveries.environments;
  });

  it('goes down and up again with data in every table, and older facts stay', async () => {
    await deliveries.replaceBindings([binding('api')], true);
    await deliveries.apply([
      hint(repositoryFact()),
      hint(runFact(1, 'completed', 'success')),
      hint({
        kind: 'push',
        ...{ repoKey: REPO, branch: 'main' },
        ...{ before: 'b'.repeat(40), after: 'a'.repeat(40), files: ['x'] },
        commits: [{ sha: 'a'.repeat(40), title: 'One' }],
      }),
    ]);
    await store.replaceEnvironments(
      [environmentBinding('api', 'qa', { runtimeKey: keyOf('api') })],
      { complete: true },
    );
    await store.applyRuntime([
      told(serviceFact('api')),
      told(deploymentFact('api', 1)),
      told(revisionFact('api', 1)),
      told(definitionFact('api', 1)),
      told(imageFact(['v1'])),
      told(tasksFact('api', 1)),
      told(alarmsFact('ok', ['api-5xx'])),
    ]);
    const runtimeKey = keyOf('api');
    await store.saveRuntimeReadStates([{ runtimeKey, moving: false }]);
    await store.saveStacks(SCOPE, [{ stack: 'net', status: 'IN_SYNC' }]);
    await store.saveShortSha(REPO, 'aaaaaaa', null);
    const range = { commits: [], aheadBy: 0, behindBy: 0 };
    await store.saveComparison(REPO, 'a', 'b', {
      ...{ ...range, status: 'identical' },
    });
    await store.saveApprovals('github_com.1', 1, []);
    await store.saveEnvironments(
      API,
      [
        {
          ...{ position: 0, environment: environment('qa') },
          deployments: [logicalDeployment('d1', NOON)],
        },
      ],
      NOON,
    );
    const directory = migrationsDirectory();
    const tables = [
      ...['environment_binding', 'runtime_service', 'runtime_read'],
      ...['runtime_deployment', 'runtime_revision', 'task_definition'],
      ...['image', 'runtime_tasks', 'runtime_alarm', 'runtime_use', 'stack'],
      ...['short_sha', 'comparison', 'known_commit', 'run_approval'],
      ...['environment_state', 'logical_deployment'],
    ];
    for (const table of tables) {
      expect([table, await db(table).first()]).toEqual([
        table,
        expect.anything(),
      ]);
    }
    // Later migrations are undone first.
    while (await db.schema.hasTable(tables[0])) {
      await db.migrate.down({ directory });
    }
    for (const table of tables) {
      expect([table, await db.schema.hasTable(table)]).toEqual([table, false]);
    }
    expect(await deliveries.pushesTo(REPO, 'a'.repeat(40))).toHaveLength(1);
    const again = await DatabaseDeliveryStore.create({ database: db });
    expect(await again.environments.allEnvironments()).toEqual([]);
    expect(await again.run('github_com.1')).toBeDefined();
    expect(await again.environments.commits(REPO, ['a'.repeat(40)])).toEqual(
      new Map([
        [
          'a'.repeat(40),
          {
            ...{ sha: 'a'.repeat(40), title: 'Change 1', author: 'dana' },
            at: NOON + 1000,
            url: `https://github.com/Acme/Vaultex/commit/${'a'.repeat(40)}`,
          },
        ],
      ]),
    );
  });

  const save = (
    items: Parameters<EnvironmentStore['saveEnvironments']>[1],
    at = NOON,
  ) => store.saveEnvironments(API, items, at);
  const item = (
    name: string,
    startedAt: number[],
    more: Parameters<typeof environment>[1] = {},
  ) => ({
    position: name === 'qa' ? 0 : 1,
    environment: environment(name, more),
    deployments: startedAt.map(at => logicalDeployment(`at ${at}`, at)),
  });
  const history = async (limit = 10) =>
    (await store.deployments(API, 'qa', undefined, limit)).map(
      one => one.startedAt,
    );

  it('replaces what is derived, and says whether it differs', async () => {
    expect(await save([item('production', []), item('qa', [3, 2])])).toBe(true);
    expect(await save([item('qa', [3, 2]), item('production', [])])).toBe(
      false,
    );
    // That it was looked at again is stored, and no difference.
    const looked = { asOf: NOON + MINUTE };
    const items = [item('qa', [3, 2], looked), item('production', [])];
    expect(await save(items, NOON + MINUTE)).toBe(false);
    expect(await store.environments(API)).toMatchObject([
      {
        ...{ entityRef: API, position: 0, computedAt: NOON + MINUTE },
        environment: { name: 'qa', asOf: NOON + MINUTE },
      },
      { position: 1, environment: { name: 'production' } },
    ]);
    const alarming = { alarmsFiring: ['api-5xx'] };
    expect(await save([item('qa', [3, 2], alarming)])).toBe(true);
    expect(await store.environments(API)).toMatchObject([
      { environment: { name: 'qa', alarmsFiring: ['api-5xx'] } },
    ]);
    expect(await store.environments('component:default/web')).toEqual([]);
    expect(await save([])).toBe(true);
    expect(await store.allEnvironments()).toEqual([]);
  });

  it('keeps deployments that fell out of the window, and drops those that are no more', async () => {
    await save([item('qa', [10, 20, 30, 40])]);
    expect(await save([item('qa', [50, 40, 30])])).toBe(true);
    expect(await history()).toEqual([50, 40, 30, 20, 10]);
    expect(await save([item('qa', [60, 50, 30])])).toBe(true);
    expect(await history()).toEqual([60, 50, 30, 20, 10]);
    expect(await save([item('qa', [60, 50, 30])])).toBe(false);
    // It began later than was known before.
    const moved = [logicalDeployment('at 20', 35), logicalDeployment('x', 34)];
    const qa = { position: 0, environment: environment('qa') };
    await save([{ ...qa, deployments: moved }]);
    expect(await history()).toEqual([35, 34, 30, 10]);
    const before = await history();
    expect(before).not.toEqual([]);
    // A service that is not found any more for a while loses no history.
    expect(await save([item('qa', [])])).toBe(false);
    expect(await history()).toEqual(before);
  });

  it('pages through deployments, also of one moment', async () => {
    const deployments = ['a', 'b', 'c', 'd', 'e'].map(name =>
      logicalDeployment(name, name === 'e' ? NOON + 1 : NOON),
    );
    const qa = { position: 0, environment: environment('qa'), deployments };
    await save([qa, item('production', [NOON + 5])]);
    const seen: string[] = [];
    for (;;) {
      const last = deployments.find(one => one.id === seen[seen.length - 1]);
      const page = await store.deployments(API, 'qa', last, 2);
      if (page.length === 0) break;
      seen.push(...page.map(one => one.id));
    }
    expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('gives the environments of every service in one go', async () => {
    const names = ['development', 'qa', 'staging', 'production'];
    for (let n = 0; n < 25; n++) {
      await store.saveEnvironments(
        `component:default/service-${n}`,
        names.map((name, position) => ({
          ...{ position, environment: environment(name), deployments: [] },
        })),
        NOON,
      );
    }
    const rows = await store.allEnvironments();
    expect(rows).toHaveLength(100);
    expect(rows.slice(0, 4).map(row => row.environment.name)).toEqual(names);
    expect(new Set(rows.slice(0, 4).map(row => row.entityRef)).size).toBe(1);
  });

  it('keeps what was asked once: short SHAs, comparisons, approvals', async () => {
    const sha = 'c'.repeat(40);
    await store.saveShortSha(REPO, 'ccccccc', sha);
    await store.saveShortSha(REPO, 'ddddddd', null);
    await store.saveShortSha('github_com/2', 'eeeeeee', null);
    expect(await store.shortShas(REPO)).toEqual(
      new Map([
        ['ccccccc', sha],
        ['ddddddd', null],
      ]),
    );
    const range = {
      ...{ status: 'ahead' as const, aheadBy: 1, behindBy: 0 },
      commits: [{ sha, title: 'Three', author: 'ravi', at: NOON }],
    };
    expect(await store.comparison(REPO, 'a', 'c')).toBeUndefined();
    await store.saveComparison(REPO, 'a', 'c', range);
    await store.saveComparison(REPO, 'a', 'c', range);
    expect(await store.comparison(REPO, 'a', 'c')).toEqual(range);
    expect(await store.comparison('github_com/2', 'a', 'c')).toBeUndefined();
    expect((await store.commits(REPO, [sha])).get(sha)).toMatchObject({
      ...{ title: 'Three', author: 'ravi', at: NOON },
    });
    const approvals = [
      { environments: ['qa'], state: 'approved' as const, user: 'ravi' },
    ];
    expect(await store.approvals('github_com.1', 1)).toBeUndefined();
    await store.saveApprovals('github_com.1', 1, []);
    await store.saveApprovals('github_com.1', 1, approvals);
    expect(await store.approvals('github_com.1', 1)).toEqual(approvals);
    expect(await store.approvals('github_com.1', 2)).toBeUndefined();
  });
});
