import type { Finding } from 'backstage-plugin-delivery-common';
import type { PortalRequest } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type {
  ApprovalRow,
  ApprovalStore,
  OperationRow,
} from '../ApprovalStore';
import * as gates from './approvalTable';
import * as found from './findingTable';
import * as acts from './operationTable';

type Parameter<
  TName extends keyof ApprovalStore,
  TAt extends number,
> = Parameters<ApprovalStore[TName]>[TAt];

/** {@link ApprovalStore} on SQLite and Postgres; the tables must be there already. */
export class DatabaseApprovalStore implements ApprovalStore {
  constructor(private readonly db: Knex) {}

  saveApprovals(rows: ApprovalRow[]) {
    return this.db.transaction(tx => gates.saveApprovals(tx, rows));
  }

  approval(id: string) {
    return gates.approval(this.db, id);
  }

  approvalsOfRuns(runKeys: string[]) {
    return gates.approvalsOfRuns(this.db, runKeys);
  }

  approvals(query: Parameter<'approvals', 0>) {
    return gates.approvals(this.db, query);
  }

  beginOperation(row: OperationRow, leaseUntil: number) {
    return this.db.transaction(tx => acts.beginOperation(tx, row, leaseUntil));
  }

  saveOperation(row: OperationRow) {
    return this.db.transaction(tx => acts.saveOperation(tx, row));
  }

  operation(id: string) {
    return acts.operation(this.db, id);
  }

  operationOfApproval(approvalId: string) {
    return acts.newestOperation(this.db, { approval_id: approvalId });
  }

  unsettledOperations(now: number) {
    return acts.unsettledOperations(this.db, now);
  }

  settledOfLease(leaseKey: string) {
    const settled: OperationRow['state'][] = ['succeeded', 'unknown'];
    return acts.newestOperation(this.db, { lease_key: leaseKey }, settled);
  }

  saveRequest(runKey: string, request: PortalRequest) {
    return acts.saveRequest(this.db, runKey, request);
  }

  requests(runKey: string) {
    return acts.requests(this.db, runKey);
  }

  addFindings(rows: Finding[]) {
    return this.db.transaction(tx => found.addFindings(tx, rows));
  }

  finding(id: string) {
    return found.finding(this.db, id);
  }

  findings(query: Parameter<'findings', 0>) {
    return found.findings(this.db, query);
  }

  reviewFinding(id: string, review: Parameter<'reviewFinding', 1>) {
    return found.reviewFinding(this.db, id, review);
  }

  dropFindings(ids: string[]) {
    return this.db.transaction(tx => found.dropFindings(tx, ids));
  }
}
