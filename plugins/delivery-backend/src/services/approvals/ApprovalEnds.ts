import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { RunRow } from '../../database/rows';
import type { AuditLog } from '../auditing/AuditLog';
import type { AccountDirectory } from './AccountDirectory';
import type { ApprovalNotices } from './ApprovalNotices';
import type { ApprovalSubjects } from './ApprovalSubjects';
import type { GateDecisions } from './GateDecisions';
import {
  isAmong,
  type KnownDecision,
  LIFETIME_MS,
  needsVendor,
  type Outcome,
  outcomeOf,
  ownDecision,
  waits,
  without,
} from './outcomeOf';

/** Ends whose notice was sent by this process that are remembered. */
const MAX_TOLD = 1_000;
/** The end of a wait that was too long is told late at most by this. */
const LATE_MS = 24 * 60 * 60_000;
/** Ref of the portal itself in the audit. */
const PORTAL = 'plugin:delivery';

/** What it works with. */
export interface ApprovalEndsOptions {
  store: Pick<DeliveryStore, 'repository'>;
  approvals: Pick<ApprovalStore, 'approval' | 'saveApprovals'>;
  decisions: Pick<
    GateDecisions,
    'read' | 'known' | 'before' | 'keep' | 'runAt'
  >;
  subjects: ApprovalSubjects;
  directory: Pick<AccountDirectory, 'user'>;
  notices: Pick<ApprovalNotices, 'closed'>;
  audit: Pick<AuditLog, 'enabled' | 'append'>;
  /** Told the services whose approvals are different. */
  announce: (entityRefs: string[]) => void;
  logger: LoggerService;
  now: () => number;
}

/** Finds out what became of approvals that do not wait any more, keeps it, and tells everybody once. */
export class ApprovalEnds {
  readonly #options: ApprovalEndsOptions;
  readonly #told = new Set<string>();

  constructor(options: ApprovalEndsOptions) {
    this.#options = options;
  }

  /**
   * Ends an approval whose run moved on, by one question to the vendor. What waits is left alone, unless `look` is set and the vendor
   * has a decision of this portal about it already.
   *
   * @returns true when it was ended, or its end is known better than before
   */
  async settle(
    row: ApprovalRow,
    run: RunRow | undefined,
    options: { look: boolean; signal?: AbortSignal },
  ): Promise<boolean> {
    const waiting = waits(run, row);
    if (waiting && this.#isOver(row)) {
      const closedAt = row.openedAt + LIFETIME_MS;
      return this.#save(row, { state: 'expired', closedAt });
    }
    if (waiting && !options.look) return false;
    const { read, decisions, before, vendor } = await this.#read(
      row,
      options.signal,
    );
    const { now } = this.#options;
    if (waiting && !ownDecision(row, decisions)) return false;
    const outcome = outcomeOf({
      ...{ row, run, decisions, before, now: now() },
      vendor,
    });
    if (outcome.state === 'unknown' && (await this.#stillWaits(row, run))) {
      return false;
    }
    const saved = await this.#save(row, outcome);
    if (!saved) return false;
    if (outcome.decided && read) await this.#keepDecisions(row, read, before);
    return true;
  }

