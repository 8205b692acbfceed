import * as fc from 'fast-check';
import { DORA_KINDS, DORA_OUTCOMES } from '../../contract';
import type { IncidentFact, OverrideFact } from './facts';
import type { DoraChange, DoraDeployment } from './linked';
import {
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  SERVICE,
  brought,
  deployed,
  judgedOf,
  settingsWith,
  sha,
} from './testUtils/judging';

const OTHER = 'component:default/other';
const moment = fc.oneof(
  fc.integer({ min: 0, max: 8 * 24 }).map(hour => MONDAY + hour * HOUR),
  fc.integer({ min: MONDAY, max: MONDAY + 8 * DAY }),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined });
const hex = fc.constantFrom('a1', 'b2', 'c3', 'd4', 'e5', 'f6');

const hints: fc.Arbitrary<DoraDeployment['hints']> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc
      .record({ ok: fc.boolean(), startedAt: moment, finishedAt: moment })
      .map(runtimeRollback => ({ runtimeRollback })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ at: maybe(moment), ok: fc.boolean() })
      .map(it => ({ checkFailed: { at: it.at }, putBack: it })),
  },
);

const rows: fc.Arbitrary<DoraDeployment[]> = fc
  .array(
    fc.record({
      at: moment,
      name: hex,
      kind: fc.constantFrom(...DORA_KINDS),
      outcome: fc.oneof(
        fc.constant('succeeded' as const),
        fc.constantFrom(...DORA_OUTCOMES),
      ),
      retried: fc.boolean(),
      service: fc.constantFrom(SERVICE, SERVICE, OTHER),
      hints,
    }),
    { maxLength: 12 },
  )
  .map(list =>
    list.map(({ at, name, retried, ...rest }, n) => {
      const one = deployed(`d${n}`, at, { ...rest, sha: sha(name) });
      return retried
        ? {
            ...one,
            attempts: [
              {
                ...{ attempt: 1, outcome: 'failed_in_production' as const },
                startedAt: at - HOUR,
              },
              { ...one.attempts[0], attempt: 2 },
            ],
          }
        : one;
    }),
  );

interface Facts {
  deployments: DoraDeployment[];
  changes: DoraChange[];
  incidents: IncidentFact[];
  overrides: OverrideFact[];
}

const facts: fc.Arbitrary<Facts> = rows.chain(deployments =>
  fc.record({
    deployments: fc.constant(deployments),
    changes: fc
      .array(
        fc.record({
          on: fc.nat({ max: 15 }),
          labels: fc.constantFrom<string[]>([], ['hotfix']),
          reverts: fc.constantFrom<NonNullable<DoraChange['reverts']>>(
            {},
            { numbers: [0] },
            { numbers: [1] },
            { shas: [sha('b2')] },
          ),
          closes: fc.constantFrom<string[]>([], ['i0'], ['i1']),
          openedAt: maybe(moment),
        }),
        { maxLength: 8 },
      )
      .map(list =>
        list.map(({ on, ...rest }, n) => {
          const deployment = deployments[on];
          return brought(n, deployment, {
            ...{ ...rest, service: deployment?.service ?? SERVICE },
          });
        }),
      ),
    incidents: fc
      .array(
        fc.record({
          service: maybe(fc.constantFrom(SERVICE, OTHER)),
          startedAt: maybe(moment),
          resolvedAt: maybe(moment),
          names: maybe(fc.record({ shas: fc.array(hex.map(sha)) })),
        }),
        { maxLength: 6 },
      )
      .map(list => list.map((rest, n) => ({ id: `i${n % 5}`, ...rest }))),
    overrides: fc.array(
      fc.record({
        deploymentId: fc.constantFrom('d0', 'd1', 'd2', 'd99'),
        verdict: fc.constantFrom('failed' as const, 'not_failed' as const),
        ...{ reason: fc.constant('r'), by: fc.constant('b'), at: moment },
      }),
      { maxLength: 3 },
    ),
  }),
);

const settings = fc
  .record({
    includeRollbacks: fc.boolean(),
    includeRedeploys: fc.boolean(),
    perEnvironment: fc.boolean(),
    reworkBatch: fc.constantFrom('any', 'all'),
    windows: fc.record({ incidentMs: fc.constantFrom(null, DAY, 0) }),
  })
  .map(settingsWith);

