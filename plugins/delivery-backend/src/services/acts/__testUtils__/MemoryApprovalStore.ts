import type { Finding } from 'backstage-plugin-delivery-common';
import type { PortalRequest } from 'backstage-plugin-delivery-common/domain';
import type {
  ApprovalRow,
  ApprovalStore,
  BeginResult,
  OperationRow,
} from '../../../database/ApprovalStore';

/** Keeps rows as JSON, as a database does; `broken` makes it read-only. */
export class MemoryApprovalStore implements ApprovalStore {
  readonly #approvals = new Map<string, string>();
  readonly #operations = new Map<string, string>();
  readonly #leases = new Map<string, { id: string; until: number }>();
  readonly #requests = new Map<string, PortalRequest[]>();
  readonly #findings = new Map<string, Finding>();
  /** Everything that was ever written, as text. */
  readonly written: string[] = [];
  broken = false;

  constructor(private readonly now: () => number) {}

  #write(value: unknown): string {
    if (this.broken) throw new Error('attempt to write a readonly database');
    const text = JSON.stringify(value);
    this.written.push(text);
    return text;
  }

  all(): OperationRow[] {
    return [...this.#operations.values()].map(text => JSON.parse(text));
  }

  async saveApprovals(rows: ApprovalRow[]): Promise<ApprovalRow[]> {
    rows.forEach(row => this.#approvals.set(row.id, this.#write(row)));
    return rows;
  }

  async approval(id: string): Promise<ApprovalRow | undefined> {
    const text = this.#approvals.get(id);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async approvalsOfRuns(): Promise<ApprovalRow[]> {
    return [];
  }

  async approvals(): Promise<ApprovalRow[]> {
    return [];
  }

  async beginOperation(
    row: OperationRow,
    leaseUntil: number,
  ): Promise<BeginResult> {
    const text = this.#write(row);
    const same = this.all().find(
      item =>
        item.actorRef === row.actorRef &&
        item.idempotencyKey === row.idempotencyKey,
    );
    if (same) return { kind: 'same', operation: same };
    const lease = this.#leases.get(row.leaseKey);
    const holder = lease && (await this.operation(lease.id));
    if (lease && lease.until > this.now()) return { kind: 'busy', holder };
    if (holder?.state === 'running') {
      await this.saveOperation({ ...holder, state: 'unknown' });
    }
    this.#leases.set(row.leaseKey, { id: row.id, until: leaseUntil });
    this.#operations.set(row.id, text);
    return { kind: 'begun' };
  }

  async saveOperation(row: OperationRow): Promise<void> {
    this.#operations.set(row.id, this.#write(row));
    const lease = this.#leases.get(row.leaseKey);
    if (row.state !== 'running' && lease?.id === row.id) {
      this.#leases.delete(row.leaseKey);
    }
  }

  async operation(id: string): Promise<OperationRow | undefined> {
    return this.all().find(row => row.id === id);
  }

  async operationOfApproval(id: string): Promise<OperationRow | undefined> {
    return this.all().findLast(row => row.approvalId === id);
  }

  async unsettledOperations(now: number): Promise<OperationRow[]> {
    return this.all().filter(row => {
      const lease = this.#leases.get(row.leaseKey);
      const isHeld = lease?.id === row.id && lease.until > now;
      return row.state === 'unknown' || (row.state === 'running' && !isHeld);
    });
  }

  async settledOfLease(leaseKey: string): Promise<OperationRow | undefined> {
    return this.all().findLast(
      row =>
        row.leaseKey === leaseKey &&
        ['succeeded', 'unknown'].includes(row.state),
    );
  }

  async saveRequest(runKey: string, request: PortalRequest): Promise<void> {
    this.#write(request);
    this.#requests.set(runKey, [
      ...(this.#requests.get(runKey) ?? []),
      request,
    ]);
  }

  async requests(runKey: string): Promise<PortalRequest[]> {
    return this.#requests.get(runKey) ?? [];
  }

  async addFindings(rows: Finding[]): Promise<Finding[]> {
    rows.forEach(row => {
      this.#write(row);
      this.#findings.set(row.id, row);
    });
    return rows;
  }

  async finding(id: string): Promise<Finding | undefined> {
    return this.#findings.get(id);
  }

  async findings(): Promise<Finding[]> {
    return [...this.#findings.values()];
  }

  async reviewFinding(): Promise<Finding | undefined> {
    return undefined;
  }

  async dropFindings(ids: string[]): Promise<void> {
    ids.forEach(id => this.#findings.delete(id));
  }
}
