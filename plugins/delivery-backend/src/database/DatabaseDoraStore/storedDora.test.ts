import { TestDatabases } from '@backstage/backend-test-utils';
import {
  excludedCountsOf,
  type Excluded,
  type OverrideFact,
} from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import { migrationsDirectory } from '../DatabaseDeliveryStore/connect';
import type { DoraStore } from '../DoraStore';
import {
  API,
  AROUND,
  HOUR,
  NOON,
  serviceDora,
  storedChange,
  storedDeployment,
  storedIncident,
  WEB,
} from './testDora';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const MADE = { version: 'v1', at: NOON };
const excluded = (id: string, more: Partial<Excluded> = {}): Excluded => ({
  ...{ what: 'fact', id, service: API, at: NOON, reason: 'malformed' },
  ...more,
});
const FULL = serviceDora({
  deployments: [storedDeployment(1), storedDeployment(2, NOON + HOUR)],
  changes: [storedChange(1), storedChange(2, NOON + HOUR)],
  incidents: [storedIncident(1)],
  excluded: [excluded('x')],
  dataSince: NOON - 90 * HOUR,
});

describe.each(databases.eachSupportedId())('Derived rows on %s', id => {
  let db: Knex;
  let store: DoraStore;

  beforeEach(async () => {
    db = await databases.init(id);
    store = (await DatabaseDeliveryStore.create({ database: db })).dora;
  });

  it('go down and up again with data in every table', async () => {
    await store.save(API, FULL, MADE);
    await store.markDirty([{ service: API, fromAt: 0 }], NOON);
    await store.saveOverride(API, {
      ...{ deploymentId: 'd1', verdict: 'failed', reason: 'r', by: 'u', at: 1 },
    });
    const tables = [
      ...['dora_service', 'dora_dirty', 'dora_override', 'dora_day'],
      ...['dora_deployment', 'dora_deployment_row', 'dora_change'],
      ...['dora_change_row', 'dora_incident', 'dora_excluded'],
    ];
    for (const table of tables) {
      expect([table, await db(table).first()]).toEqual([
        table,
        expect.anything(),
      ]);
    }
    const directory = migrationsDirectory();
    while (await db.schema.hasTable('dora_service')) {
      await db.migrate.down({ directory });
    }
    for (const table of tables) {
      expect([table, await db.schema.hasTable(table)]).toEqual([table, false]);
    }
    const { dora } = await DatabaseDeliveryStore.create({ database: db });
    expect(await dora.services()).toEqual([]);
    expect(await dora.save(API, FULL, MADE)).toBe(true);
  });

  it('are given back as they were told, oldest first', async () => {
    const waiting = storedDeployment(3, NOON - HOUR);
    const { finishedAt: _, ...open } = waiting.deployment;
    const started = {
      deployment: { ...open, startedAt: NOON - HOUR },
      verdicts: { ...waiting.verdicts, at: undefined, excluded: 'in_progress' },
    } as const;
    const bot = storedChange(3, NOON - HOUR, { leadsMs: [], excluded: 'bot' });
    await store.save(
      API,
      {
        ...FULL,
        deployments: [...FULL.deployments, started],
        changes: [...FULL.changes, bot],
      },
      MADE,
    );
    expect(await store.deployments([API], AROUND)).toEqual([
      started,
      ...FULL.deployments,
    ]);
    expect(await store.deployments(undefined, AROUND)).toHaveLength(3);
    expect(await store.deployments([WEB], AROUND)).toEqual([]);
    expect(await store.deployments([API], { from: 0, to: NOON })).toEqual([
      started,
    ]);
    expect(await store.deployment(API, 'd2')).toEqual(FULL.deployments[1]);
    expect(await store.deployment(WEB, 'd2')).toBeUndefined();
    expect(await store.changes([API], AROUND)).toEqual(FULL.changes);
    expect(await store.changes([API], AROUND, { excluded: true })).toEqual([
      bot,
      ...FULL.changes,
    ]);
    expect(await store.incidents(undefined, AROUND)).toEqual(FULL.incidents);
    const resolvedOnly = { from: NOON + HOUR, to: NOON + HOUR + 1 };
    expect(await store.incidents([API], resolvedOnly)).toHaveLength(1);
    expect(await store.incidents([API], { from: 0, to: NOON })).toEqual([]);
    expect(await store.excluded([API], AROUND)).toEqual(FULL.excluded);
    expect(await store.services()).toEqual([
      { service: API, dataSince: FULL.dataSince },
    ]);
  });

  it('say which failures ended in a window', async () => {
    const failure = storedDeployment(1, NOON, {
      ...{ failed: true, recoveredAt: NOON + 30 * HOUR, recoveryMs: 30 * HOUR },
    });
    await store.save(API, serviceDora({ deployments: [failure] }), MADE);
    const later = { from: NOON + 30 * HOUR, to: NOON + 31 * HOUR };
    expect(await store.recovered([API], later)).toEqual([failure]);
    expect(await store.recovered(undefined, later)).toEqual([failure]);
    expect(await store.recovered([API], AROUND)).toEqual([]);
  });

  it('are not written twice', async () => {
    const written: string[] = [];
    expect(await store.save(API, FULL, MADE)).toBe(true);
    db.on('query', ({ sql }: { sql: string }) => {
      if (/^(insert into dora_(?!service)|update|delete)/i.test(sql)) {
        written.push(sql);
      }
    });
    const again = { ...MADE, at: NOON + 99 };
    expect(await store.save(API, FULL, again)).toBe(false);
    expect(written).toEqual([]);

    const next = {
      ...FULL,
      deployments: [
        FULL.deployments[0],
        storedDeployment(2, NOON + HOUR, { succeeded: false }),
        storedDeployment(3),
      ],
    };
    const before = await db('dora_deployment_row').where('id', 'd1').first();
    expect(await store.save(API, next, again)).toBe(true);
    expect(written.join(' ')).not.toMatch(/dora_(change|incident|excluded)/);
    expect(await db('dora_deployment_row').where('id', 'd1').first()).toEqual(
      before,
    );
    expect(await store.deployments([API], AROUND)).toEqual([
      next.deployments[0],
      next.deployments[2],
      next.deployments[1],
    ]);
    expect(await store.save(API, serviceDora(), again)).toBe(true);
    expect(await store.deployments([API], AROUND)).toEqual([]);
    expect(await db('dora_day').whereNot('n', 0)).toEqual([]);
  });

  it('that nobody changed are those of the new version afterwards', async () => {
    await store.save(API, FULL, MADE);
    await store.save(WEB, serviceDora(), { version: 'v2', at: NOON });
    expect(await store.outdated('v2')).toEqual([API]);
    expect(await store.outdated('v1')).toEqual([WEB]);
    expect(await store.save(API, FULL, { version: 'v2', at: NOON })).toBe(
      false,
    );
    expect(await store.outdated('v2')).toEqual([]);
  });

  it('of a forgotten service are in no answer that does not name it', async () => {
    await store.save(API, FULL, MADE);
    await store.forget(API);
    await store.forget(API);
    await store.forget(WEB);
    expect(await store.services()).toEqual([]);
    expect(await store.outdated('v9')).toEqual([]);
    expect(await store.deployments(undefined, AROUND)).toEqual([]);
    expect(await store.changes(undefined, AROUND)).toEqual([]);
    expect(await store.incidents(undefined, AROUND)).toEqual([]);
    expect(await store.excluded(undefined, AROUND)).toEqual([]);
    expect(await store.excludedCounts(undefined, AROUND)).toEqual([]);
    expect(await store.deployments([API], AROUND)).toEqual(FULL.deployments);
    // It is in the catalog again.
    expect(await store.save(API, FULL, MADE)).toBe(true);
    expect(await store.deployments(undefined, AROUND)).toHaveLength(2);
  });

  it('that do not count are counted by reason, also without a moment', async () => {
    const told = serviceDora({
      deployments: [
        storedDeployment(1),
        storedDeployment(2, NOON, { excluded: 'rollback' }),
        storedDeployment(3, NOON, { excluded: 'rollback' }),
        storedDeployment(4, NOON + 48 * HOUR, { excluded: 'rollback' }),
      ],
      changes: [storedChange(1, NOON, { leadsMs: [], excluded: 'bot' })],
      excluded: [
        excluded('a'),
        excluded('b', { at: undefined }),
        excluded('c', { at: NOON - 48 * HOUR }),
        excluded('d', { what: 'incident', reason: 'no_time', at: undefined }),
      ],
    });
    await store.save(API, told, MADE);
    const counts = await store.excludedCounts([API], AROUND);
    expect(counts).toEqual(excludedCountsOf(told, AROUND));
    expect(counts).toContainEqual({
      ...{ what: 'deployment', reason: 'rollback', count: 2 },
    });
    expect(await store.excludedCounts(undefined, AROUND)).toEqual(counts);
    expect(await store.excluded([API], AROUND)).toHaveLength(3);
  });

  it('take numbers that no column holds without losing the others', async () => {
    const odd = storedDeployment(1, NOON + 0.25, {
      ...{ durationMs: 1e300, queuedMs: NaN },
    });
    await store.save(
      API,
      serviceDora({ deployments: [odd, storedDeployment(2)] }),
      MADE,
    );
    const options = { method: 'lower', asOf: NOON } as const;
    const [totals] = await store.totals([API], [AROUND], options);
    expect(totals).toMatchObject({ deployed: 2, queued: { n: 0 } });
  });

  it('of many thousands are saved and read in parts', async () => {
    const deployments = Array.from({ length: 4000 }, (_, index) =>
      storedDeployment(index, NOON + index),
    );
    await store.save(API, serviceDora({ deployments }), MADE);
    expect(await store.deployments([API], AROUND)).toHaveLength(4000);
    const moved = deployments.map((row, index) =>
      index % 2 === 0 ? row : storedDeployment(index, NOON - index),
    );
    expect(
      await store.save(API, serviceDora({ deployments: moved }), MADE),
    ).toBe(true);
    const before = { from: AROUND.from, to: NOON };
    expect(await store.deployments([API], before)).toHaveLength(2000);
    const others = Array.from({ length: 10_000 }, (_, n) => `component:x/${n}`);
    const options = { method: 'continuous', asOf: NOON } as const;
    expect(await store.totals([...others, API], [AROUND], options)).toEqual(
      await store.totals(undefined, [AROUND], options),
    );
  });

  it('saved at the same time are all in the sums of the portal', async () => {
    const services = Array.from({ length: 8 }, (_, n) => `component:x/${n}`);
    const options = { method: 'continuous', asOf: NOON } as const;
    const save = (service: string, index: number, shift: number) =>
      store.save(
        service,
        serviceDora({
          deployments: Array.from({ length: 20 }, (_, n) =>
            storedDeployment(n + shift + (index % 8), NOON + n * HOUR),
          ),
          changes: [storedChange(shift), storedChange(9)],
        }),
        MADE,
      );
    for (const shift of [0, 1, 2]) {
      const twice = [...services, ...services];
      await Promise.all(twice.map((one, index) => save(one, index, shift)));
      const [totals] = await store.totals(undefined, [AROUND], options);
      expect(totals).toMatchObject({ deployed: 160, lead: { n: 16 } });
      expect([totals]).toEqual(await store.totals(services, [AROUND], options));
    }
  });

  it('hold the words of people', async () => {
    const word = (deploymentId: string, at: number): OverrideFact => ({
      ...{ deploymentId, verdict: 'failed', reason: 'Users saw it', at },
      by: 'user:default/mei',
    });
    await store.saveOverride(API, word('d2', 2));
    await store.saveOverride(API, word('d1', 5));
    await store.saveOverride(API, { ...word('d2', 9), verdict: 'not_failed' });
    expect(await store.overrides(API)).toEqual([
      word('d1', 5),
      { ...word('d2', 9), verdict: 'not_failed' },
    ]);
    expect(await store.overrides(WEB)).toEqual([]);
    await store.clearOverride(API, 'd2');
    await store.clearOverride(WEB, 'd1');
    expect(await store.overrides(API)).toEqual([word('d1', 5)]);
  });
});