  /** Everybody is told how an approval ended; once, however often this is called for the same end. */
  async tell(row: ApprovalRow): Promise<void> {
    const { announce, notices, subjects } = this.#options;
    const subject = await subjects.of(row);
    if (!subject) return;
    announce(subject.entityRefs);
    const key = `${row.id} ${row.state} ${row.decided?.login ?? ''}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    for (const oldest of this.#told) {
      if (this.#told.size <= MAX_TOLD) break;
      this.#told.delete(oldest);
    }
    await notices.closed(row, subject);
  }

  /** Of a run that goes on nothing is told to have ended that the vendor still holds, or of which it does not say. */
  async #stillWaits(
    row: ApprovalRow,
    run: RunRow | undefined,
  ): Promise<boolean> {
    const { decisions, logger, store } = this.#options;
    if (!run || run.status === 'completed' || run.attempt !== row.attempt) {
      return false;
    }
    const repository = await store.repository(row.repoKey);
    if (!repository) return false;
    try {
      const at = await decisions.runAt(repository, row);
      return at?.attempt === row.attempt && at.waiting;
    } catch (error) {
      logger.info('Whether a run still waits could not be read', {
        ...{ approval: row.id, reason: String(error) },
      });
      return true;
    }
  }

  /** The vendor has failed the run long ago; nobody told. */
  #isOver({ openedAt }: ApprovalRow): boolean {
    return this.#options.now() - openedAt > LIFETIME_MS + LATE_MS;
  }

  async #read(row: ApprovalRow, signal: AbortSignal | undefined) {
    const { decisions: source, logger, store } = this.#options;
    const { runKey, attempt, environment } = row;
    const before = await source.before(runKey, attempt, environment);
    try {
      const repository = await store.repository(row.repoKey);
      const read = repository && (await source.read(repository, row, signal));
      const decisions = read && (await source.known(read, environment));
      const vendor =
        repository && needsVendor({ row, decisions, before })
          ? await source.runAt(repository, row, signal)
          : undefined;
      return { read, decisions, before, vendor };
    } catch (error) {
      logger.info('Who decided could not be read; it is tried again', {
        ...{ approval: row.id, reason: String(error) },
      });
      return {
        ...{ read: undefined, decisions: undefined, vendor: undefined },
        before,
      };
    }
  }

  /** On top of what is stored now: somebody may have decided meanwhile. */
  async #save(row: ApprovalRow, outcome: Outcome): Promise<boolean> {
    const { approvals, directory, now } = this.#options;
    const newest = await approvals.approval(row.id);
    if (!newest || newest.state !== row.state) return false;
    const { decided } = outcome;
    const userRef = decided?.userRef ?? (await directory.user(decided?.login));
    const next: ApprovalRow = {
      ...newest,
      ...outcome,
      ...(decided && { decided: { ...decided, ...(userRef && { userRef }) } }),
      updatedAt: now(),
    };
    const isSame = next.state === row.state && !next.decided;
    if (isSame) return false;
    // Of two replicas only the one that really changed something goes on.
    if ((await approvals.saveApprovals([next])).length === 0) return false;
    if (decided?.via === 'vendor') await this.#record(next);
    await this.tell(next);
    return true;
  }

  async #record(row: ApprovalRow): Promise<void> {
    const { audit, logger, subjects } = this.#options;
    if (!audit.enabled) return;
    const subject = await subjects.of(row);
    const { decided } = row;
    try {
      await audit.append({
        ...{ actor: PORTAL, action: 'decided_elsewhere', phase: 'recorded' },
        entityRef: subject?.entityRef,
        environment: subject?.environment ?? row.environment,
        ...{ runId: row.runKey, attempt: row.attempt, sha: row.sha },
        decision: row.state === 'rejected' ? 'reject' : 'approve',
        comment: decided?.comment,
        detail: {
          ...{ login: decided?.login, userRef: decided?.userRef },
          ...{ vendorEnvironment: row.environment, approvalId: row.id },
        },
      });
    } catch (error) {
      logger.error('A decision made elsewhere could not be written down', {
        ...{ approval: row.id, reason: String(error) },
      });
    }
  }

  /** For the history of the environment: only those of this attempt. */
  async #keepDecisions(
    { runKey, attempt, environment, id }: ApprovalRow,
    read: Awaited<ReturnType<GateDecisions['read']>> & object,
    before: KnownDecision[] | undefined,
  ): Promise<void> {
    const { decisions, logger } = this.#options;
    try {
      const taken = (before ?? []).map(item => ({
        ...item,
        operation: undefined,
      }));
      const left = read.filter(item => isAmong(item.environments, environment));
      const fresh = without(
        left.map(item => ({ ...item, login: item.user })),
        taken,
      );
      const others = read.filter(item => !left.includes(item));
      await decisions.keep(runKey, attempt, [
        ...others,
        ...fresh.map(({ login, state, comment }) => ({
          ...{ environments: [environment], user: login, state, comment },
        })),
      ]);
    } catch (error) {
      logger.info('Decisions of a run could not be stored', {
        ...{ approval: id, reason: String(error) },
      });
    }
  }
}
