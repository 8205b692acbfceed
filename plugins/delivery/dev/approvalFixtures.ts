import type {
  ActOperation,
  ApprovalDetail,
  ApprovalList,
  ApprovalSummary,
  MyActs,
} from 'backstage-plugin-delivery-common';
import { NEW_SHA, OLD_SHA } from './environmentFixtures';
import { ENTITY_REF, HOSTILE, MINUTE, NOW, SCRIPT_URL } from './fixtures';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const REPOSITORY = 'https://github.com/vaultex/vaultex';

export const APPROVAL_ID = 'a1b2c3d4e5f60718293a4b5c';
export const OPERATION_ID = '0b1c2d3e-4f50-4617-8a9b-0c1d2e3f4a5b';

export function approval(
  overrides: Partial<ApprovalSummary> = {},
): ApprovalSummary {
  return {
    id: APPROVAL_ID,
    services: [ENTITY_REF],
    environment: 'production',
    vendorEnvironment: 'production',
    tier: 'production',
    gate: 'github-reviewers',
    runId: 'gh.1287',
    runNumber: 1287,
    attempt: 1,
    title: 'Fix rounding in refunds',
    sha: NEW_SHA,
    branch: 'main',
    requestedBy: { login: 'dana', userRef: 'user:default/dana' },
    since: NOW - 6 * MINUTE,
    expiresAt: NOW + 29 * DAY,
    state: 'waiting',
    mine: true,
    ...overrides,
  };
}

export const approvedOne = approval({
  id: 'b1b2c3d4e5f60718293a4b5c',
  runId: 'gh.1284',
  runNumber: 1284,
  title: 'Add idempotency key',
  sha: OLD_SHA,
  state: 'approved',
  mine: undefined,
  decided: {
    by: { login: 'cleo', userRef: 'user:default/cleo' },
    at: NOW - 2 * HOUR,
    comment: 'Refunds are checked with merchant support.',
    via: 'portal',
  },
});

/** One in every state there is. */
export const everyApproval: ApprovalSummary[] = [
  approvedOne,
  approval({
    id: 'c1b2c3d4e5f60718293a4b5c',
    state: 'rejected',
    decided: {
      by: { login: 'ravi' },
      at: NOW - 3 * HOUR,
      comment: 'The migration is not expand-only.',
      via: 'vendor',
    },
  }),
  approval({ id: 'd1b2c3d4e5f60718293a4b5c', state: 'cancelled' }),
  approval({ id: 'e1b2c3d4e5f60718293a4b5c', state: 'superseded', attempt: 2 }),
  approval({ id: 'f1b2c3d4e5f60718293a4b5c', state: 'expired' }),
  approval({ id: 'a2b2c3d4e5f60718293a4b5c', state: 'unknown' }),
];

export function approvalList(
  items: ApprovalSummary[] = [approval()],
  overrides: Partial<ApprovalList> = {},
): ApprovalList {
  return {
    items,
    count: items.filter(({ mine, state }) => mine && state === 'waiting')
      .length,
    asOf: NOW - 2000,
    ...overrides,
  };
}

export function approvalDetail(
  overrides: Partial<ApprovalDetail> = {},
): ApprovalDetail {
  return {
    approval: approval(),
    gate: {
      kind: 'github-reviewers',
      title: 'GitHub required reviewers',
      enforces: [
        'one of the named reviewers approves before the job starts',
        'nobody approves what they started themselves',
      ],
      doesNotPrevent: [
        'an approval on github.com finishes it, without the checks of this portal',
        'one approval is enough: the portal cannot ask for a second',
      ],
    },
    reviewers: [
      { kind: 'user', name: 'cleo', you: true, may: 'yes' },
      { kind: 'team', name: 'vaultex/release', you: false, may: 'unknown' },
      {
        kind: 'user',
        name: 'dana',
        you: false,
        may: 'no',
        reason: 'author, asked for it',
      },
    ],
    you: { allowed: true },
    policy: [
      {
        code: 'prevent_self_review',
        state: 'pass',
        message: 'Self-review is prevented.',
      },
      {
        code: 'admin_bypass',
        state: 'warn',
        message: 'Administrators can go past the gate at GitHub.',
      },
      { code: 'freeze', state: 'pass', message: 'No freeze window.' },
    ],
    changes: [
      {
        kind: 'image',
        name: 'image vaultex-api',
        running: `${OLD_SHA} · sha256:${'1c9a'.repeat(16)}`,
        incoming: `${NEW_SHA} · sha256:${'e07b'.repeat(16)}`,
        tag: 'changed',
      },
      {
        kind: 'migrations',
        name: 'database migrations',
        running: 'V30',
        incoming: 'V31 refund_rounding',
        tag: 'new',
        detail: ['db/migrate/V31__refund_rounding.sql'],
      },
      {
        kind: 'infrastructure',
        name: 'old worker',
        running: ':12',
        tag: 'removed',
      },
      {
        kind: 'infrastructure',
        name: 'infrastructure',
        tag: 'unchanged',
      },
    ],
    commits: {
      status: 'ahead',
      items: [
        {
          sha: NEW_SHA,
          title: 'Fix rounding in refunds',
          author: 'dana',
          at: NOW - 40 * MINUTE,
          pullRequest: 415,
          url: `${REPOSITORY}/commit/${NEW_SHA}`,
        },
        {
          sha: '5d20e4c1f2a3b4c5d6e7f8091a2b3c4d5e6f7081',
          title: 'Log merchant id with refunds',
          author: 'dana',
          at: NOW - 5 * HOUR,
          pullRequest: 413,
        },
        {
          sha: '44ab9f00b2d34e5f6a7b8c9d0e1f2a3b4c5d6e7f',
          title: 'Bump pg to 8.13.1',
          at: NOW - 26 * HOUR,
        },
      ],
      total: 3,
      people: 2,
      url: `${REPOSITORY}/compare/71be2d0...9f31c07`,
    },
    migrations: ['db/migrate/V31__refund_rounding.sql'],
    size: { files: 14, additions: 212, deletions: 60, atLeast: false },
    checks: [
      {
        name: 'unit and integration tests',
        state: 'pass',
        conclusion: 'success',
        at: NOW - 14 * MINUTE,
        url: `${REPOSITORY}/actions/runs/1287/job/501`,
      },
      { name: 'image scan', state: 'pending', at: NOW - 14 * MINUTE },
    ],
    soak: {
      environment: 'staging',
      state: 'same',
      since: NOW - 14 * MINUTE,
      health: 'healthy',
      requiredMs: 10 * MINUTE,
      message: 'staging runs this commit and is healthy.',
    },
    risk: [
      {
        code: 'migration_failed_before',
        level: 'warn',
        message:
          'The last production deployment with a migration failed 12 days ago.',
        runId: 'gh.1231',
      },
    ],
    viewHash: 'view-1',
    problems: [],
    url: `${REPOSITORY}/actions/runs/1287`,
    repositoryUrl: REPOSITORY,
    signalKey: 'k1',
    asOf: NOW - 2000,
    ...overrides,
  };
}

