import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ActStep } from 'backstage-plugin-delivery-common';
import { redactLine } from 'backstage-plugin-delivery-common/domain';
import type { VendorIdentity } from 'backstage-plugin-delivery-node';
import type { ApprovalStore, OperationRow } from '../../database/ApprovalStore';
import type { AuditContent } from '../../database/AuditStore';
import type { AuditLog } from '../auditing/AuditLog';
import type { ActContext, ActOutcome } from './ActRunner';
import {
  type Ending,
  endingOf,
  entryOf,
  mayBeSent,
  withEntry,
} from './operationRows';

/** What running one act needs. */
export interface ActExecutionOptions {
  store: Pick<ApprovalStore, 'saveOperation'>;
  audit: AuditLog;
  logger: LoggerService;
  now: () => number;
  onChanged: (operation: OperationRow) => void;
}

type Note = Parameters<ActContext['note']>[0];

/** One act from its stored beginning to its stored end. */
export class ActExecution {
  readonly #options: ActExecutionOptions;
  #row: OperationRow;
  #noted: Note = {};

  constructor(row: OperationRow, options: ActExecutionOptions) {
    this.#row = row;
    this.#options = options;
  }

  /** Never throws: whatever happens becomes the end of the act. */
  async run(
    work: (context: ActContext) => Promise<ActOutcome>,
    auditHead: string,
    signal: AbortSignal,
  ): Promise<void> {
    const context: ActContext = {
      operationId: this.#row.id,
      auditHead,
      signal,
      step: (code, doIt, message) => this.#step(code, doIt, message),
      note: detail => this.#note(detail),
    };
    let ending: Ending;
    try {
      ending = { state: 'succeeded', outcome: await work(context) };
    } catch (error) {
      ending = endingOf(error, this.#row);
      if (['act_failed', 'outcome_unknown'].includes(ending.outcome.code)) {
        this.#log('An act did not end as it should', error);
      }
    }
    await this.#end(ending);
  }

  async #step<TResult>(
    code: string,
    work: () => Promise<TResult>,
    message?: (result: TResult) => string,
  ): Promise<TResult> {
    await this.#change(code, { state: 'running' });
    try {
      const result = await work();
      await this.#change(code, { state: 'done', message: message?.(result) });
      return result;
    } catch (error) {
      await this.#change(code, { state: 'failed' }).catch(() => {});
      throw error;
    }
  }

  async #change(
    code: string,
    change: Pick<ActStep, 'state' | 'message'>,
  ): Promise<void> {
    const at = this.#options.now();
    const next = { ...this.#row };
    next.steps = next.steps.map(step =>
      step.code === code ? { ...step, ...change, at } : step,
    );
    // Only what is stored as "about to be sent" may be sent; afterwards a lost progress bar must not keep anybody from looking.
    const wasSent = mayBeSent(this.#row);
    try {
      await this.#options.store.saveOperation(next);
    } catch (error) {
      if (!wasSent) throw error;
      this.#log('A step of an act could not be stored', error);
    }
    this.#row = next;
    this.#tell();
  }

  #note(detail: Note) {
    const { resume, ...rest } = detail;
    this.#noted = {
      ...this.#noted,
      ...rest,
      detail: { ...this.#noted.detail, ...rest.detail },
    };
    if (resume) {
      this.#row = {
        ...this.#row,
        resume: { ...this.#row.resume, ...resume },
      };
    }
  }

  async #end({ state, outcome }: Ending): Promise<void> {
    const entry = this.#entry({ state, outcome });
    const ended: OperationRow = {
      ...this.#row,
      state,
      outcome,
      endedAt: this.#options.now(),
    };
    try {
      const { seq } = await this.#options.audit.append(entry);
      this.#row = { ...ended, outcome: { ...outcome, auditSeq: seq } };
    } catch (error) {
      this.#log('The end of an act could not be written to the audit', error);
      // Without its entry nothing counts as ended: it is settled as soon as the audit can be written again.
      this.#row = state === 'unknown' ? ended : withEntry(ended, entry);
    }
    try {
      await this.#options.store.saveOperation(this.#row);
    } catch (error) {
      // It stays "running" until its lease is over, and is settled then.
      this.#log('The end of an act could not be stored', error);
    }
    this.#tell();
  }

  #entry({ state, outcome }: Ending): Omit<AuditContent, 'at'> {
    const { identity, requestId, digest, detail } = this.#noted;
    const hasDetail = detail && Object.keys(detail).length > 0;
    return {
      ...entryOf(this.#row, state, outcome),
      ...(identity ? { identity: accountOf(identity) } : {}),
      ...(requestId ? { requestId } : {}),
      ...(digest ? { digest } : {}),
      ...(hasDetail ? { detail } : {}),
    };
  }

  #tell() {
    try {
      this.#options.onChanged(this.#row);
    } catch (error) {
      this.#log('Pages could not be told of an act', error);
    }
  }

  #log(message: string, error: unknown) {
    this.#options.logger.warn(message, {
      operation: this.#row.id,
      kind: this.#row.kind,
      reason: reasonOf(error),
    });
  }
}

/** Only the fields that the audit has: a provider's object may carry more. */
function accountOf({ host, id, nodeId, login }: VendorIdentity) {
  return { host, id, nodeId, login };
}

/** For the log: errors of libraries can quote what was sent. */
export function reasonOf(error: unknown): string {
  return redactLine(String(error).slice(0, 2_000)).slice(0, 500);
}
