import { TestDatabases } from '@backstage/backend-test-utils';
import type { RuntimeChange } from 'backstage-plugin-delivery-common';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import type { EnvironmentStore } from '../EnvironmentStore';
import {
  alarmsFact,
  definitionFact,
  deploymentFact,
  DIGEST,
  environmentBinding,
  imageFact,
  keyOf,
  NOON,
  REPOSITORY,
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

const TABLES = [
  'runtime_service',
  'runtime_deployment',
  'runtime_revision',
  'task_definition',
  'image',
  'runtime_tasks',
  'runtime_alarm',
  'runtime_use',
];

/** Everything runtimes told, as one comparable text. */
async function everything(db: Knex): Promise<string> {
  const found: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await db(table).select('*');
    found[table] = rows.map(row => JSON.stringify(row)).sort();
  }
  return JSON.stringify(found, undefined, 1);
}

/** All of one service; `api` and `web` share an image. */
function all(service: string, at = NOON): RuntimeChange[] {
  return [
    told(serviceFact(service), at),
    told(deploymentFact(service, 1, { status: 'succeeded' }), at),
    told(revisionFact(service, 1), at),
    told(definitionFact(service, 1), at),
    told(imageFact(['v1']), at),
    told(tasksFact(service, 2), at),
    told(alarmsFact('ok', [`${service}-5xx`]), at),
  ];
}

