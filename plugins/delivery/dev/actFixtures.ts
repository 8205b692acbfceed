import type {
  ActOperation,
  AuditItem,
  AuditList,
  DispatchOptions,
  Finding,
  Findings,
  RollbackOptions,
} from 'backstage-plugin-delivery-common';
import { OPERATION_ID } from './approvalFixtures';
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
      {
        id: 'gh/1/9',
        name: 'Load test',
        path: '.github/workflows/load.yml',
        inputs: [
          {
            name: 'target',
            description: 'Address that is called.',
            required: true,
            type: 'string',
          },
          { name: 'users', required: false, type: 'number', default: '50' },
          { name: 'warm up', required: false, type: 'boolean' },
          { name: 'note', required: false, type: 'string' },
        ],
        environments: [],
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
      {
        deploymentId: 'd7',
        commit: commit({
          sha: '0b7ee31000000000000000000000000000000000',
          title: 'Cache FX rates',
        }),
        taskDefinition: 'vaultex-api:41',
        startedAt: NOW - 50 * HOUR,
        ranMs: 45 * HOUR,
        approvedBy: [],
        checks: [
          {
            code: 'image',
            state: 'fail',
            message: 'The image is no longer in the registry.',
          },
          {
            code: 'migrations',
            state: 'unknown',
            message: 'It is not known whether migrations lie between.',
          },
        ],
        possible: false,
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

/** The person who looks may break the glass. */
export const withEmergency: Partial<RollbackOptions> = {
  emergency: { allowed: true },
};

export function auditItem(overrides: Partial<AuditItem> = {}): AuditItem {
  return {
    seq: 4711,
    at: NOW - 2 * HOUR,
    actor: 'user:default/cleo',
    login: 'cleo',
    action: 'approve',
    phase: 'succeeded',
    entityRef: ENTITY_REF,
    environment: 'production',
    runId: 'gh.1284',
    attempt: 2,
    sha: oldCommit.sha,
    comment: 'Refunds are checked with merchant support.',
    hash: 'ab'.repeat(32),
    ...overrides,
  };
}

/** One entry for each way in which an act can stand. */
export const everyEntry: AuditItem[] = [
  auditItem({ seq: 4716, action: 'rollback', phase: 'attempted' }),
  auditItem({ seq: 4715 }),
  auditItem({
    seq: 4714,
    action: 'rerun',
    phase: 'refused',
    outcome: {
      code: 'self_review',
      message: 'You cannot approve this: you started the run.',
    },
  }),
  auditItem({
    seq: 4713,
    action: 'cancel',
    phase: 'failed',
    outcome: { code: 'act_failed', message: 'GitHub said no.' },
  }),
  auditItem({ seq: 4712, action: 'dispatch', phase: 'unknown' }),
  auditItem({
    seq: 4711,
    actor: 'plugin:delivery',
    login: undefined,
    action: 'configuration',
    phase: 'recorded',
    environment: undefined,
    runId: undefined,
    sha: undefined,
    comment: undefined,
  }),
];

export function auditList(overrides: Partial<AuditList> = {}): AuditList {
  return {
    items: [auditItem()],
    head: { seq: 4720, hash: 'cd'.repeat(32) },
    asOf: NOW,
    ...overrides,
  };
}

export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: 'f'.repeat(24),
    kind: 'break_glass',
    entityRef: ENTITY_REF,
    environment: 'production',
    at: NOW - HOUR,
    message: 'ravi rolled production back past its rules: payments fail.',
    runId: 'gh.1284',
    sha: oldCommit.sha,
    by: 'user:default/ravi',
    state: 'open',
    ...overrides,
  };
}

export const everyFinding: Finding[] = [
  finding(),
  finding({
    id: 'e'.repeat(24),
    kind: 'unapproved_deployment',
    message: 'Production was deployed and nobody is known to have approved it.',
    by: undefined,
  }),
  finding({
    id: 'd'.repeat(24),
    kind: 'decided_elsewhere',
    message: 'cleo approved at GitHub, not here.',
    by: 'user:default/cleo',
  }),
  finding({
    id: 'c'.repeat(24),
    kind: 'unprotected_environment',
    message: 'No reviewer holds production.',
    by: undefined,
    runId: undefined,
    sha: undefined,
    state: 'reviewed',
    review: {
      by: 'user:default/dana',
      at: NOW - 30 * MINUTE,
      comment: 'Reviewers are set now.',
    },
  }),
];

export function findings(overrides: Partial<Findings> = {}): Findings {
  return { items: [], asOf: NOW, ...overrides };
}

/** An act that a rule for production refused. */
export function refusedOperation(code: string, message: string): ActOperation {
  return {
    id: OPERATION_ID,
    kind: 'rerun',
    entityRef: ENTITY_REF,
    state: 'refused',
    steps: [
      { code: 'identity', state: 'done' },
      { code: 'rules', state: 'failed', message },
      { code: 'sent', state: 'pending' },
    ],
    outcome: { code, message, auditSeq: 4714 },
    startedAt: NOW - 3000,
    endedAt: NOW,
  };
}
