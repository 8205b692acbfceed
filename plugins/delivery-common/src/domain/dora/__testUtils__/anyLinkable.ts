import * as fc from 'fast-check';
import { TIERS } from '../../../contract';
import { DEPLOYMENT_SOURCES, SOURCE_STATUSES } from '../facts';
import type { DoraFacts } from '../facts';
import { API, AS_OF, at } from '../testUtils/sources';

const WEB = 'component:default/web';
/** `z` is in no history. */
const SHAS = [...'abcdefz'];
const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 5) =>
  fc.option(arbitrary, { nil: undefined, freq });
const sha = fc.constantFrom(...SHAS);
const shas = fc.uniqueArray(sha, { maxLength: 4 });
const service = fc.constantFrom(API, WEB);
/** Few moments, so that much happens at once; some lie in the future. */
const time = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.integer({ min: 0, max: 60 }).map(n => at(n * 5)),
  },
  { weight: 1, arbitrary: fc.constant(AS_OF + 5) },
);
const status = fc.oneof(
  { weight: 4, arbitrary: fc.constant('succeeded' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...SOURCE_STATUSES) },
);

/** Mostly as it happens: created, begun, ended. */
const times = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record({
        from: fc.integer({ min: 0, max: 60 }),
        queued: fc.integer({ min: 0, max: 2 }),
        minutes: maybe(fc.integer({ min: 0, max: 12 }), 12),
        isBegun: fc.boolean(),
      })
      .map(({ from, queued, minutes, isBegun }) => ({
        createdAt: at(from * 5 - queued),
        startedAt: isBegun ? at(from * 5) : undefined,
        finishedAt: minutes === undefined ? undefined : at(from * 5 + minutes),
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      createdAt: maybe(time),
      startedAt: maybe(time),
      finishedAt: maybe(time),
    }),
  },
);

const deployment = fc
  .record({
    source: fc.constantFrom(...DEPLOYMENT_SOURCES),
    ...{ service, status, times },
    environment: maybe(fc.constantFrom('eu', 'us'), 15),
    tier: fc.oneof(
      { weight: 15, arbitrary: fc.constant('production' as const) },
      { weight: 1, arbitrary: maybe(fc.constantFrom(...TIERS)) },
    ),
    group: maybe(fc.constantFrom('g', 'h'), 1),
    sha: maybe(sha, 12),
    artifact: maybe(fc.constantFrom('api:1', 'api:2')),
    run: maybe(
      fc.record({
        id: fc.constantFrom('r1', 'r2', 'r3'),
        attempt: maybe(fc.integer({ min: 1, max: 3 })),
      }),
      1,
    ),
    touched: maybe(fc.boolean()),
    isRollback: maybe(fc.boolean(), 1),
    putBack: maybe(fc.record({ ok: fc.boolean(), at: maybe(time) }), 1),
    runtimeRollback: maybe(
      fc.record({ ok: fc.boolean(), finishedAt: maybe(time) }),
      1,
    ),
    commits: maybe(shas, 1),
  })
  .map(({ times: told, ...row }) => ({ ...row, ...told }));

/** Mostly one after the other. */
const parents = fc.oneof(
  { weight: 4, arbitrary: fc.constant('before' as const) },
  { weight: 1, arbitrary: maybe(shas) },
);

const commit = fc.record({
  ...{ sha, parents },
  authoredAt: maybe(time),
  committedAt: maybe(time),
  files: maybe(fc.subarray(['api/a.ts', 'web/b.ts'], { minLength: 1 })),
});

const span = fc.record({
  ...{ base: sha, head: sha, shas },
  status: fc.constantFrom('ahead', 'behind', 'diverged', 'identical'),
  complete: fc.boolean(),
});

const change = fc.record({
  kind: fc.constantFrom('pull_request', 'commit'),
  services: maybe(fc.subarray([API, WEB])),
  mergeSha: sha,
  openedAt: maybe(time),
  firstReviewAt: maybe(time),
  mergedAt: maybe(time),
  files: maybe(fc.subarray(['api/a.ts', 'web/b.ts'], { minLength: 1 })),
  commits: maybe(
    fc.array(
      fc.record({ sha, authoredAt: maybe(time), committedAt: maybe(time) }),
      { maxLength: 3 },
    ),
  ),
});

const incident = fc.record({
  service: maybe(service),
  startedAt: maybe(time),
  resolvedAt: maybe(time),
});

/** Facts in which anything may belong to anything, be missing, run in circles or lie in the future. */
export const anyLinkable: fc.Arbitrary<DoraFacts> = fc
  .record({
    deployments: fc.array(deployment, { maxLength: 10 }),
    commits: fc.array(commit, { maxLength: 12 }),
    spans: fc.array(span, { maxLength: 5 }),
    changes: fc.array(change, { maxLength: 7 }),
    incidents: fc.array(incident, { maxLength: 3 }),
    dataSince: maybe(time, 1),
  })
  .map(({ dataSince, deployments, commits, changes, incidents, spans }) => ({
    ...{ spans, asOf: AS_OF },
    commits: commits.map(each => ({ ...each, parents: parentsOf(each) })),
    services: [
      { service: API, paths: ['api/**'], dataSince },
      { service: WEB },
    ],
    deployments: numbered(deployments, 'd'),
    changes: numbered(changes, 'c'),
    incidents: numbered(incidents, 'i'),
    overrides: [],
  }));

function parentsOf(told: { sha: string; parents?: string[] | 'before' }) {
  if (told.parents !== 'before') return told.parents;
  const position = SHAS.indexOf(told.sha);
  return position > 0 ? [SHAS[position - 1]] : [];
}

function numbered<T>(rows: T[], prefix: string): (T & { id: string })[] {
  return rows.map((row, index) => ({ ...row, id: `${prefix}${index}` }));
}

/** The same facts in another order. */
export function shuffled(facts: DoraFacts): fc.Arbitrary<DoraFacts> {
  const mix = <T>(list: T[]) =>
    fc.shuffledSubarray(list, { minLength: list.length });
  return fc.record({
    asOf: fc.constant(facts.asOf),
    services: mix(facts.services),
    deployments: mix(facts.deployments),
    commits: mix(facts.commits),
    spans: mix(facts.spans),
    changes: mix(facts.changes),
    incidents: mix(facts.incidents),
    overrides: mix(facts.overrides),
  });
}

/** Everything some milliseconds later. Of numbers only moments are so large. */
export function later<T>(value: T, by: number): T {
  if (typeof value === 'number') {
    return (Math.abs(value) > 1e12 ? value + by : value) as T;
  }
  if (Array.isArray(value)) return value.map(each => later(each, by)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, later(part, by)]),
  ) as T;
}
