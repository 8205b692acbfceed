import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { isError, ServiceUnavailableError } from '@backstage/errors';
import type {
  AuditContent,
  AuditEntry,
  AuditStore,
} from '../../database/AuditStore';
import { withCode } from '../errors';
import type { AuditLog } from './AuditLog';
import { createAuditSigner } from './seal';

/** What the log works with. */
export interface AuditLogOptions {
  store: Pick<AuditStore, 'append'>;
  /** Private Ed25519 key as PEM; undefined: nothing can be written. */
  key: string | undefined;
  auditor: AuditorService;
  logger: LoggerService;
  now: () => number;
}

/**
 * The audit, as the rest of the plugin writes to it. Every new head is told to the core auditor as well: an anchor outside the database,
 * without which nobody sees that the end of the log was cut off.
 *
 * @throws `Error` when the key is none of Ed25519
 */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const { key, store, now } = options;
  const signer = key === undefined ? undefined : createAuditSigner(key);
  return {
    enabled: signer !== undefined,
    async append(told) {
      if (!signer) throw notEnabled();
      try {
        const content = { at: now(), ...told };
        const entry = await store.append(content, signer.seal);
        await tellHead(options, entry);
        return entry;
      } catch (error) {
        await tellFailure(options, told, error);
        throw withCode(
          new ServiceUnavailableError(
            'The audit cannot be written now, so nothing is done that it would have to record; try again later, or ask the platform team to look at the database.',
          ),
          'audit_not_writable',
        );
      }
    },
  };
}

function notEnabled(): Error {
  return withCode(
    new ServiceUnavailableError(
      'No signing key of the audit is configured, so nothing can be recorded; set delivery.audit.signingKey, see docs/audit.md.',
    ),
    'audit_not_configured',
  );
}

/** What is told goes to the log of the portal: a lower level than this would not be printed there by default. */
const severityLevel = 'medium';

/** The entry is written already: a failure here must not read as if it were not. */
async function tellHead(
  { auditor, logger }: AuditLogOptions,
  { seq, hash, content }: AuditEntry,
): Promise<void> {
  try {
    const event = await auditor.createEvent({
      eventId: 'delivery.audit',
      severityLevel,
      meta: { ...aboutOf(content), seq, hash },
    });
    await event.success();
  } catch (error) {
    logger.warn('The core auditor was not told the head of the audit', {
      ...{ seq, reason: nameOf(error) },
    });
  }
}

/** Where the audit cannot be written this is the only place that says what was tried. */
async function tellFailure(
  { auditor, logger }: AuditLogOptions,
  told: Omit<AuditContent, 'at'>,
  error: unknown,
): Promise<void> {
  logger.error('The audit cannot be written', { reason: nameOf(error) });
  try {
    const event = await auditor.createEvent({
      eventId: 'delivery.audit',
      severityLevel,
      meta: aboutOf(told),
    });
    await event.fail({ error: new Error(nameOf(error)) });
  } catch (failure) {
    logger.error('The core auditor was not told either', {
      reason: nameOf(failure),
    });
  }
}

function aboutOf({
  actor,
  action,
  phase,
  entityRef,
}: Omit<AuditContent, 'at'>) {
  return { actor, action, phase, ...(entityRef && { entityRef }) };
}

/** Messages of the database hold whole statements with their values; its code says enough. */
function nameOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  const name = isError(error) ? error.name : 'Error';
  return typeof code === 'string' ? `${name} ${code}` : name;
}
