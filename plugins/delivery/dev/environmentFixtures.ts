import type {
  Commit,
  Comparison,
  Environment,
  EnvironmentDetail,
  EnvironmentHistory,
  Environments,
  HealthBoundary,
  LogicalDeployment,
} from 'backstage-plugin-delivery-common';
import { ENTITY_REF, MINUTE, NOW } from './fixtures';

const HOUR = 60 * MINUTE;
export const NEW_SHA = '9f31c0752d1a4e0b8c6f7a9d3e5b1c2d4f6a8b90';
export const OLD_SHA = '71be2d0a4c5e6f708192a3b4c5d6e7f8091a2b3c';
export const DIGEST =
  'sha256:4f1c2e0b9a8d7c6b5a4938271605f4e3d2c1b0a9f8e7d6c5b4a3928170f6e5d4';

export function commit(overrides: Partial<Commit> = {}): Commit {
  return {
    sha: NEW_SHA,
    source: 'deployment',
    confidence: 'high',
    title: 'Fix rounding in refunds',
    author: 'dana',
    at: NOW - 40 * MINUTE,
    url: `https://github.com/vaultex/vaultex/commit/${NEW_SHA}`,
    ...overrides,
  };
}

export const oldCommit = commit({
  sha: OLD_SHA,
  title: 'Add idempotency key',
  author: 'ravi',
  at: NOW - 3 * HOUR,
  url: `https://github.com/vaultex/vaultex/commit/${OLD_SHA}`,
});

export function deployment(
  overrides: Partial<LogicalDeployment> = {},
): LogicalDeployment {
  return {
    id: 'd1',
    kind: 'regular',
    status: 'succeeded',
    commit: commit(),
    startedAt: NOW - 31 * MINUTE,
    endedAt: NOW - 28 * MINUTE,
    durationMs: 3 * MINUTE,
    by: 'dana',
    approvedBy: [],
    runId: 'gh.1287',
    runNumber: 1287,
    ranHealthy: true,
    evidence: [
      {
        source: 'run',
        id: 'gh.1287',
        status: 'success',
        at: NOW - 28 * MINUTE,
        url: 'https://github.com/vaultex/vaultex/actions/runs/1287',
      },
      {
        source: 'runtime_deployment',
        id: 'ecs-svc/1',
        status: 'SUCCESSFUL',
        at: NOW - 28 * MINUTE,
        url: 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/vaultex',
      },
    ],
    ...overrides,
  };
}

export function environment(overrides: Partial<Environment> = {}): Environment {
  return {
    name: 'dev',
    tier: 'development',
    basis: 'observed',
    commit: commit(),
    since: NOW - 31 * MINUTE,
    deployment: deployment(),
    health: {
      state: 'healthy',
      code: 'tasks_run',
      message: '3 of 3 tasks run.',
    },
    tasks: { running: 3, desired: 3 },
    drift: [],
    alarmsFiring: [],
    runtime: {
      provider: 'ecs',
      accountId: '111111111111',
      region: 'eu-west-1',
      cluster: 'vaultex',
      service: 'vaultex-api',
      url: 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/vaultex/services/vaultex-api',
    },
    asOf: NOW - 4000,
    ...overrides,
  };
}

/** Two of three tasks are new. */
export const rolling = environment({
  name: 'staging',
  tier: 'staging',
  commit: oldCommit,
  newest: deployment({
    id: 'd2',
    status: 'in_progress',
    startedAt: NOW - 2 * MINUTE,
    endedAt: undefined,
    durationMs: undefined,
    ranHealthy: false,
  }),
  deployment: deployment({ id: 'd0', commit: oldCommit, by: 'ravi' }),
  rollout: {
    strategy: 'rolling',
    status: 'in_progress',
    rawStatus: 'IN_PROGRESS',
    startedAt: NOW - 2 * MINUTE,
    expectedAt: NOW + 31_000,
    new: { commit: commit(), requested: 3, running: 2, pending: 1 },
    old: { commit: oldCommit, requested: 1, running: 1, pending: 0 },
    failedTasks: 0,
    circuitBreaker: { state: 'MONITORING', failures: 1, threshold: 3 },
    alarms: { names: ['vaultex-5xx'], triggered: [] },
  },
});

export const production = environment({
  name: 'production',
  tier: 'production',
  commit: oldCommit,
  since: NOW - 2 * HOUR,
  deployment: deployment({
    id: 'd9',
    commit: oldCommit,
    by: 'ravi',
    approvedBy: ['cleo'],
    runId: 'gh.1284',
    runNumber: 1284,
  }),
  behind: { environment: 'staging', commits: 3, oldestAt: NOW - 26 * HOUR },
});

export const four = [
  environment(),
  environment({ name: 'qa', tier: 'testing', since: NOW - 24 * MINUTE }),
  rolling,
  production,
];

/** The fixture of that name, else an ordinary one. */
export function named(name: string): Environment {
  return four.find(one => one.name === name) ?? environment({ name });
}

export function environments(
  overrides: Partial<Environments> = {},
): Environments {
  return {
    entityRef: ENTITY_REF,
    items: four,
    notes: [],
    signalKey: 'k1',
    asOf: NOW - 4000,
    ...overrides,
  };
}