describe.each(databases.eachSupportedId())('Facts of runtimes on %s', id => {
  let db: Knex;
  let store: EnvironmentStore;

  beforeEach(async () => {
    db = await databases.init(id);
    const all_ = await DatabaseDeliveryStore.create({ database: db });
    store = all_.environments;
  });
  const stateOf = async (service: string, limit = 10) => {
    const states = await store.runtimeStates([keyOf(service)], limit);
    return states.get(keyOf(service))!;
  };

  it('gives back all that is known of a service', async () => {
    expect(await store.applyRuntime([...all('api'), ...all('web')])).toEqual([
      keyOf('api'),
      keyOf('web'),
    ]);
    const states = await store.runtimeStates(
      [keyOf('api'), keyOf('nobody'), 'no key'],
      10,
    );
    expect([...states.keys()]).toEqual([keyOf('api'), keyOf('nobody')]);
    expect(states.get(keyOf('nobody'))).toMatchObject({
      ...{ service: undefined, observedAt: undefined, deployments: [] },
    });
    const state = states.get(keyOf('api'))!;
    expect(state).toMatchObject({
      ref: { ...SCOPE, provider: 'ecs', cluster: 'main', service: 'api' },
      service: serviceFact('api'),
      observedAt: NOON,
      problem: undefined,
      deployments: [deploymentFact('api', 1, { status: 'succeeded' })],
      tasks: { at: NOON, tasks: tasksFact('api', 2).tasks },
      alarms: [{ name: 'api-5xx', state: 'ok' }],
    });
    expect([...state.revisions]).toEqual([
      ['rev/api/1', revisionFact('api', 1)],
    ]);
    expect([...state.taskDefinitions.keys()]).toEqual(['td/api:1']);
    expect(state.images.get(`${REPOSITORY}@${DIGEST}`)?.tags).toEqual(['v1']);
  });

  it('gives the newest deployments of each service, and what they are made of', async () => {
    const services = ['api', 'web'];
    await store.applyRuntime(
      services.flatMap(name => [
        told(serviceFact(name)),
        ...[1, 2, 3, 4].map(n => told(deploymentFact(name, n))),
        ...[1, 2, 3, 4].map(n => told(revisionFact(name, n))),
      ]),
    );
    const states = await store.runtimeStates(services.map(keyOfName), 2);
    for (const name of services) {
      const state = states.get(keyOf(name))!;
      expect(state.deployments.map(one => one.deploymentKey)).toEqual([
        `dep/${name}/4`,
        `dep/${name}/3`,
      ]);
      expect([...state.revisions.keys()].sort()).toEqual(
        [1, 3, 4].map(n => `rev/${name}/${n}`),
      );
    }
  });

  it('says which services really changed, also through what they share', async () => {
    await store.applyRuntime([...all('api'), ...all('web')]);
    const apply = (...changes: RuntimeChange[]) => store.applyRuntime(changes);
    expect(
      await apply(...all('api', NOON + 1), ...all('web', NOON + 1)),
    ).toEqual([]);
    expect((await stateOf('api')).observedAt).toBe(NOON + 1);
    const later = NOON + 2;
    const both = [keyOf('api'), keyOf('web')];
    expect(await apply(told(imageFact(['v1', 'new']), later))).toEqual(both);
    expect(
      await apply(
        told(definitionFact('api', 1, { status: 'inactive' }), later),
      ),
    ).toEqual([keyOf('api')]);
    expect(await apply(told(tasksFact('web', 1), later))).toEqual([
      keyOf('web'),
    ]);
    const elsewhere = { ...SCOPE, region: 'us-east-1' };
    expect(
      await apply(told(alarmsFact('alarm', ['api-5xx'], elsewhere), later)),
    ).toEqual([]);
    expect(await apply(told(alarmsFact('alarm', ['api-5xx']), later))).toEqual([
      keyOf('api'),
    ]);
    expect(
      await apply(told(serviceFact('web', { alarmNames: ['api-5xx'] }), later)),
    ).toEqual([keyOf('web')]);
    expect((await stateOf('web')).alarms).toEqual([
      { name: 'api-5xx', state: 'alarm' },
    ]);
    expect(
      await apply(told(alarmsFact('ok', ['api-5xx', 'web-5xx']), later + 1)),
    ).toEqual(both);
    expect(await store.alarmNames(SCOPE)).toEqual(['api-5xx']);
    expect(await store.alarms(SCOPE)).toHaveLength(2);
    expect(await store.alarms({ ...SCOPE, accountId: '1' })).toEqual([]);
  });

  it('never lets an earlier read replace a later one, nor a deployment begin again', async () => {
    await store.applyRuntime([
      told(serviceFact('api', { running: 3 }), NOON + 10),
      told(deploymentFact('api', 1, { status: 'rolled_back' }), NOON + 10),
    ]);
    expect(
      await store.applyRuntime([
        told(serviceFact('api', { running: 1 }), NOON + 9),
        told(deploymentFact('api', 1, { status: 'in_progress' }), NOON + 99),
      ]),
    ).toEqual([]);
    expect(await stateOf('api')).toMatchObject({
      service: { running: 3 },
      deployments: [{ status: 'rolled_back' }],
    });
  });

  it('ends in one state for every order, grouping and repetition of the same facts', async () => {
    const changes: RuntimeChange[] = [
      ...all('api'),
      ...all('web', NOON + 3),
      told(serviceFact('api', { running: 2 }), NOON + 4),
      told(serviceFact('api', { running: 1 }), NOON + 4),
      told(serviceFact('api', { alarmNames: ['web-5xx'] }), NOON + 2),
      told(serviceFact('api'), NOON + 7),
      told(deploymentFact('api', 1, { status: 'in_progress' }), NOON + 9),
      told(
        deploymentFact('api', 1, { status: 'unknown', finishedAt: NOON + 8 }),
        NOON + 8,
      ),
      told(deploymentFact('api', 2, { status: 'unknown' }), NOON + 8),
      told(deploymentFact('api', 2, { status: 'stopping' }), NOON + 6),
      told(deploymentFact('web', 2, { status: 'stopped' }), NOON + 2),
      told(revisionFact('api', 1, { images: [] }), NOON + 1),
      told(revisionFact('api', 1, { createdAt: NOON - 5 }), NOON + 2),
      told(definitionFact('web', 1, { status: 'inactive' }), NOON + 9),
      told(imageFact(['v1', 'v2']), NOON + 5),
      told(imageFact([], { missing: true }), NOON + 5),
      told(tasksFact('api', 4), NOON + 4),
      told(tasksFact('api', 0), NOON + 5),
      told(alarmsFact('alarm', ['api-5xx', 'web-5xx']), NOON + 5),
      told(alarmsFact('ok', ['web-5xx']), NOON + 5),
    ];
    await store.applyRuntime(changes);
    const expected = await everything(db);
    expect(await store.applyRuntime(changes)).toEqual([]);
    expect(await everything(db)).toBe(expected);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(changes, { minLength: changes.length }),
        fc.integer({ min: 1, max: changes.length }),
        async (order, size) => {
          for (const table of TABLES) await db(table).delete();
          for (let at = 0; at < order.length; at += size) {
            await store.applyRuntime(order.slice(at, at + size));
          }
          await store.applyRuntime(order.slice(0, size));
          expect(await everything(db)).toBe(expected);
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it('knows what has to be asked for', async () => {
    await store.applyRuntime([
      ...all('api'),
      told(deploymentFact('api', 2)),
      told(deploymentFact('api', 3, { status: 'unknown' })),
    ]);
    expect(await store.missingRevisions(['rev/api/1', 'x', 'x'])).toEqual([
      'x',
    ]);
    expect(await store.missingTaskDefinitions(['td/api:1', 'y'])).toEqual([
      'y',
    ]);
    const image = { repository: REPOSITORY, digest: DIGEST };
    const other = { ...image, repository: 'elsewhere' };
    expect(await store.missingImages([image, other, other])).toEqual([other]);
    expect(
      await store.openDeployments([1, 2, 3, 4].map(n => `dep/api/${n}`)),
    ).toEqual([2, 3, 4].map(n => `dep/api/${n}`));
  });

  it('finds services by a tag, whatever its name holds', async () => {
    const tag = 'a"b\\c%_';
    await store.applyRuntime([
      told(serviceFact('api', { tags: { [tag]: '1' } })),
      told(serviceFact('web', { tags: { other: `"${tag}":` } })),
    ]);
    expect(await store.runtimesWithTag(tag)).toEqual([
      { runtimeKey: keyOf('api'), tags: { [tag]: '1' } },
    ]);
    expect(await store.runtimesWithTag('a%')).toEqual([]);
  });

  it('keeps how reading goes, and the last good state beside a problem', async () => {
    const problem = { code: 'throttled', message: 'Wait.', at: NOON + 5 };
    const runtimeKey = keyOf('api');
    await store.applyRuntime([told(serviceFact('api'))]);
    const row = { runtimeKey, observedAt: NOON, moving: true, problem };
    await store.saveRuntimeReadStates([row, { ...row, historySince: NOON }]);
    expect(await store.runtimeReadStates()).toEqual([
      { ...row, historySince: NOON },
    ]);
    expect(await stateOf('api')).toMatchObject({
      ...{ problem, observedAt: NOON, service: { running: 3 } },
    });
    await store.saveRuntimeReadStates([
      { runtimeKey, observedAt: NOON + 9, moving: false },
    ]);
    expect(await stateOf('api')).toMatchObject({
      ...{ problem: undefined, observedAt: NOON + 9 },
    });
  });

  it('applies thousands of facts in one go', async () => {
    const changes = Array.from({ length: 1500 }, (_, n) => all(`s${n}`)).flat();
    expect(await store.applyRuntime(changes)).toHaveLength(1500);
    const again = changes.map(change => ({ ...change, at: NOON + 1 }));
    expect(await store.applyRuntime(again)).toEqual([]);
    const states = await store.runtimeStates(
      Array.from({ length: 1500 }, (_, n) => keyOf(`s${n}`)),
      10,
    );
    expect(states.get(keyOf('s1499'))).toMatchObject({
      ...{ observedAt: NOON + 1, alarms: [{ name: 's1499-5xx' }] },
    });
  });

  it('replaces the environments of services, and says whose changed', async () => {
    const qa = environmentBinding('api', 'qa', {
      ...{ position: 1, runtimeKey: keyOf('api'), stacks: ['net'] },
      problem: { code: 'not_found', message: 'Name another service.' },
    });
    const dev = environmentBinding('api', 'dev', { onlyWhenSeen: true });
    const web = environmentBinding('web', 'qa', { runtimeKey: keyOf('web') });
    const complete = { complete: true } as const;
    expect(await store.replaceEnvironments([qa, dev, web], complete)).toEqual([
      'component:default/api',
      'component:default/web',
    ]);
    expect(await store.replaceEnvironments([web, dev, qa], complete)).toEqual(
      [],
    );
    expect(await store.environmentsOf('component:default/api')).toEqual([
      dev,
      qa,
    ]);
    expect(await store.boundRuntimes()).toEqual([keyOf('api'), keyOf('web')]);
    expect(await store.entitiesOfRuntimes([keyOf('web')])).toEqual([
      'component:default/web',
    ]);
    expect(
      await store.replaceEnvironments([qa], {
        entityRefs: ['component:default/api', 'component:default/nobody'],
      }),
    ).toEqual(['component:default/api']);
    expect(await store.environmentsOf('component:default/web')).toEqual([web]);
    expect(await store.replaceEnvironments([], complete)).toEqual([
      'component:default/api',
      'component:default/web',
    ]);
    expect(await store.boundRuntimes()).toEqual([]);
  });

  it('keeps stacks by account and region', async () => {
    const drifted = {
      ...{ stack: 'net', status: 'DRIFTED', driftedResources: 2 },
      checkedAt: NOON,
    };
    await store.saveStacks(SCOPE, [{ stack: 'net', status: 'IN_SYNC' }]);
    await store.saveStacks(SCOPE, [drifted]);
    expect(await store.stacks(SCOPE, ['net', 'other'])).toEqual([drifted]);
    expect(await store.stacks({ ...SCOPE, region: 'x' }, ['net'])).toEqual([]);
  });
});

function keyOfName(name: string): string {
  return keyOf(name);
}
