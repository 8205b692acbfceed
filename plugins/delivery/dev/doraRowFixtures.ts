import type {
  DoraChangeRow,
  DoraDeploymentRow,
  DoraEvidence,
  DoraExcludedRow,
  DoraMetricId,
  DoraRows,
} from 'backstage-plugin-delivery-common';
import { DAY, metrics, WINDOW_TO } from './doraMetricFixtures';
import { ENTITY_REF, MINUTE, NOW } from './fixtures';

const HOUR = 60 * MINUTE;
/** Fewer than the backend gives: a long page makes slow tests. */
const PAGE = 15;

const shaOf = (index: number) =>
  `${(0x0b7ee310 + index * 7919).toString(16).padStart(8, '0')}${'a'.repeat(
    32,
  )}`;

export function evidence(overrides: Partial<DoraEvidence> = {}): DoraEvidence {
  return {
    code: 'check_failed',
    at: NOW - 20 * HOUR,
    confidence: 'high',
    inferred: false,
    text: 'smoke test failed, put back in the same run',
    url: 'https://github.com/vaultex/vaultex/actions/runs/1285',
    ...overrides,
  };
}

const kinds: DoraEvidence[] = [
  evidence(),
  evidence({
    code: 'runtime_rollback',
    confidence: 'certain',
    text: 'ECS circuit breaker, 3 of 3 tasks failed',
    url: undefined,
  }),
  evidence({ code: 'reverted', text: 'reverted by #388 after 5 h' }),
  evidence({
    code: 'incident_by_time',
    confidence: 'low',
    inferred: true,
    text: 'incident #377 opened 40 min after it',
  }),
];

/** One deployment; the first nine have failed, the ninth is not over. */
export function deploymentRow(
  index: number,
  overrides: Partial<DoraDeploymentRow> = {},
): DoraDeploymentRow {
  const failed = index < 9;
  const finishedAt = Math.round(NOW - 2 * HOUR - index * 11.4 * HOUR);
  const recovered = failed && index < 8;
  const recoveryMs = recovered ? (6 + index * 9) * MINUTE : undefined;
  return {
    id: `d${index}`,
    entityRef: ENTITY_REF,
    environment: 'production',
    sha: shaOf(index),
    title: `Change number ${index}`,
    actor: 'dana',
    url: `https://github.com/vaultex/vaultex/actions/runs/${1285 - index}`,
    runId: `gh.${1285 - index}`,
    runNumber: 1285 - index,
    kind: 'regular',
    outcome: failed && index === 1 ? 'failed_in_production' : 'succeeded',
    attempts: index === 2 ? 2 : 1,
    startedAt: finishedAt - 6 * MINUTE,
    finishedAt,
    durationMs: 6 * MINUTE,
    changes: 1 + (index % 4),
    failed,
    failedAt: failed ? finishedAt : undefined,
    detectedAt: failed ? finishedAt + 3 * MINUTE : undefined,
    recoveredAt: recoveryMs === undefined ? undefined : finishedAt + recoveryMs,
    recoveryMs,
    recoveredBy: recovered ? 'run_rollback' : undefined,
    rework: index === 2,
    reworkBecause: index === 2 ? 'hotfix #389' : undefined,
    rolledBack: index === 1,
    provisional: index < 4,
    evidence: failed ? [kinds[index % kinds.length]] : [],
    ...overrides,
  };
}

export function changeRow(
  index: number,
  overrides: Partial<DoraChangeRow> = {},
): DoraChangeRow {
  const leadMs = Math.max(1, 240 - index) * HOUR;
  const deployedAt = NOW - 3 * HOUR - index * 9 * HOUR;
  return {
    id: `c${index}`,
    entityRef: ENTITY_REF,
    kind: index % 6 === 5 ? 'commit' : 'pull_request',
    number: index % 6 === 5 ? undefined : 400 - index,
    sha: shaOf(1000 + index),
    title: `Pull request ${index}`,
    author: 'ravi',
    url: `https://github.com/vaultex/vaultex/pull/${400 - index}`,
    startedAt: deployedAt - leadMs,
    mergedAt: deployedAt - leadMs / 8,
    deployedAt,
    deploymentId: `d${index}`,
    leadMs,
    stages: {
      coding: leadMs / 2,
      pickup: leadMs / 8,
      review: leadMs / 4,
      deploy: leadMs / 8,
    },
    rolledBack: index === 1,
    warnings: index === 0 ? ['first_commit_is_old'] : [],
    atMedian: index === 3,
    ...overrides,
  };
}

export function excludedRow(
  overrides: Partial<DoraExcludedRow> = {},
): DoraExcludedRow {
  return {
    what: 'deployment',
    id: 'x1',
    entityRef: ENTITY_REF,
    at: WINDOW_TO - 3 * DAY,
    reason: 'rollback',
    title: 'Roll back to 0b7ee31',
    url: 'https://github.com/vaultex/vaultex/actions/runs/1230',
    runId: 'gh.1230',
    ...overrides,
  };
}

function excludedOf(metric: DoraMetricId): DoraExcludedRow[] {
  const { excluded = [] } = metrics.find(({ id }) => id === metric) ?? {};
  return excluded.flatMap(({ reason, count }) =>
    Array.from({ length: count }, (_, index) =>
      excludedRow({
        what: metric === 'lead_time' ? 'change' : 'deployment',
        id: `${reason}-${index}`,
        reason,
        title: `${reason} ${index}`,
        detail: reason === 'no_environment' ? 'job "ship it"' : undefined,
      }),
    ),
  );
}

/** What is behind a number, page by page. */
export function doraRows(
  metric: DoraMetricId,
  query: { set?: DoraRows['set']; cursor?: string } = {},
  overrides: Partial<DoraRows> = {},
): DoraRows {
  const { set = 'rows' } = query;
  const n = metrics.find(({ id }) => id === metric)?.n ?? 0;
  const excluded = excludedOf(metric);
  const total = { rows: n, excluded: excluded.length, open: 1, unknown: 0 }[
    set
  ];
  const from = Number(query.cursor ?? 0);
  const to = Math.min(total, from + PAGE);
  const indexes = Array.from({ length: to - from }, (_, i) => from + i);
  const ofChanges = metric === 'lead_time';
  return {
    metric,
    set,
    total,
    deployments:
      set === 'excluded' || ofChanges
        ? []
        : indexes.map(index => deploymentRow(set === 'open' ? 8 : index)),
    changes:
      set === 'rows' && ofChanges ? indexes.map(index => changeRow(index)) : [],
    excluded: set === 'excluded' ? excluded.slice(from, to) : [],
    nextCursor: to < total ? `${to}` : undefined,
    asOf: NOW - 12_000,
    ...overrides,
  };
}
