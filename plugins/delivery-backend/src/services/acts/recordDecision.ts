import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';

/** A decision that was made here and stands at the vendor. */
export interface Decided {
  approval: ApprovalRow;
  /** Entity ref of the user. */
  actor: string;
  /** Their account at the vendor. */
  login: string;
  decision: 'approve' | 'reject';
  comment: string;
  operationId: string;
  /** What was different when it was read again afterwards: something else may have been let in. */
  other: string[];
}

/** Stores a decision as it now stands, on top of what was read of the approval meanwhile. */
export async function recordDecision(
  store: Pick<ApprovalStore, 'approval' | 'saveApprovals'>,
  decided: Decided,
  at: number,
): Promise<ApprovalRow> {
  const { actor, login, decision, comment } = decided;
  const newest =
    (await store.approval(decided.approval.id)) ?? decided.approval;
  const row: ApprovalRow = {
    ...newest,
    state: decision === 'approve' ? 'approved' : 'rejected',
    closedAt: newest.closedAt ?? at,
    decided: { login, userRef: actor, at, comment, via: 'portal' },
    updatedAt: at,
  };
  await store.saveApprovals([row]);
  return row;
}
