import { TestDatabases } from '@backstage/backend-test-utils';
import {
  totalsOf,
  type SpanTotals,
  type TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import * as fc from 'fast-check';
// eslint-disable-next-line @backstage/no-relative-monorepo-imports -- the very rows that the pure functions are tested with
import {
  arbitraryRows,
  type LinkedRows,
} from '../../../../delivery-common/src/domain/dora/__testUtils__/linkedArbitrary';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import type { DoraStore, ServiceDora } from '../DoraStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2025, 0, 1);
const SERVICES = ['a', 'b', 'c'].map(name => `component:default/${name}`);
const METHODS = ['continuous', 'lower'] as const;

/** Midnights of UTC, of other zones, and any millisecond. */
const moment = fc.oneof(
  fc.integer({ min: -5, max: 130 }).map(day => BEGIN + day * DAY),
  fc
    .tuple(fc.integer({ min: -5, max: 130 }), fc.constantFrom(-5, 1, 5.5, 12))
    .map(([day, hours]) => BEGIN + day * DAY + hours * HOUR),
  fc.integer({ min: BEGIN - 5 * DAY, max: BEGIN + 130 * DAY }),
);
const span: fc.Arbitrary<TimeWindow> = fc
  .tuple(moment, moment)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

function rowsOf(rows: LinkedRows, services: readonly string[]): ServiceDora {
  const isOf = (service: string | undefined) =>
    service !== undefined && services.includes(service);
  return {
    deployments: rows.deployments.filter(row => isOf(row.deployment.service)),
    changes: rows.changes.filter(row => isOf(row.change.service)),
    incidents: rows.incidents.filter(row => isOf(row.service)),
    excluded: [],
  };
}

function pureTotals(
  rows: LinkedRows,
  services: readonly string[],
  spans: TimeWindow[],
  options: { method: 'continuous' | 'lower'; asOf: number },
): SpanTotals[] {
  const own = rowsOf(rows, services);
  const deployments = own.deployments.map(({ deployment, verdicts }) => ({
    verdicts,
    provisionalUntil: deployment.provisionalUntil,
  }));
  return totalsOf({ ...own, deployments }, spans, options);
}

describe.each(databases.eachSupportedId())('Totals on %s', id => {
  let store: DoraStore;
  let made = 0;

  beforeAll(async () => {
    const db = await databases.init(id);
    store = (await DatabaseDeliveryStore.create({ database: db })).dora;
  });

  async function save(rows: LinkedRows) {
    made += 1;
    for (const service of SERVICES) {
      const own = rowsOf(rows, [service]);
      await store.save(service, own, { version: 'v', at: made });
    }
  }

  it('are those of the pure functions, whatever was stored before', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRows({ from: BEGIN, services: SERVICES, maxLength: 40 }),
        fc.array(span, { maxLength: 8 }),
        fc.subarray(SERVICES),
        fc.record({ method: fc.constantFrom(...METHODS), asOf: moment }),
        async (rows, spans, some, options) => {
          await save(rows);
          expect(await store.totals(undefined, spans, options)).toEqual(
            pureTotals(rows, SERVICES, spans, options),
          );
          expect(await store.totals(some, spans, options)).toEqual(
            pureTotals(rows, some, spans, options),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of each service are those of its rows alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRows({ from: BEGIN, services: SERVICES, maxLength: 40 }),
        span,
        fc.option(fc.subarray(SERVICES), { nil: undefined }),
        fc.record({ method: fc.constantFrom(...METHODS), asOf: moment }),
        async (rows, one, some, options) => {
          await save(rows);
          const expected = new Map(
            (some ?? SERVICES).map(service => [
              service,
              pureTotals(rows, [service], [one], options)[0],
            ]),
          );
          expect(await store.totalsByService(some, one, options)).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leave services out that are forgotten, unless they are named', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRows({ from: BEGIN, services: SERVICES, maxLength: 40 }),
        fc.array(span, { minLength: 1, maxLength: 3 }),
        fc.record({ method: fc.constantFrom(...METHODS), asOf: moment }),
        async (rows, spans, options) => {
          await save(rows);
          const [gone, ...rest] = SERVICES;
          await store.forget(gone);
          expect(await store.totals(undefined, spans, options)).toEqual(
            pureTotals(rows, rest, spans, options),
          );
          expect(await store.totals([gone], spans, options)).toEqual(
            pureTotals(rows, [gone], spans, options),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are exact where a bin holds many values', async () => {
    const parts = fc.sample(
      arbitraryRows({ from: BEGIN, services: SERVICES, maxLength: 40 }),
      { numRuns: 60, seed: 7 },
    );
    const rows = {
      ...parts[0],
      deployments: parts.flatMap((part, index) =>
        part.deployments.map(({ deployment, verdicts }) => ({
          deployment: { ...deployment, id: `${index} ${deployment.id}` },
          verdicts,
        })),
      ),
      changes: parts.flatMap((part, index) =>
        part.changes.map(({ change, verdicts }) => ({
          change: { ...change, id: `${index} ${change.id}` },
          verdicts,
        })),
      ),
    };
    await save(rows);
    const weeks = Array.from({ length: 13 }, (_, week) => ({
      from: BEGIN + week * 7 * DAY - HOUR,
      to: BEGIN + (week + 1) * 7 * DAY - HOUR,
    }));
    const spans = [{ from: weeks[0].from, to: weeks[12].to }, ...weeks];
    for (const method of METHODS) {
      const options = { method, asOf: BEGIN + 60 * DAY };
      const expected = pureTotals(rows, SERVICES, spans, options);
      expect(expected[0].duration.n).toBeGreaterThan(100);
      expect(await store.totals(undefined, spans, options)).toEqual(expected);
      expect(await store.totals(SERVICES, spans, options)).toEqual(expected);
    }
  });
});