const STEPS = [
  'identity',
  'fresh_read',
  'rules',
  'checks',
  'sent',
  'confirmed',
];

/** An operation with so many steps done and the next one running. */
export function operation(
  done: number,
  overrides: Partial<ActOperation> = {},
): ActOperation {
  return {
    id: OPERATION_ID,
    kind: 'approve',
    entityRef: ENTITY_REF,
    state: 'running',
    steps: STEPS.map((code, index) => {
      if (index < done) return { code, state: 'done' as const };
      return { code, state: index === done ? ('running' as const) : 'pending' };
    }),
    startedAt: NOW - 3000,
    ...overrides,
  };
}

export const approvedOperation = operation(STEPS.length, {
  state: 'succeeded',
  outcome: {
    code: 'approved',
    message: 'GitHub confirmed it: approved by cleo.',
    runId: 'gh.1287',
    url: `${REPOSITORY}/actions/runs/1287`,
    auditSeq: 4711,
  },
  endedAt: NOW,
});

export function myActs(overrides: Partial<MyActs> = {}): MyActs {
  const yes = { allowed: true };
  return {
    entityRef: ENTITY_REF,
    repositoryUrl: REPOSITORY,
    rerun: yes,
    cancel: yes,
    dispatch: yes,
    decide: yes,
    rollback: yes,
    breakGlass: yes,
    readAudit: yes,
    asOf: NOW,
    ...overrides,
  };
}

/** Texts of people we do not know, everywhere one can come from. */
export function hostileDetail(): ApprovalDetail {
  const base = approvalDetail();
  return {
    ...base,
    approval: approval({
      title: HOSTILE,
      environment: HOSTILE.slice(0, 250),
      branch: HOSTILE,
      requestedBy: { login: HOSTILE },
    }),
    gate: {
      kind: 'unknown',
      title: HOSTILE,
      enforces: [HOSTILE],
      doesNotPrevent: [HOSTILE],
    },
    reviewers: [
      {
        kind: 'unknown',
        name: HOSTILE,
        you: false,
        may: 'no',
        reason: HOSTILE,
      },
    ],
    you: { allowed: false, reason: { code: 'x', message: HOSTILE } },
    policy: [{ code: 'x', state: 'unknown', message: HOSTILE }],
    changes: [
      {
        kind: HOSTILE,
        name: HOSTILE,
        running: HOSTILE,
        incoming: HOSTILE,
        tag: 'unknown',
        detail: [HOSTILE],
      },
    ],
    commits: {
      status: 'diverged',
      items: [
        { sha: HOSTILE, title: HOSTILE, author: HOSTILE, url: SCRIPT_URL },
      ],
      total: 251,
      people: 1,
      url: SCRIPT_URL,
    },
    migrations: [HOSTILE],
    checks: [
      { name: HOSTILE, state: 'fail', conclusion: HOSTILE, url: SCRIPT_URL },
    ],
    soak: { environment: HOSTILE, state: 'other', message: HOSTILE },
    risk: [{ code: 'x', level: 'info', message: HOSTILE }],
    problems: [{ code: 'x', message: HOSTILE }],
    url: SCRIPT_URL,
  };
}
