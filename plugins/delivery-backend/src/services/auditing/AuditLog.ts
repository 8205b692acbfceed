import type { AuditContent, AuditEntry } from '../../database/AuditStore';

/** Writes to the audit. */
export interface AuditLog {
  /** True when a signing key is configured: without one nobody can act. */
  readonly enabled: boolean;
  /** Appends, signs, and tells the core auditor the new head. Throws when it cannot be written. */
  append(content: Omit<AuditContent, 'at'>): Promise<AuditEntry>;
}
