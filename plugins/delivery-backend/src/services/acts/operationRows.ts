import { isError } from '@backstage/errors';
import type {
  ActOperation,
  AuditPhase,
} from 'backstage-plugin-delivery-common';
import { VendorRefusal } from 'backstage-plugin-delivery-node';
import type { OperationRow } from '../../database/ApprovalStore';
import type { AuditContent } from '../../database/AuditStore';
import type { ActOutcome, ActSubject } from './ActRunner';
import { Refusal } from './Refusal';

/** How an act ended. */
export interface Ending {
  state: 'succeeded' | 'refused' | 'failed' | 'unknown';
  outcome: ActOutcome;
}

/** Keys of {@link OperationRow.resume} that the runner itself uses. */
const SUBJECT = 'subject';
const ENTRY = 'entry';

/** Codes of this plugin and its providers; databases and sockets write theirs in capitals. */
const OWN_CODE = /^[a-z][a-z0-9_]*$/;

/** The operation as its page sees it: without whose click it was and what is kept for settling it. */
export function toOperation(row: OperationRow): ActOperation {
  const { id, kind, entityRef, state, steps, outcome, startedAt, endedAt } =
    row;
  return { id, kind, entityRef, state, steps, outcome, startedAt, endedAt };
}

/** Keeps what the act is about, for the entry that somebody else may have to write. */
export function withSubject(
  resume: Record<string, string>,
  subject: ActSubject,
): Record<string, string> {
  return { ...resume, [SUBJECT]: JSON.stringify(subject) };
}

/** Keeps an entry that could not be written. */
export function withEntry(
  row: OperationRow,
  entry: Omit<AuditContent, 'at'>,
): OperationRow {
  return {
    ...row,
    state: 'unknown',
    resume: { ...row.resume, [ENTRY]: JSON.stringify(entry) },
  };
}

/** The entry that could not be written, with how the act ended; undefined: the act's end is not known. */
export function keptEntry(
  row: OperationRow,
): { entry: Omit<AuditContent, 'at'>; state: Ending['state'] } | undefined {
  const text = row.resume[ENTRY];
  if (text === undefined) return undefined;
  const entry = JSON.parse(text) as Omit<AuditContent, 'at'>;
  const ends: Ending['state'][] = ['succeeded', 'refused', 'failed'];
  const state = ends.find(end => end === entry.phase);
  return state && { entry, state };
}

/** What the act was about, as kept by {@link withSubject}. */
export function subjectOf(row: OperationRow): ActSubject {
  const text = row.resume[SUBJECT];
  return text === undefined
    ? { entityRef: row.entityRef }
    : (JSON.parse(text) as ActSubject);
}

/** An entry about an operation. */
export function entryOf(
  row: OperationRow,
  phase: AuditPhase,
  outcome?: ActOutcome,
): Omit<AuditContent, 'at'> {
  return {
    ...subjectOf(row),
    actor: row.actorRef,
    action: row.kind,
    phase,
    operationId: row.id,
    ...(outcome
      ? { outcome: { code: outcome.code, message: outcome.message } }
      : {}),
  };
}

/** True once the act may have reached a vendor. An act without such a step may have at any time. */
export function mayBeSent(row: OperationRow): boolean {
  const sent = row.steps.find(step => step.code === 'sent');
  return sent === undefined || sent.state !== 'pending';
}

/** The machine-readable part of an error of ours. */
export function codeOf(
  error: unknown,
): { code: string; params: Record<string, string> } | undefined {
  if (!isError(error)) return undefined;
  const { code, params } = error as { code?: unknown; params?: unknown };
  if (typeof code !== 'string' || !OWN_CODE.test(code)) return undefined;
  return { code, params: (params ?? {}) as Record<string, string> };
}

/** What the work's error means for the act. Text of vendors and of the database stays out of it. */
export function endingOf(error: unknown, row: OperationRow): Ending {
  if (error instanceof Refusal) {
    const { code, message, params } = error.refusal;
    return { state: 'refused', outcome: { code, message, params } };
  }
  if (error instanceof VendorRefusal) {
    const { code, message, params } = error;
    return { state: 'failed', outcome: { code, message, params } };
  }
  if (mayBeSent(row)) {
    return {
      state: 'unknown',
      outcome: {
        code: 'outcome_unknown',
        message:
          'It was sent, and nobody knows yet whether it was done. The portal looks again by itself and never sends it twice; the vendor’s page shows it too.',
      },
    };
  }
  const known = codeOf(error);
  return {
    state: 'failed',
    outcome: known
      ? {
          code: known.code,
          message: `Nothing was sent. ${(error as Error).message}`,
          params: known.params,
        }
      : {
          code: 'act_failed',
          message: `Nothing was sent: the portal failed before. Try again; if it stays, the platform team finds the reason in the log under ${row.id}.`,
        },
  };
}
