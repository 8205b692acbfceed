import * as fc from 'fast-check';
import {
  DORA_KINDS,
  DORA_OUTCOMES,
  EVIDENCE_CODES,
  doraSettingsSchema,
} from '../../../contract';
import type { DoraSettings } from '../../../contract';
import type { DoraChange, DoraDeployment, DoraIncident } from '../linked';
import type { ChangeVerdicts, DeploymentVerdicts } from '../measured';
import { changeVerdictsOf, verdictsOf } from '../verdicts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What `arbitraryRows` makes: rows of some services with how they count. */
export interface LinkedRows {
  settings: DoraSettings;
  deployments: { deployment: DoraDeployment; verdicts: DeploymentVerdicts }[];
  changes: { change: DoraChange; verdicts: ChangeVerdicts }[];
  incidents: DoraIncident[];
}

/** Where the rows lie. */
export interface ArbitraryRowsOptions {
  /** Default: 1 January 2025, UTC. */
  from?: number;
  /** Days after `from` within which everything happens. Default 120. */
  days?: number;
  /** Default: two. */
  services?: readonly string[];
  /** Most deployments, most changes and most incidents. Default 25. */
  maxLength?: number;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: undefined });

/** Spans from nothing to two days with a long tail; few values, so that many are equal. */
const span = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map(minutes => minutes * MINUTE),
  fc.integer({ min: 0, max: 2 * DAY }),
  fc.integer({ min: 0, max: 40 * DAY }),
);

/** Every choice that decides how a row counts. */
export function arbitrarySettings(): fc.Arbitrary<DoraSettings> {
  return fc
    .record({
      leadTimeStart: fc.constantFrom('first_commit', 'commit', 'pr_merged'),
      percentileMethod: fc.constantFrom('continuous', 'lower'),
      includeRollbacks: fc.boolean(),
      includeRedeploys: fc.boolean(),
      changeFailDenominator: fc.constantFrom(
        'succeeded_and_failed',
        'succeeded',
      ),
      includeBots: fc.boolean(),
    })
    .map(settings => doraSettingsSchema.parse(settings));
}

/**
 * Random deployments, changes and incidents as linking might give them, with their verdicts. They fit together no better than they must:
 * what is tested with them adds up, and does not link.
 */
export function arbitraryRows(
  options: ArbitraryRowsOptions = {},
): fc.Arbitrary<LinkedRows> {
  const {
    from = Date.UTC(2025, 0, 1),
    days = 120,
    services = ['component:default/alpha', 'component:default/beta'],
    maxLength = 25,
  } = options;
  // Half of the moments are midnights, where windows begin and end.
  const moment = fc.oneof(
    fc.integer({ min: 0, max: days }).map(day => from + day * DAY),
    fc.integer({ min: from, max: from + days * DAY }),
  );
  const service = fc.constantFrom(...services);
  return fc
    .record({
      settings: arbitrarySettings(),
      deployments: fc.array(deployment(moment, service), { maxLength }),
      changes: fc.array(change(moment, service), { maxLength }),
      incidents: fc.array(incident(moment, service), { maxLength }),
    })
    .map(({ settings, ...rows }) => ({
      settings,
      deployments: numbered(rows.deployments, 'd').map(each => ({
        deployment: each,
        verdicts: verdictsOf(each, settings),
      })),
      changes: numbered(rows.changes, 'c').map(each => ({
        change: each,
        verdicts: changeVerdictsOf(each, settings),
      })),
      incidents: numbered(rows.incidents, 'i'),
    }));
}

function numbered<T extends { id: string }>(rows: T[], prefix: string): T[] {
  return rows.map((row, index) => ({ ...row, id: `${prefix}${index}` }));
}

function deployment(
  moment: fc.Arbitrary<number>,
  service: fc.Arbitrary<string>,
): fc.Arbitrary<DoraDeployment> {
  const outcome = fc.oneof(
    { weight: 3, arbitrary: fc.constant('succeeded' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...DORA_OUTCOMES) },
  );
  const times = fc.record({
    finishedAt: fc.oneof(
      { weight: 9, arbitrary: moment },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    createdAt: maybe(moment),
    durationMs: maybe(span),
    queuedMs: maybe(span),
    waitedMs: maybe(span),
    provisionalUntil: maybe(moment),
  });
  const failure = fc.option(
    fc.record({
      code: fc.constantFrom(...EVIDENCE_CODES),
      recoveryMs: maybe(span),
      detectMs: maybe(span),
    }),
    { nil: undefined, freq: 3 },
  );
  return fc
    .record({
      service,
      kind: fc.oneof(
        { weight: 2, arbitrary: fc.constant('regular' as const) },
        { weight: 1, arbitrary: fc.constantFrom(...DORA_KINDS) },
      ),
      outcome,
      attempts: fc.array(outcome, { maxLength: 3 }),
      rework: fc.boolean(),
      putBack: maybe(fc.boolean()),
      times,
      failure,
    })
    .map(({ attempts, putBack, times: known, failure: failed, ...row }) => ({
      ...row,
      ...known,
      id: '',
      environment: 'production',
      attempts: attempts.map((each, index) => ({
        attempt: index + 1,
        outcome: each,
      })),
      sources: [],
      hints: putBack === undefined ? {} : { putBack: { ok: putBack } },
      changes: [],
      removes: [],
      rolledBack: false,
      ...failureOf(known.finishedAt, failed),
    }));
}

function failureOf(
  finishedAt: number | undefined,
  failure:
    | {
        code: (typeof EVIDENCE_CODES)[number];
        recoveryMs?: number;
        detectMs?: number;
      }
    | undefined,
): Pick<
  DoraDeployment,
  | 'failed'
  | 'evidence'
  | 'failedAt'
  | 'detectedAt'
  | 'recoveredAt'
  | 'recoveryMs'
> {
  if (!failure || finishedAt === undefined) {
    return { failed: false, evidence: [] };
  }
  const { code, recoveryMs, detectMs } = failure;
  return {
    failed: code !== 'marked_not_failed',
    evidence: [{ code, confidence: 'high', inferred: false, text: code }],
    failedAt: finishedAt,
    ...(detectMs !== undefined && { detectedAt: finishedAt + detectMs }),
    ...(recoveryMs !== undefined && {
      recoveredAt: finishedAt + recoveryMs,
      recoveryMs,
    }),
  };
}

function change(
  moment: fc.Arbitrary<number>,
  service: fc.Arbitrary<string>,
): fc.Arbitrary<DoraChange> {
  return fc
    .record({
      service,
      kind: fc.constantFrom('pull_request' as const, 'commit' as const),
      isBot: maybe(fc.boolean()),
      mergedAt: maybe(moment),
      deployedAt: maybe(moment),
      leadMs: maybe(fc.oneof(span, fc.constant(-MINUTE))),
      commitLeadsMs: maybe(fc.array(span, { maxLength: 3 })),
    })
    .map(row => ({
      ...row,
      id: '',
      mergeSha: 'c0ffee',
      ...(row.deployedAt !== undefined && { deploymentId: 'd0' }),
      rolledBack: false,
      warnings: [],
    }));
}

function incident(
  moment: fc.Arbitrary<number>,
  service: fc.Arbitrary<string>,
): fc.Arbitrary<DoraIncident> {
  return fc
    .record({ service, startedAt: moment, openMs: maybe(span) })
    .map(({ service: of, startedAt, openMs }) => ({
      id: '',
      service: of,
      startedAt,
      ...(openMs !== undefined && {
        openMs,
        resolvedAt: startedAt + openMs,
      }),
    }));
}
