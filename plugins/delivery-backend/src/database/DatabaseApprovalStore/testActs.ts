import type { Finding } from 'backstage-plugin-delivery-common';
import type { ApprovalRow, OperationRow } from '../ApprovalStore';

/** Rows for tests of the store: small, complete, each overridable. */
export const NOON = Date.UTC(2026, 10, 20, 12);
const hex = (n: number) => n.toString(16).padStart(24, '0');

export function approvalRow(
  n: number,
  more: Partial<ApprovalRow> = {},
): ApprovalRow {
  return {
    id: hex(n),
    runKey: `github_com.${n}`,
    repoKey: 'github_com.7',
    attempt: 1,
    environment: 'production/eu',
    sha: 'a'.repeat(40),
    state: 'waiting',
    openedAt: NOON + n,
    closedAt: undefined,
    requestedBy: 'dana',
    candidates: [{ kind: 'team', id: '5', name: 'acme/leads' }],
    decided: undefined,
    notifiedAt: undefined,
    updatedAt: NOON + n,
    ...more,
  };
}

export function operationRow(
  n: number,
  more: Partial<OperationRow> = {},
): OperationRow {
  return {
    id: `op-${String(n).padStart(5, '0')}`,
    kind: 'approve',
    entityRef: 'component:default/api',
    state: 'running',
    steps: [{ code: 'identity', state: 'running' }],
    outcome: undefined,
    startedAt: NOON + n,
    endedAt: undefined,
    actorRef: 'user:default/mei',
    idempotencyKey: `click-${String(n).padStart(12, '0')}`,
    approvalId: hex(1),
    leaseKey: 'decision:production',
    resume: { run: 'github_com.1' },
    ...more,
  };
}

export function findingRow(n: number, more: Partial<Finding> = {}): Finding {
  return {
    id: hex(n),
    kind: 'unapproved_deployment',
    entityRef: 'component:default/api',
    environment: 'production',
    at: NOON + n,
    message: 'Nobody who is known approved it.',
    state: 'open',
    ...more,
  };
}
