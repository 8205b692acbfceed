import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  type Act,
  type ActOperation,
  deliveryRunReadPermission,
} from 'backstage-plugin-delivery-common';
import type { ApprovalStore, OperationRow } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { Access } from '../Access';
import type { AuditLog } from '../auditing/AuditLog';
import { reasonOf } from './ActExecution';
import { operationNotFound } from './actErrors';
import type { ActOutcome } from './ActRunner';
import {
  codeOf,
  type Ending,
  entryOf,
  keptEntry,
  mayBeSent,
  subjectOf,
  toOperation,
} from './operationRows';
import { recordDecision, type Decided } from './recordDecision';
import {
  type Settlement,
  settleCancel,
  settleDecision,
  settleDispatch,
  settleRerun,
  type Unsettled,
} from './settleVendor';
import type { ProviderOf } from './vendorRefs';

/** What {@link Operations} is made of. */
export interface OperationsOptions {
  approvals: Pick<
    ApprovalStore,
    | 'operation'
    | 'saveOperation'
    | 'unsettledOperations'
    | 'approval'
    | 'saveApprovals'
  >;
  store: Pick<DeliveryStore, 'repository' | 'listRuns'>;
  access: Pick<Access, 'require'>;
  audit: AuditLog;
  providerOf: ProviderOf;
  logger: LoggerService;
  now: () => number;
  /** Told of every operation that was settled. */
  onChanged?: (operation: OperationRow) => void;
  /** Of a decision that turned out to stand. */
  onDecided?: (decided: Decided) => void;
  /** How acts that are not of a vendor's runs are looked for; undefined: still nobody knows. */
  settlers?: Partial<
    Record<Act, (row: OperationRow, signal: AbortSignal) => Promise<Settlement>>
  >;
}

type Settler = (
  unsettled: Unsettled,
  store: Pick<DeliveryStore, 'listRuns'>,
) => Promise<Settlement>;

const SETTLERS: Partial<Record<Act, Settler>> = {
  approve: settleDecision,
  reject: settleDecision,
  rerun: settleRerun,
  rerun_failed: settleRerun,
  cancel: settleCancel,
  dispatch: settleDispatch,
};

/** After that nobody will find it out any more. */
const GIVE_UP_MS = 24 * 60 * 60_000;

/** Looks at what was begun in people's names, and finds out about what nobody knows the end of. */
export class Operations {
  readonly #options: OperationsOptions;
  #settling: Promise<number> | undefined;

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  /**
   * @param approvalId - when given, the operation has to be of that approval
   * @throws `NotFoundError` `operation_not_found`, `NotAllowedError` `permission_missing`
   */
  async read(
    credentials: BackstageCredentials,
    operationId: string,
    approvalId?: string,
  ): Promise<ActOperation> {
    const row = await this.#options.approvals.operation(operationId);
    if (!row || (approvalId !== undefined && row.approvalId !== approvalId)) {
      throw operationNotFound(operationId);
    }
    try {
      await this.#options.access.require(
        credentials,
        row.entityRef,
        deliveryRunReadPermission,
      );
    } catch (error) {
      // Who may not see the service must not learn that there is such an operation.
      if (codeOf(error)?.code !== 'entity_not_found') throw error;
      throw operationNotFound(operationId);
    }
    return toOperation(row);
  }

  /**
   * Finds out about acts of which nobody knows the end, and writes their entries. Calls at the same time share one round.
   *
   * @returns how many were settled; those that could not be are tried again next time
   */
  async settle(signal: AbortSignal): Promise<number> {
    this.#settling ??= this.#settleAll(signal).finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settleAll(signal: AbortSignal): Promise<number> {
    const { approvals, now, logger } = this.#options;
    let settled = 0;
    for (const row of await approvals.unsettledOperations(now())) {
      if (signal.aborted) break;
      try {
        if (await this.#settleOne(row, signal)) settled++;
      } catch (error) {
        logger.warn('What became of an act could not be found out', {
          operation: row.id,
          reason: reasonOf(error),
        });
      }
    }
    return settled;
  }

  async #settleOne(row: OperationRow, signal: AbortSignal): Promise<boolean> {
    const kept = keptEntry(row);
    if (kept) {
      const { seq } = await this.#options.audit.append(kept.entry);
      await this.#save(row, kept.state, row.outcome, seq);
      return true;
    }
    const found = await this.#find(row, signal);
    const end = found ?? this.#givenUp(row);
    if (!end) return false;
    const identity = this.#identityOf(row);
    const { seq } = await this.#options.audit.append({
      ...entryOf(row, found ? end.state : 'unknown', end.outcome),
      detail: { settled: true, ...identity },
    });
    await this.#decided(row, end.state);
    await this.#save(row, end.state, end.outcome, seq);
    return true;
  }

  async #find(row: OperationRow, signal: AbortSignal): Promise<Settlement> {
    if (!mayBeSent(row)) {
      return {
        state: 'failed',
        outcome: {
          code: 'not_sent',
          message:
            'The portal was stopped before anything was sent. Nothing was done; do it again.',
        },
      };
    }
    const settler = SETTLERS[row.kind];
    if (!settler) return this.#options.settlers?.[row.kind]?.(row, signal);
    const { store, providerOf, now } = this.#options;
    const repository = await store.repository(row.resume.repoKey ?? '');
    const acts = repository && providerOf(repository.host)?.acts;
    if (!repository || !acts) return undefined;
    return settler({ row, repository, acts, signal, now: now() }, store);
  }

  /** A lease must not be held for ever by what nobody can find out. */
  #givenUp(
    row: OperationRow,
  ): { state: 'failed'; outcome: ActOutcome } | undefined {
    if (this.#options.now() < row.startedAt + GIVE_UP_MS) return undefined;
    return {
      state: 'failed',
      outcome: {
        code: 'never_known',
        message:
          'Nobody could find out within a day whether it was done. Look at the vendor’s page.',
      },
    };
  }

  #identityOf({ resume }: OperationRow): Record<string, string> {
    const { accountId, login } = resume;
    return {
      ...(accountId === undefined ? {} : { accountId }),
      ...(login === undefined ? {} : { login }),
    };
  }

  /** What stands at the vendor stands in the approval too. */
  async #decided(row: OperationRow, state: Ending['state']): Promise<void> {
    const { approvals, now, onDecided } = this.#options;
    const { decision, comment } = subjectOf(row);
    const isDecision = decision === 'approve' || decision === 'reject';
    if (state !== 'succeeded' || !isDecision || !row.approvalId) return;
    const approval = await approvals.approval(row.approvalId);
    if (!approval) return;
    const decided: Decided = {
      ...{ approval, decision, other: [] },
      actor: row.actorRef,
      login: row.resume.login ?? '',
      comment: comment ?? '',
      operationId: row.id,
    };
    const stored = await recordDecision(approvals, decided, now());
    onDecided?.({ ...decided, approval: stored });
  }

  async #save(
    row: OperationRow,
    state: Ending['state'],
    outcome: ActOutcome | undefined,
    auditSeq: number,
  ): Promise<void> {
    const { approvals, now, onChanged } = this.#options;
    const settled: OperationRow = {
      ...row,
      state,
      steps: row.steps.map(step =>
        step.state === 'running' ? { ...step, state: 'failed' } : step,
      ),
      ...(outcome ? { outcome: { ...outcome, auditSeq } } : {}),
      endedAt: row.endedAt ?? now(),
    };
    await approvals.saveOperation(settled);
    onChanged?.(settled);
  }
}