/** What is told of each deployment, in order of the ids. */
function told(deployments: DoraDeployment[]) {
  return [...deployments].sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe('judged facts', () => {
  it('are the same whatever the order they come in', () => {
    fc.assert(
      fc.property(facts, settings, (some, choice) => {
        const one = judgedOf({ ...some, settings: choice });
        const other = judgedOf({
          deployments: [...some.deployments].reverse(),
          changes: [...some.changes].reverse(),
          incidents: [...some.incidents].reverse(),
          overrides: [...some.overrides].reverse(),
          settings: choice,
        });
        expect(told(other.deployments)).toEqual(told(one.deployments));
        expect(other.incidents).toEqual(one.incidents);
        expect(other.excluded).toHaveLength(one.excluded.length);
      }),
    );
  });

  it('move as a whole with the clock', () => {
    const by = 400 * DAY + 7 * MINUTE;
    fc.assert(
      fc.property(facts, settings, (some, choice) => {
        const one = judgedOf({ ...some, settings: choice });
        const moved = judgedOf({
          ...shifted(some, by),
          ...{ settings: choice, asOf: MONDAY + 10 * DAY + by },
        });
        expect(moved.deployments).toEqual(shifted(one.deployments, by));
        expect(moved.excluded).toEqual(shifted(one.excluded, by));
      }),
    );
  });

  it('fail and recover within bounds', () => {
    fc.assert(
      fc.property(facts, settings, (some, choice) => {
        const judged = judgedOf({ ...some, settings: choice });
        expect(judged.deployments.map(({ id }) => id)).toEqual(
          some.deployments.map(({ id }) => id),
        );
        for (const each of judged.deployments) {
          const { failed, failedAt, detectedAt, recoveredAt } = each;
          expect(failed || each.recoveryMs === undefined).toBe(true);
          expect(failed && each.evidence.length === 0).toBe(false);
          expect(each.recoveryMs).toBe(
            recoveredAt === undefined ? undefined : recoveredAt - failedAt!,
          );
          const known = [failedAt, detectedAt, recoveredAt].filter(
            at => at !== undefined,
          );
          expect(known).toEqual([...known].sort((a, b) => a! - b!));
          expect(each.recoveryMs ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('take no notice of an incident of another service', () => {
    fc.assert(
      fc.property(facts, moment, (some, startedAt) => {
        const one = judgedOf(some);
        const service = 'component:default/unrelated';
        const more = [...some.incidents, { id: 'x', service, startedAt }];
        const two = judgedOf({ ...some, incidents: more });
        expect(two.deployments).toEqual(one.deployments);
      }),
    );
  });

  it('fail no second deployment when an incident is told of one that failed', () => {
    fc.assert(
      fc.property(facts, moment, (some, startedAt) => {
        const before = judgedOf({ ...some, overrides: [] });
        const bad = before.deployments.find(
          d => d.failed && d.startedAt! <= startedAt,
        );
        fc.pre(bad !== undefined);
        const { id, service } = bad!;
        const names = { deploymentIds: [id] };
        const after = judgedOf({
          ...{ ...some, overrides: [] },
          incidents: [
            ...some.incidents,
            { id: 'x', service, startedAt, names },
          ],
        });
        expect(after.failed).toEqual(before.failed);
      }),
    );
  });

  it('fail exactly one more by an incident of one that had not failed', () => {
    fc.assert(
      fc.property(rows, moment, (deployments, startedAt) => {
        const before = judgedOf({ deployments });
        const incidents = [{ id: 'x', service: SERVICE, startedAt }];
        const after = judgedOf({ deployments, incidents });
        const hit = after.incidents[0]?.deploymentId;
        expect(new Set(after.failed)).toEqual(
          new Set(hit === undefined ? before.failed : [...before.failed, hit]),
        );
      }),
    );
  });
});

const TIMES = new Set([
  ...['at', 'startedAt', 'finishedAt', 'resolvedAt', 'openedAt', 'deployedAt'],
  ...['failedAt', 'detectedAt', 'recoveredAt', 'provisionalUntil'],
]);

/** The same with every moment in it later. */
function shifted<T>(value: T, by: number): T {
  if (Array.isArray(value)) return value.map(each => shifted(each, by)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      TIMES.has(key) && typeof part === 'number'
        ? part + by
        : shifted(part, by),
    ]),
  ) as T;
}