export function boundary(
  overrides: Partial<HealthBoundary> = {},
): HealthBoundary {
  return {
    boundary: 'container',
    state: 'healthy',
    summary: '3 of 3 healthy',
    facts: [],
    ...overrides,
  };
}

export const healthyChain: HealthBoundary[] = [
  boundary({ facts: [{ label: 'Health check', value: 'HEALTHY' }] }),
  boundary({ boundary: 'task', summary: '3 of 3 run' }),
  boundary({ boundary: 'service', summary: 'steady' }),
  boundary({ boundary: 'target', summary: '3 of 3 healthy' }),
  boundary({ boundary: 'balancer', summary: '0.1 % errors' }),
];

/** Tasks run, but the load balancer does not reach them. */
export const brokenChain: HealthBoundary[] = [
  ...healthyChain.slice(0, 3),
  boundary({
    boundary: 'target',
    state: 'unhealthy',
    summary: '0 of 3 healthy',
    cause: 'The health check of the target group times out.',
    advice:
      'Allow port 8080 from the security group of the load balancer, or correct the path of the check.',
    facts: [
      { label: 'Reason', value: 'Target.Timeout' },
      { label: 'Path', value: '/healthz' },
    ],
  }),
  boundary({ boundary: 'balancer', state: 'not_reached', summary: '' }),
];

export function environmentDetail(
  of: Environment = production,
  overrides: Partial<EnvironmentDetail> = {},
): EnvironmentDetail {
  return {
    environment: of,
    chains: [{ role: 'current', commit: of.commit, boundaries: healthyChain }],
    images: [
      {
        container: 'api',
        uri: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/vaultex-api:71be2d0',
        digest: DIGEST,
      },
    ],
    taskDefinition: {
      arn: 'arn:aws:ecs:eu-west-1:111111111111:task-definition/vaultex-api:41',
      status: 'ACTIVE',
      registeredBy: 'deploy-role',
      registeredAt: NOW - 2 * HOUR,
    },
    alarms: [],
    metrics: [{ name: 'CPU', unit: '%', value: 41.26 }],
    stoppedTasks: [],
    problems: [],
    healthAsOf: NOW - 8000,
    signalKey: 'k1',
    asOf: NOW - 3000,
    ...overrides,
  };
}

export function history(
  overrides: Partial<EnvironmentHistory> = {},
): EnvironmentHistory {
  return {
    items: [
      {
        id: 'h1',
        kind: 'deployment',
        at: NOW - 31 * MINUTE,
        current: true,
        deployment: deployment({ approvedBy: ['cleo'] }),
      },
      {
        id: 'h2',
        kind: 'approval',
        at: NOW - 32 * MINUTE,
        current: false,
        message: 'Approved for production: refunds are checked.',
        by: 'cleo',
      },
      {
        id: 'h3',
        kind: 'runtime_event',
        at: NOW - 2 * HOUR,
        current: false,
        message: 'service vaultex-api has reached a steady state.',
      },
      {
        id: 'h4',
        kind: 'deployment',
        at: NOW - 5 * HOUR,
        current: false,
        deployment: deployment({
          id: 'd4',
          kind: 'rollback',
          commit: oldCommit,
          by: 'ravi',
        }),
      },
      {
        id: 'h5',
        kind: 'deployment',
        at: NOW - 6 * HOUR,
        current: false,
        deployment: deployment({
          id: 'd5',
          kind: 'out_of_band',
          status: 'failed',
          ranHealthy: false,
          runId: undefined,
          runNumber: undefined,
          by: 'arn:aws:iam::111111111111:user/ops',
          message: 'CannotPullContainerError: the image does not exist.',
          commit: commit({
            sha: undefined,
            url: undefined,
            title: undefined,
            source: 'none',
            confidence: 'none',
            reason: {
              code: 'no_digest',
              message: 'The image carries no tag and no label.',
            },
          }),
        }),
      },
    ],
    asOf: NOW - 4000,
    ...overrides,
  };
}

export function comparison(overrides: Partial<Comparison> = {}): Comparison {
  return {
    from: { environment: 'production', commit: oldCommit },
    to: { environment: 'staging', commit: commit() },
    status: 'ahead',
    commits: [
      {
        sha: NEW_SHA,
        title: 'Fix rounding in refunds',
        author: 'dana',
        at: NOW - 40 * MINUTE,
        pullRequest: 418,
        url: `https://github.com/vaultex/vaultex/commit/${NEW_SHA}`,
      },
      {
        sha: 'c81d9aa0b2d34e5f6a7b8c9d0e1f2a3b4c5d6e7f',
        title: 'Raise merchant limit',
        author: 'ravi',
        at: NOW - 20 * HOUR,
        pullRequest: 412,
      },
      {
        sha: '0b7ee31f2a3b4c5d6e7f8091a2b3c4d5e6f70819',
        title: 'Cache FX rates',
        at: NOW - 26 * HOUR,
      },
    ],
    total: 3,
    missing: 0,
    source: 'vendor',
    url: 'https://github.com/vaultex/vaultex/compare/71be2d0...9f31c07',
    asOf: NOW - 4000,
    ...overrides,
  };
}
