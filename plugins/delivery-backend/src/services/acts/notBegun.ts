import {
  ConflictError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { OperationRow } from '../../database/ApprovalStore';
import { withCode } from '../errors';
import { codeOf } from './operationRows';
import { Refusal } from './Refusal';

export function notConfigured(): Error {
  return withCode(
    new NotAllowedError(
      'Nothing was sent: without a key that signs the audit nobody can act. The platform team sets delivery.audit.signingKey; docs/audit.md shows how.',
    ),
    'audit_not_configured',
    { key: 'delivery.audit.signingKey' },
  );
}

export function notWritable(): Error {
  return withCode(
    new ServiceUnavailableError(
      'Nothing was sent: the portal cannot write to its audit now. Try again in a moment; if it stays, tell the platform team.',
    ),
    'audit_not_writable',
  );
}

export function closing(): Error {
  return withCode(
    new ServiceUnavailableError(
      'Nothing was sent: the portal is being restarted. Try again in a moment.',
    ),
    'shutting_down',
  );
}

export function refusalOf(error: Error) {
  const { code = 'refused', params = {} } = codeOf(error) ?? {};
  return { code, message: error.message, params };
}

export function inProgress(holder: OperationRow | undefined): Refusal {
  const who = holder?.actorRef ?? 'Somebody else';
  return new Refusal({
    code: 'act_in_progress',
    status: 409,
    message: `Nothing was sent: ${who} is doing this right now. Wait for how it ends.`,
    params: holder ? { actor: holder.actorRef, operationId: holder.id } : {},
  });
}

export function decidedBefore(earlier: OperationRow): Refusal {
  const isKnown = earlier.state === 'succeeded';
  return new Refusal({
    code: isKnown ? 'already_decided' : 'decision_unknown',
    status: 409,
    message: isKnown
      ? `Nothing was sent: ${earlier.actorRef} decided this already.`
      : `Nothing was sent: ${earlier.actorRef} decided this, and it is not known yet whether it reached the vendor. It is never sent twice; look at the vendor’s page.`,
    params: { actor: earlier.actorRef, operationId: earlier.id },
  });
}

export function usedBefore(): ConflictError {
  return withCode(
    new ConflictError(
      'Nothing was sent: this click was used for something else before. Load the page again.',
    ),
    'idempotency_key_used',
  );
}
