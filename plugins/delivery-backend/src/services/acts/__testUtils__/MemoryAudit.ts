import type { AuditEntry } from '../../../database/AuditStore';
import type { AuditLog } from '../../auditing/AuditLog';

/** An audit that chains by counting, and can be full. */
export class MemoryAudit implements AuditLog {
  enabled = true;
  readonly entries: AuditEntry[] = [];
  /** Asked before each; throwing means that it cannot be written. */
  before: (phase: string) => void = () => {};

  constructor(private readonly now: () => number) {}

  append: AuditLog['append'] = async content => {
    this.before(content.phase);
    const seq = this.entries.length + 1;
    const text = JSON.stringify({ ...content, at: this.now() });
    const entry: AuditEntry = {
      seq,
      content: JSON.parse(text),
      previousHash: '',
      hash: `${seq}`.padStart(64, '0'),
      signature: '',
      keyId: '',
    };
    this.entries.push(entry);
    return entry;
  };

  phases(): string[] {
    return this.entries.map(
      ({ content: { action, phase, outcome } }) =>
        `${action} ${phase}${outcome ? ` ${outcome.code}` : ''}`,
    );
  }
}
