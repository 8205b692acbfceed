import type { Entity } from '@backstage/catalog-model';
import type {
  Ingestion,
  Job,
  JobGraph,
  JobGraphNode,
  Overview,
  RunDetail,
  RunList,
  RunSummary,
  Stage,
} from 'backstage-plugin-delivery-common';

/** The moment all fixtures are told from. */
export const NOW = Date.UTC(2026, 4, 12, 14, 30, 0);
const SECOND = 1000;
export const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const success = {
  status: 'completed',
  conclusion: 'success',
  rawStatus: 'completed',
  rawConclusion: 'success',
} as const;
export const failure = {
  status: 'completed',
  conclusion: 'failure',
  rawStatus: 'completed',
  rawConclusion: 'failure',
} as const;
export const running = {
  status: 'in_progress',
  rawStatus: 'in_progress',
} as const;
export const waiting = { status: 'waiting', rawStatus: 'waiting' } as const;
export const queued = { status: 'queued', rawStatus: 'queued' } as const;

export function entity(annotations?: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'vaultex-api',
      namespace: 'default',
      annotations: annotations ?? {
        'github.com/project-slug': 'vaultex/vaultex',
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'vault-team' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/vault-team' }],
  };
}

export const ENTITY_REF = 'component:default/vaultex-api';

export function stage(overrides: Partial<Stage> = {}): Stage {
  return { name: 'Quality gate', ...success, ...overrides };
}

export function run(overrides: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'gh.1287',
    runNumber: 1287,
    title: 'Fix rounding in refunds',
    pipeline: { id: 'gh/1/7', name: 'Vaultex API Pipeline' },
    ...success,
    event: 'push',
    branch: 'main',
    sha: '9f31c0752d1a4e0b8c6f7a9d3e5b1c2d4f6a8b90',
    actor: 'dana',
    attempt: 1,
    createdAt: NOW - 20 * MINUTE,
    startedAt: NOW - 19 * MINUTE,
    completedAt: NOW - 6 * MINUTE,
    updatedAt: NOW - 6 * MINUTE,
    durationMs: 13 * MINUTE + 2 * SECOND,
    median: { durationMs: 12 * MINUTE, n: 18 },
    stages: [
      stage(),
      stage({ name: 'Build and scan' }),
      stage({ name: 'Tests' }),
      stage({ name: 'Deploy to staging', environment: 'staging' }),
    ],
    waitingFor: [],
    url: 'https://github.com/vaultex/vaultex/actions/runs/1287',
    ...overrides,
  };
}

export const waitingRun = run({
  ...waiting,
  conclusion: undefined,
  rawConclusion: undefined,
  completedAt: undefined,
  durationMs: undefined,
  waitingFor: ['production'],
  stages: [
    ...run().stages,
    stage({
      ...waiting,
      conclusion: undefined,
      rawConclusion: undefined,
      name: 'Deploy to production',
      environment: 'production',
    }),
  ],
});

export const movingRun = run({
  id: 'gh.1286',
  runNumber: 1286,
  title: 'Raise merchant limit',
  ...running,
  conclusion: undefined,
  rawConclusion: undefined,
  branch: 'feat/limit',
  actor: 'ravi',
  pullRequest: 412,
  sha: 'c81d9aa0b2d34e5f6a7b8c9d0e1f2a3b4c5d6e7f',
  createdAt: NOW - 6 * MINUTE,
  startedAt: NOW - 6 * MINUTE,
  completedAt: undefined,
  durationMs: undefined,
  expectedAt: NOW + 4 * MINUTE,
});

export const failedRun = run({
  id: 'gh.1285',
  runNumber: 1285,
  title: 'Cache FX rates',
  ...failure,
  createdAt: NOW - 26 * HOUR,
  startedAt: NOW - 26 * HOUR,
  completedAt: NOW - 25 * HOUR,
  durationMs: 21 * MINUTE + 40 * SECOND,
});

export function ingestion(overrides: Partial<Ingestion> = {}): Ingestion {
  return {
    mode: 'webhook',
    health: 'ok',
    confirmedAt: NOW - 40 * SECOND,
    lastEventAt: NOW - 12 * SECOND,
    backfill: { state: 'done', runs: 100 },
    ...overrides,
  };
}

export function runList(
  items: RunSummary[] = [waitingRun, movingRun, failedRun],
  nextCursor?: string,
): RunList {
  return { items, nextCursor, asOf: NOW - 12 * SECOND };
}

export function overview(overrides: Partial<Overview> = {}): Overview {
  return {
    entityRef: ENTITY_REF,
    repository: {
      slug: 'vaultex/vaultex',
      url: 'https://github.com/vaultex/vaultex',
      deleted: false,
    },
    pipelines: [
      {
        id: 'gh/1/7',
        name: 'Vaultex API Pipeline',
        path: '.github/workflows/api.yml',
        mine: true,
      },
      {
        id: 'gh/1/8',
        name: 'Vaultex Worker Pipeline',
        path: '.github/workflows/worker.yml',
        mine: false,
      },
    ],
    branches: ['main', 'feat/limit'],
    runs: runList(),
    environments: [],
    approvals: [],
    ingestion: ingestion(),
    signalKey: 'k1',
    capabilities: { log: true },
    asOf: NOW - 12 * SECOND,
    ...overrides,
  };
}

