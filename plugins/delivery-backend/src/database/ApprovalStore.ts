import type {
  Act,
  ActOperation,
  ApprovalState,
  Finding,
  FindingKind,
} from 'backstage-plugin-delivery-common';
import type { PortalRequest } from 'backstage-plugin-delivery-common/domain';

/** A gate that holds one attempt of a run, or held it. */
export interface ApprovalRow {
  /** 24 hex digits, made of run, attempt and environment: the same in every replica. */
  id: string;
  runKey: string;
  repoKey: string;
  attempt: number;
  /** The vendor's name. */
  environment: string;
  sha: string;
  state: ApprovalState;
  openedAt: number;
  closedAt?: number;
  /** Login of who asked for the attempt. */
  requestedBy?: string;
  /** The vendor's reviewers as last read, with the users and groups of the catalog that stand for them. */
  candidates: {
    kind: 'user' | 'team' | 'unknown';
    id: string;
    name: string;
    ref?: string;
  }[];
  decided?: {
    login: string;
    userRef?: string;
    at?: number;
    comment?: string;
    via: 'portal' | 'vendor';
  };
  /** When those who may decide were told. */
  notifiedAt?: number;
  updatedAt: number;
}

/** An act under way, or done. */
export interface OperationRow extends Omit<ActOperation, 'kind'> {
  kind: Act;
  actorRef: string;
  idempotencyKey: string;
  approvalId?: string;
  /** What it holds while it runs: one act at a time. */
  leaseKey: string;
  /** Enough to find out later whether it was done; never a token. */
  resume: Record<string, string>;
}

/** Result of {@link ApprovalStore.beginOperation}. */
export type BeginResult =
  | { kind: 'begun' }
  /** The same click: this is its operation. */
  | { kind: 'same'; operation: OperationRow }
  /** Somebody holds the lease; its operation. */
  | { kind: 'busy'; holder: OperationRow | undefined };

/** Approvals, acts and findings. Every method is one transaction; SQLite and Postgres behave the same. */
export interface ApprovalStore {
  // -- approvals ------------------------------------------------------------------------------------------------------
  /** Inserts or replaces; gives back those that really differ from what was stored. */
  saveApprovals(rows: ApprovalRow[]): Promise<ApprovalRow[]>;
  approval(id: string): Promise<ApprovalRow | undefined>;
  /** Newest first. */
  approvalsOfRuns(runKeys: string[]): Promise<ApprovalRow[]>;
  /**
   * Waiting ones oldest first (`open`), all others newest first, after the cursor: id of the last one and its time, which is `openedAt`
   * of a waiting one and `closedAt ?? openedAt` of another.
   */
  approvals(query: {
    scope: 'open' | 'closed';
    /** Of the runs of these services; undefined: all. */
    entityRefs?: string[];
    after?: { at: number; id: string };
    limit: number;
  }): Promise<ApprovalRow[]>;

  // -- operations -----------------------------------------------------------------------------------------------------
  /**
   * Inserts the operation and takes its lease until `leaseUntil`. A lease whose time is over does not hinder: its operation becomes
   * `unknown` in the same transaction, when it was still running. Time is that of `row.startedAt`.
   */
  beginOperation(row: OperationRow, leaseUntil: number): Promise<BeginResult>;
  /**
   * Saves steps and outcome; releases the lease when the state is not `running`. Somebody late sets nothing back: `unknown` does not
   * replace an end that is known.
   *
   * @throws `Error` when it is saved as `running` and is not running any more, because it ended or its lease was taken over
   */
  saveOperation(row: OperationRow): Promise<void>;
  operation(id: string): Promise<OperationRow | undefined>;
  /** Newest operation of an approval. */
  operationOfApproval(approvalId: string): Promise<OperationRow | undefined>;
  /** Of which nobody knows the end: `unknown`, or `running` with a lease that is over. */
  unsettledOperations(now: number): Promise<OperationRow[]>;
  /** An operation of that lease ended `succeeded` or `unknown` before: it may not be sent again. */
  settledOfLease(leaseKey: string): Promise<OperationRow | undefined>;

  // -- who asked ------------------------------------------------------------------------------------------------------
  saveRequest(runKey: string, request: PortalRequest): Promise<void>;
  requests(runKey: string): Promise<PortalRequest[]>;

  // -- findings -------------------------------------------------------------------------------------------------------
  /** Inserts those whose id is new; gives them back. */
  addFindings(rows: Finding[]): Promise<Finding[]>;
  finding(id: string): Promise<Finding | undefined>;
  /** Newest first, 500 at most. */
  findings(query: {
    entityRefs?: string[];
    kinds?: FindingKind[];
    state?: 'open';
  }): Promise<Finding[]>;
  /** Undefined: there is none, or it is reviewed already. */
  reviewFinding(
    id: string,
    review: NonNullable<Finding['review']>,
  ): Promise<Finding | undefined>;
  /** Open findings of that kind that are not true any more (a later read told the approver). */
  dropFindings(ids: string[]): Promise<void>;
}
