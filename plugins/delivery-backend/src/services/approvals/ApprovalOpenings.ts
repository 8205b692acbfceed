import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { RepositoryRow, RunRow } from '../../database/rows';
import { approvalIdOf } from './approvalIdOf';
import type { ApprovalNotices } from './ApprovalNotices';
import type { ApprovalSubjects } from './ApprovalSubjects';
import type { GateCandidates } from './GateCandidates';
import type { GateDecisions } from './GateDecisions';
import { trim } from '../trim';

/** Longest that the question about one gate takes. */
const READ_MS = 20_000;
/** A gate that no person holds is not asked about again before this. */
const GATELESS_MS = 10 * 60_000;
const MAX_GATELESS = 5_000;
/** Who may decide is read again after this. */
const CANDIDATES_MS = 15 * 60_000;
/** Whom the process that opened it did not tell is told after this. */
const TELL_AGAIN_MS = 60_000;

/** Ends that a run which waits after all was wrongly given. */
const MISTAKEN: ApprovalRow['state'][] = ['unknown', 'cancelled', 'superseded'];
const REOPENED: Pick<ApprovalRow, 'state' | 'closedAt' | 'decided'> = {
  state: 'waiting',
  closedAt: undefined,
  decided: undefined,
};

/** What it works with. */
export interface ApprovalOpeningsOptions {
  store: Pick<DeliveryStore, 'repository' | 'entitiesOfRun' | 'jobs'>;
  approvals: Pick<ApprovalStore, 'approval' | 'saveApprovals'>;
  decisions: Pick<GateDecisions, 'read' | 'keep' | 'runAt'>;
  candidates: Pick<GateCandidates, 'of'>;
  subjects: ApprovalSubjects;
  notices: Pick<ApprovalNotices, 'opened'>;
  /** Told the services whose approvals are different. */
  announce: (entityRefs: string[]) => void;
  providerOf: (host: string) => DeliveryProvider | undefined;
  logger: LoggerService;
  now: () => number;
}

/** Opens approvals of gates that a person holds, and keeps who may decide about them. */
export class ApprovalOpenings {
  readonly #options: ApprovalOpeningsOptions;
  readonly #gateless = new Map<string, number>();

  constructor(options: ApprovalOpeningsOptions) {
    this.#options = options;
  }

  /**
   * Opens the approval of a gate that holds a run, unless there is one; who holds it is asked of the vendor once.
   *
   * @throws what the provider throws
   */
  async open(
    run: RunRow,
    environment: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { approvals, store } = this.#options;
    const id = approvalIdOf(run.runKey, run.attempt, environment);
    const known = await approvals.approval(id);
    if (known) {
      // Stored facts said for a moment that it does not wait.
      if (MISTAKEN.includes(known.state)) {
        await this.#save({ ...known, ...REOPENED });
      }
      return;
    }
    if ((await store.entitiesOfRun(run.runKey)).length === 0) return;
    const repository = await store.repository(run.repoKey);
    const candidates =
      repository &&
      (await this.#candidatesOf(id, repository, run, environment, signal));
    if (!candidates || (await approvals.approval(id))) return;
    if (run.attempt > 1) await this.#remember(repository, run, environment);
    await this.#save({
      id,
      ...{ runKey: run.runKey, repoKey: run.repoKey, attempt: run.attempt },
      ...{ environment, sha: run.sha, state: 'waiting', candidates },
      openedAt: await this.#openedAt(run),
      requestedBy: run.triggeringActor ?? run.actor,
      updatedAt: this.#options.now(),
    });
  }

  async #save(row: ApprovalRow): Promise<void> {
    const { approvals, announce, subjects } = this.#options;
    const saved = await approvals.saveApprovals([row]);
    if (saved.length === 0) return;
    const subject = await subjects.of(row);
    if (subject) announce(subject.entityRefs);
    if (row.notifiedAt === undefined) await this.#notify(row);
  }

  async #notify(row: ApprovalRow): Promise<void> {
    const { approvals, notices, now, subjects } = this.#options;
    const subject = await subjects.of(row);
    if (!subject || !(await notices.opened(row, subject))) return;
    const newest = await approvals.approval(row.id);
    if (newest)
      await approvals.saveApprovals([{ ...newest, notifiedAt: now() }]);
  }

  /** Undefined: no person holds this gate, or nobody can tell. */
  async #candidatesOf(
    id: string,
    { host, slug, repoKey }: RepositoryRow,
    { runKey }: RunRow,
    environment: string,
    signal: AbortSignal | undefined,
  ): Promise<ApprovalRow['candidates'] | undefined> {
    const { candidates, now, providerOf } = this.#options;
    const acts = providerOf(host)?.acts;
    if (!acts || (this.#gateless.get(id) ?? 0) > now()) return undefined;
    const limit = AbortSignal.timeout(READ_MS);
    const reading = await acts.readGate(
      { host, slug, repoKey, runKey, environment },
      undefined,
      signal ? AbortSignal.any([signal, limit]) : limit,
    );
    if (reading && reading.reviewers.length > 0) {
      return candidates.of(host, reading.reviewers);
    }
    this.#gateless.set(id, now() + GATELESS_MS);
    trim(this.#gateless, MAX_GATELESS);
    return undefined;
  }

  /** What was decided about earlier attempts: the vendor does not say which attempt a decision was about. */
  async #remember(
    repository: RepositoryRow,
    run: RunRow,
    environment: string,
  ): Promise<void> {
    const { decisions } = this.#options;
    const { runKey, attempt } = run;
    const gate = { runKey, environment };
    const all = await decisions.read(repository, gate);
    const now = await decisions.runAt(repository, gate);
    // Our own facts may be late: only while it still waits nothing was decided about this attempt.
    if (all && now?.waiting && now.attempt === attempt) {
      await decisions.keep(runKey, attempt - 1, all);
    }
  }

  /** When the jobs that wait were made: the same for every replica. */
  async #openedAt(run: RunRow): Promise<number> {
    const jobs = await this.#options.store.jobs([run.runKey], run.attempt);
    const times = jobs.flatMap(({ state, createdAt }) =>
      state.status === 'waiting' && createdAt !== undefined ? createdAt : [],
    );
    return times.length > 0 ? Math.min(...times) : run.updatedAt;
  }

  /** Of one that still waits: whom nobody told is told, and who may decide is read again now and then. */
  async careFor(
    id: string,
    run: RunRow,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { approvals, now, store } = this.#options;
    const row = await approvals.approval(id);
    if (row?.state !== 'waiting') return;
    const age = now() - row.updatedAt;
    if (row.notifiedAt === undefined && age > TELL_AGAIN_MS) {
      await this.#notify(row);
    }
    const repository = await store.repository(row.repoKey);
    if (age < CANDIDATES_MS || !repository) return;
    const { environment } = row;
    const fresh = await this.#candidatesOf(
      ...([id, repository, run, environment, signal] as const),
    );
    const newest = await approvals.approval(id);
    if (newest?.state !== 'waiting') return;
    const candidates = fresh ?? newest.candidates;
    await approvals.saveApprovals([
      { ...newest, candidates, updatedAt: now() },
    ]);
  }
}
