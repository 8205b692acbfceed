import * as fc from 'fast-check';
import type {
  ChangeFact,
  CommitFact,
  DeploymentSource,
  DoraFacts,
  IncidentFact,
  OverrideFact,
} from '../facts';
import {
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  doraFacts,
  shaOf,
} from '../testUtils/doraFacts';

const SERVICES = ['component:default/alpha', 'component:default/beta'];
const COMMITS = 14;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined });
const commit = fc.integer({ min: 0, max: COMMITS - 1 });
const moment = fc
  .integer({ min: 0, max: 83 * 24 * 12 })
  .map(steps => MONDAY + steps * 5 * MINUTE);
const span = fc.integer({ min: 0, max: 100 }).map(steps => steps * 15 * MINUTE);

const sha = (index: number) => shaOf(`commit ${index}`);

/** One line of history, a commit every six days, each a direct commit or the merge of a pull request. */
const commits: CommitFact[] = Array.from({ length: COMMITS }, (_, index) => ({
  sha: sha(index),
  parents: index === 0 ? [] : [sha(index - 1)],
  authoredAt: MONDAY + index * 6 * DAY,
  committedAt: MONDAY + index * 6 * DAY + HOUR,
}));

const change = fc
  .record({
    index: commit,
    isPull: fc.boolean(),
    isBot: fc.boolean(),
    coding: span,
    review: span,
    label: maybe(fc.constantFrom('hotfix', 'bug')),
    reverts: maybe(commit),
  })
  .map(
    ({ index, isPull, isBot, coding, review, label, reverts }): ChangeFact => {
      const mergedAt = commits[index].committedAt!;
      return {
        id: `change-${index}`,
        kind: isPull ? 'pull_request' : 'commit',
        ...(isPull && {
          number: index + 1,
          openedAt: mergedAt - review,
        }),
        isBot,
        mergeSha: sha(index),
        mergedAt,
        commits: [
          {
            sha: isPull ? shaOf(`own ${index}`) : sha(index),
            authoredAt: mergedAt - review - coding,
          },
        ],
        ...(label && { labels: [label] }),
        ...(reverts !== undefined && { reverts: { shas: [sha(reverts)] } }),
      };
    },
  );

const status = fc.oneof(
  { weight: 4, arbitrary: fc.constant('succeeded' as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...(['failed', 'rolled_back', 'cancelled', 'superseded'] as const),
      ...(['in_progress', 'skipped', 'startup_failure', 'unknown'] as const),
    ),
  },
);

const deployment = fc
  .record({
    number: fc.integer({ min: 1, max: 40 }),
    service: fc.constantFrom(...SERVICES),
    index: maybe(commit),
    attempt: fc.integer({ min: 1, max: 2 }),
    source: fc.constantFrom('run', 'vendor_deployment', 'other' as const),
    status,
    touched: maybe(fc.boolean()),
    finishedAt: fc.oneof(
      { weight: 8, arbitrary: moment },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    lasts: span,
    environment: fc.oneof(
      { weight: 8, arbitrary: fc.constant('production') },
      { weight: 1, arbitrary: fc.constantFrom(undefined, 'staging') },
    ),
    checkFailed: fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constant({}) },
    ),
  })
  .map(
    ({
      number,
      index,
      attempt,
      lasts,
      environment,
      ...rest
    }): DeploymentSource => {
      const startedAt =
        rest.finishedAt === undefined ? undefined : rest.finishedAt - lasts;
      return withoutAbsent({
        ...rest,
        id: `deployment-${number}-${attempt}`,
        run: { id: String(number), attempt },
        environment,
        tier: environment === 'production' ? 'production' : undefined,
        sha: index === undefined ? undefined : sha(index),
        startedAt,
        createdAt: startedAt,
      });
    },
  );

const incident = fc
  .record({
    number: fc.integer({ min: 100, max: 120 }),
    service: maybe(fc.constantFrom(...SERVICES)),
    startedAt: moment,
    lasts: maybe(span),
    names: maybe(commit),
  })
  .map(
    ({ number, service, startedAt, lasts, names }): IncidentFact =>
      withoutAbsent({
        id: `incident-${number}`,
        number,
        service,
        startedAt,
        resolvedAt: lasts === undefined ? undefined : startedAt + lasts,
        names: names === undefined ? undefined : { shas: [sha(names)] },
      }),
  );

const override = fc
  .record({
    number: fc.integer({ min: 1, max: 40 }),
    verdict: fc.constantFrom('failed' as const, 'not_failed' as const),
    at: moment,
  })
  .map(
    ({ number, verdict, at }): OverrideFact => ({
      deploymentId: `deployment-${number}-1`,
      verdict,
      reason: 'As seen by a person',
      by: 'user:default/mona',
      at,
    }),
  );

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined),
  ) as T;
}

/** Random facts of two services of one repository, that fit together as well and as badly as real ones. */
export function arbitraryFacts(): fc.Arbitrary<DoraFacts> {
  return fc
    .record({
      deployments: fc.array(deployment, { maxLength: 25 }),
      changes: fc.uniqueArray(change, { selector: ({ id }) => id }),
      incidents: fc.uniqueArray(incident, {
        selector: ({ id }) => id,
        maxLength: 8,
      }),
      overrides: fc.array(override, { maxLength: 3 }),
    })
    .map(parts =>
      doraFacts({
        services: SERVICES.map(service => ({ service })),
        commits,
        ...parts,
      }),
    );
}

/** The same facts, all of them later (or earlier). */
export function shifted(facts: DoraFacts, ms: number): DoraFacts {
  const move = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) return value.map(each => move(each));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, move(part, name)]),
      );
    }
    const isMoment = /(At|^at|^asOf|Since)$/.test(key ?? '');
    return isMoment && typeof value === 'number' ? value + ms : value;
  };
  return move(facts) as DoraFacts;
}