export function job(overrides: Partial<Job> = {}): Job {
  return {
    id: 'gh.501',
    name: 'Quality gate',
    attempt: 1,
    ...success,
    createdAt: NOW - 19 * MINUTE,
    startedAt: NOW - 19 * MINUTE,
    completedAt: NOW - 18 * MINUTE + 12 * SECOND,
    url: 'https://github.com/vaultex/vaultex/actions/runs/1287/job/501',
    steps: [
      {
        number: 1,
        name: 'Check out',
        ...success,
        startedAt: NOW - 19 * MINUTE,
        completedAt: NOW - 19 * MINUTE + 3 * SECOND,
      },
    ],
    ...overrides,
  };
}

export const jobs: Job[] = [
  job(),
  job({ id: 'gh.502', name: 'Unit tests (20)' }),
  job({ id: 'gh.503', name: 'Unit tests (22)' }),
  job({
    id: 'gh.504',
    name: 'SAST',
    ...failure,
    steps: [
      { number: 1, name: 'Check out', ...success },
      { number: 2, name: 'Scan', ...failure },
    ],
  }),
  job({
    id: 'gh.505',
    name: 'Deploy to production',
    ...waiting,
    conclusion: undefined,
    rawConclusion: undefined,
    startedAt: undefined,
    completedAt: undefined,
    environment: 'production',
    steps: [],
  }),
];

export function node(overrides: Partial<JobGraphNode> = {}): JobGraphNode {
  return {
    id: 'quality',
    name: 'Quality gate',
    column: 0,
    jobs: ['gh.501'],
    matrix: false,
    state: success,
    ...overrides,
  };
}

export function graph(overrides: Partial<JobGraph> = {}): JobGraph {
  return {
    kind: 'placed',
    nodes: [
      node(),
      node({
        id: 'unit',
        name: 'Unit tests',
        column: 1,
        jobs: ['gh.502', 'gh.503'],
        matrix: true,
      }),
      node({
        id: 'sast',
        name: 'SAST',
        column: 1,
        jobs: ['gh.504'],
        state: failure,
      }),
      node({
        id: 'production/deploy',
        name: 'Deploy to production',
        column: 2,
        group: 'production',
        jobs: ['gh.505'],
        environment: 'production',
        state: waiting,
      }),
      node({
        id: 'production/verify',
        name: 'Verify',
        column: 3,
        group: 'production',
        jobs: [],
        state: undefined,
      }),
    ],
    edges: [
      { from: 'quality', to: 'unit' },
      { from: 'quality', to: 'sast' },
      { from: 'unit', to: 'production/deploy' },
      { from: 'sast', to: 'production/deploy' },
      { from: 'production/deploy', to: 'production/verify' },
    ],
    groups: [{ id: 'production', name: 'Deploy' }],
    unplaced: [],
    ...overrides,
  };
}

export function runDetail(overrides: Partial<RunDetail> = {}): RunDetail {
  return {
    run: waitingRun,
    attempts: [
      {
        attempt: 1,
        ...waiting,
        startedAt: NOW - 19 * MINUTE,
      },
    ],
    attempt: 1,
    jobs,
    graph: graph(),
    artifacts: {
      items: [{ name: 'sbom', sizeInBytes: 48_200, expired: false }],
    },
    deployments: [
      {
        id: 'gh.9001',
        environment: 'staging',
        state: 'success',
        createdAt: NOW - 9 * MINUTE,
        creator: 'dana',
      },
    ],
    approvals: [],
    services: [ENTITY_REF],
    capabilities: { log: true },
    ingestion: ingestion(),
    signalKey: 'k2',
    asOf: NOW - 4 * SECOND,
    ...overrides,
  };
}

export const LOG = [
  '2026-05-12T14:02:11.1234567Z ##[group]Set up',
  '2026-05-12T14:02:11.2234567Z runner 2.330.0',
  '2026-05-12T14:02:11.3234567Z image ubuntu-24.04',
  '2026-05-12T14:02:11.4234567Z ##[endgroup]',
  '2026-05-12T14:02:13.0000000Z ##[command]npm run scan',
  '2026-05-12T14:02:31.0000000Z \u001b[31mone finding\u001b[0m',
  '2026-05-12T14:02:44.0000000Z ##[error]refund.ts:14 unsafe query',
  '2026-05-12T14:02:46.0000000Z done',
  '',
].join('\n');

/** An address that would run code if it became a link. */
export const SCRIPT_URL = ['javascript', 'alert(1)'].join(':');

/** Text that tries to break the page. */
export const HOSTILE = `<script>alert(1)</script> \u202Egnp.exe \u{1F680} {{title}} $t(runs.title) ${'x'.repeat(
  3000,
)}`;
