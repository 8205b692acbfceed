import type {
  AuditList,
  DispatchOptions,
  Findings,
  RollbackOptions,
} from 'backstage-plugin-delivery-common';
import { oldCommit, commit } from './environmentFixtures';
import { ENTITY_REF, MINUTE, NOW } from './fixtures';

const HOUR = 60 * MINUTE;

export function dispatchOptions(
  overrides: Partial<DispatchOptions> = {},
): DispatchOptions {
  return {
    entityRef: ENTITY_REF,
    defaultBranch: 'main',
    branches: ['main', 'feat/limit'],
    pipelines: [
      {
        id: 'gh/1/7',
        name: 'Vaultex API Pipeline',
        path: '.github/workflows/api.yml',
        inputs: [
          {
            name: 'environment',
            required: true,
            type: 'choice',
            options: ['staging', 'production'],
          },
        ],
        environments: ['staging', 'production'],
      },
    ],
    asOf: NOW,
    ...overrides,
  };
}

export function rollbackOptions(
  overrides: Partial<RollbackOptions> = {},
): RollbackOptions {
  return {
    entityRef: ENTITY_REF,
    environment: 'production',
    way: 'pipeline',
    message: 'The workflow rollback.yml is started with the chosen commit.',
    running: { commit: commit() },
    targets: [
      {
        deploymentId: 'd9',
        commit: oldCommit,
        startedAt: NOW - 5 * HOUR,
        ranMs: 4 * HOUR,
        by: 'ravi',
        approvedBy: ['cleo'],
        checks: [
          { code: 'image', state: 'pass', message: 'The image still exists.' },
        ],
        possible: true,
      },
    ],
    emergency: {
      allowed: false,
      reason: {
        code: 'no_permission',
        message: 'It takes the permission delivery.breakglass.',
      },
    },
    you: { allowed: true },
    viewHash: 'view-1',
    asOf: NOW,
    ...overrides,
  };
}

export function auditList(overrides: Partial<AuditList> = {}): AuditList {
  return {
    items: [
      {
        seq: 4711,
        at: NOW - 2 * HOUR,
        actor: 'user:default/cleo',
        login: 'cleo',
        action: 'approve',
        phase: 'succeeded',
        entityRef: ENTITY_REF,
        environment: 'production',
        runId: 'gh.1284',
        attempt: 1,
        sha: oldCommit.sha,
        comment: 'Refunds are checked with merchant support.',
        hash: 'ab'.repeat(32),
      },
    ],
    asOf: NOW,
    ...overrides,
  };
}

export function findings(overrides: Partial<Findings> = {}): Findings {
  return { items: [], asOf: NOW, ...overrides };
}
