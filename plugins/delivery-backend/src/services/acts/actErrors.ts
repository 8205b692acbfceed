import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { withCode } from '../errors';

/** Why nobody, or not this caller, acts at all: the same words for an answer and for a button. */
export const NOT_AT_ALL = {
  permissions_disabled:
    'Nobody can act, because the permission framework of this portal is off and would allow everything to everyone. The platform team sets permission.enabled: true.',
  not_a_person:
    'Only a person with a User entity in the catalog can act; a guest or a service cannot. Sign in with your own account.',
  on_behalf_of:
    'Nobody can act on behalf of somebody else, not even an assistant of theirs. Open the page and do it yourself.',
  audit_not_configured:
    'Without a key that signs the audit nobody can act. The platform team sets delivery.audit.signingKey; docs/audit.md shows how.',
};
export type NotAtAll = keyof typeof NOT_AT_ALL;

export function notAtAll(code: NotAtAll): NotAllowedError {
  return withCode(new NotAllowedError(NOT_AT_ALL[code]), code);
}

export function entityNotFound(entityRef: string): NotFoundError {
  return withCode(
    new NotFoundError(
      `There is no ${entityRef} in the catalog, or you may not see it.`,
    ),
    'entity_not_found',
    { entityRef },
  );
}

export function runNotFound(runKey: string): NotFoundError {
  return withCode(
    new NotFoundError(
      `There is no run ${runKey} of a service that you may see.`,
    ),
    'run_not_found',
    { run: runKey },
  );
}

export function approvalNotFound(id: string): NotFoundError {
  return withCode(
    new NotFoundError(
      `There is no approval ${id} of a service that you may see.`,
    ),
    'approval_not_found',
    { approval: id },
  );
}

export function operationNotFound(id: string): NotFoundError {
  return withCode(
    new NotFoundError(
      `There is no operation ${id} of a service that you may see.`,
    ),
    'operation_not_found',
    { operation: id },
  );
}

/** The page shows something that is not so any more. */
export function stale(message: string, params: Record<string, string> = {}) {
  return withCode(new ConflictError(message), 'stale_view', params);
}

/** The vendor of these pipelines lets nobody act from here. */
export function actsUnsupported(host: string): ConflictError {
  return withCode(
    new ConflictError(
      `Nothing can be done at ${host} from here; do it on its own page.`,
    ),
    'acts_unsupported',
    { host },
  );
}
