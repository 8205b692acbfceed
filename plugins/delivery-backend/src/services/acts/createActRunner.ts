import { randomUUID } from 'node:crypto';
import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type {
  ApprovalStore,
  BeginResult,
  OperationRow,
} from '../../database/ApprovalStore';
import type { AuditLog } from '../auditing/AuditLog';
import { ActExecution, reasonOf } from './ActExecution';
import type {
  ActContext,
  ActOutcome,
  ActRequest,
  ActRunner,
} from './ActRunner';
import {
  closing,
  decidedBefore,
  inProgress,
  notConfigured,
  notWritable,
  refusalOf,
  usedBefore,
} from './notBegun';
import { codeOf, entryOf, withSubject } from './operationRows';
import { Refusal } from './Refusal';

/** Nobody else may do the same for so long; the work is stopped before. */
const LEASE_MS = 5 * 60_000;
const WORK_MS = 4 * 60_000;

/** What {@link createActRunner} is made of. */
export interface ActRunnerOptions {
  store: Pick<
    ApprovalStore,
    'beginOperation' | 'saveOperation' | 'settledOfLease'
  >;
  audit: AuditLog;
  auditor: AuditorService;
  logger: LoggerService;
  now: () => number;
  /** Told of every stored change, so that pages read again. */
  onChanged?: (operation: OperationRow) => void;
}

/** The runner, with what a shutdown needs. */
export interface RunningActs extends ActRunner {
  /** When nothing goes on any more. */
  idle(): Promise<void>;
  /** Stops what goes on: what was not sent is not, what was is settled later. */
  close(): Promise<void>;
}

class StoredActRunner implements RunningActs {
  readonly #options: ActRunnerOptions;
  readonly #working = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: ActRunnerOptions) {
    this.#options = options;
  }

  async start(
    request: ActRequest,
    work: (context: ActContext) => Promise<ActOutcome>,
  ): Promise<{ operationId: string }> {
    const { audit, now } = this.#options;
    if (!audit.enabled) throw notConfigured();
    if (this.#closing.signal.aborted) throw closing();
    const row = this.#newRow(request);
    const begun = await this.#orNotWritable(request, () =>
      this.#options.store.beginOperation(row, now() + LEASE_MS),
    );
    if (begun.kind === 'same') return this.#same(request, begun);
    if (begun.kind === 'busy') {
      return this.#deny(request, row, inProgress(begun.holder));
    }
    const earlier = request.onlyOnce
      ? await this.#orNotWritable(request, () =>
          this.#options.store.settledOfLease(row.leaseKey),
        )
      : undefined;
    if (earlier) {
      const refusal = decidedBefore(earlier);
      await this.#abandon(row, refusal);
      return this.#deny(request, row, refusal);
    }
    const head = await this.#attempt(request, row);
    this.#track(row, work, head);
    return { operationId: row.id };
  }

  async refused(
    request: Parameters<ActRunner['refused']>[0],
    error: unknown,
  ): Promise<never> {
    const thrown = error instanceof Refusal ? error.toHttpError() : error;
    const known = codeOf(thrown);
    if (known && this.#options.audit.enabled) {
      const { message } = thrown as Error;
      await this.#record({
        ...request.subject,
        actor: request.actorRef,
        action: request.kind,
        phase: 'refused',
        outcome: { code: known.code, message },
      });
    }
    throw thrown;
  }

  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.idle();
  }

  #newRow(request: ActRequest): OperationRow {
    return {
      id: randomUUID(),
      kind: request.kind,
      entityRef: request.subject.entityRef,
      state: 'running',
      steps: request.steps.map(code => ({ code, state: 'pending' })),
      startedAt: this.#options.now(),
      actorRef: request.actor.ref,
      idempotencyKey: request.idempotencyKey,
      approvalId: request.approvalId,
      leaseKey: request.leaseKey,
      resume: withSubject(request.resume, request.subject),
    };
  }

  /** A key that somebody used for something else is no second click. */
  #same(
    request: ActRequest,
    { operation }: Extract<BeginResult, { kind: 'same' }>,
  ): { operationId: string } {
    const isSame =
      operation.actorRef === request.actor.ref &&
      operation.kind === request.kind &&
      operation.leaseKey === request.leaseKey;
    if (isSame) return { operationId: operation.id };
    throw usedBefore();
  }

  /** The entry before; gives its hash. */
  async #attempt(request: ActRequest, row: OperationRow): Promise<string> {
    try {
      const entry = entryOf(row, 'attempted');
      return (await this.#options.audit.append(entry)).hash;
    } catch (error) {
      const failure = notWritable();
      await this.#abandon(
        row,
        new Refusal({ ...refusalOf(failure), status: 403 }),
      );
      throw await this.#tellAuditor(request, error, failure);
    }
  }

  async #orNotWritable<TResult>(
    request: ActRequest,
    write: () => Promise<TResult>,
  ): Promise<TResult> {
    try {
      return await write();
    } catch (error) {
      throw await this.#tellAuditor(request, error, notWritable());
    }
  }

  async #tellAuditor(
    { kind, actor, subject }: ActRequest,
    cause: unknown,
    failure: Error,
  ): Promise<Error> {
    const { logger, auditor } = this.#options;
    const meta = { kind, actor: actor.ref, entityRef: subject.entityRef };
    logger.error('An act was refused because it cannot be recorded', {
      ...meta,
      reason: reasonOf(cause),
    });
    try {
      const event = await auditor.createEvent({
        eventId: 'act',
        severityLevel: 'high',
        meta,
      });
      await event.fail({ error: failure });
    } catch (error) {
      logger.error('Nor could the auditor be told', {
        reason: reasonOf(error),
      });
    }
    return failure;
  }

  /** The operation ends before it began; its lease is free again, now or when its time is over. */
  async #abandon(row: OperationRow, { refusal }: Refusal): Promise<void> {
    const { code, message, params } = refusal;
    const ended: OperationRow = {
      ...row,
      state: 'refused',
      outcome: { code, message, params },
      endedAt: this.#options.now(),
    };
    try {
      await this.#options.store.saveOperation(ended);
    } catch (error) {
      this.#options.logger.warn('A refused act could not be stored', {
        operation: row.id,
        reason: reasonOf(error),
      });
    }
  }

  #deny(
    { kind, subject }: ActRequest,
    { actorRef }: OperationRow,
    refusal: Refusal,
  ): Promise<never> {
    return this.refused({ kind, subject, actorRef }, refusal);
  }

  async #record(entry: Parameters<AuditLog['append']>[0]): Promise<void> {
    try {
      await this.#options.audit.append(entry);
    } catch (error) {
      // It stays refused; nobody is let in because the log is full.
      this.#options.logger.error('A refusal could not be recorded', {
        reason: reasonOf(error),
      });
    }
  }

  #track(
    row: OperationRow,
    work: (context: ActContext) => Promise<ActOutcome>,
    auditHead: string,
  ) {
    const { store, audit, logger, now } = this.#options;
    const onChanged = this.#options.onChanged ?? (() => {});
    const execution = new ActExecution(row, {
      ...{ store, audit, logger, now, onChanged },
    });
    const signal = AbortSignal.any([
      this.#closing.signal,
      AbortSignal.timeout(WORK_MS),
    ]);
    const running = execution
      .run(work, auditHead, signal)
      .finally(() => this.#working.delete(running));
    this.#working.add(running);
  }
}

/** See {@link ActRunner}. */
export function createActRunner(options: ActRunnerOptions): RunningActs {
  return new StoredActRunner(options);
}
