import {
  type GateRun,
  readDecisionComment,
} from 'backstage-plugin-delivery-common/domain';
import type {
  DeliveryProvider,
  RecordedApproval,
} from 'backstage-plugin-delivery-node';
import type { ApprovalStore } from '../../database/ApprovalStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { RepositoryRow } from '../../database/rows';
import { isAmong, type KnownDecision } from './outcomeOf';

/** Longest that one question to the vendor takes. */
const READ_MS = 20_000;
const BOT = /\[bot\]$/i;

/** What it works with. */
export interface GateDecisionsOptions {
  approvals: Pick<ApprovalStore, 'operation'>;
  environments: Pick<EnvironmentStore, 'approvals' | 'saveApprovals'>;
  providerOf: (host: string) => DeliveryProvider | undefined;
}

/** A gate of a run. */
export interface GateOfRun {
  runKey: string;
  /** The vendor's name. */
  environment: string;
}

/** Who decided about a gate, as the vendor has it on record. */
export class GateDecisions {
  readonly #options: GateDecisionsOptions;

  constructor(options: GateDecisionsOptions) {
    this.#options = options;
  }

  /**
   * Every decision about a run: one call.
   *
   * @returns undefined when the vendor cannot tell
   * @throws what the provider throws
   */
  async read(
    { host, slug, repoKey }: RepositoryRow,
    gate: GateOfRun,
    signal?: AbortSignal,
  ): Promise<RecordedApproval[] | undefined> {
    const provider = this.#options.providerOf(host);
    const limit = AbortSignal.timeout(READ_MS);
    const until = signal ? AbortSignal.any([signal, limit]) : limit;
    const run = { host, slug, repoKey, runKey: gate.runKey };
    if (provider?.listApprovals) return provider.listApprovals(run, until);
    const { acts } = provider ?? {};
    if (!acts) return undefined;
    // Decisions name environments by their ids only.
    const read = await acts.readEnvironment(
      ...([
        { host, slug, repoKey },
        gate.environment,
        undefined,
        until,
      ] as const),
    );
    const decisions = await acts.readDecisions(run, undefined, until);
    return decisions.flatMap(({ user, state, comment, environmentIds }) =>
      user.login && !user.bot && read
        ? {
            environments: environmentIds.includes(read.environmentId)
              ? [gate.environment]
              : [],
            ...{ state, user: user.login, comment },
          }
        : [],
    );
  }

  /** Where the run is at the vendor, and whether it waits at the gate: a few calls. Undefined: the vendor cannot tell. */
  async runAt(
    { host, slug, repoKey }: RepositoryRow,
    { runKey, environment }: GateOfRun,
    signal?: AbortSignal,
  ): Promise<Pick<GateRun, 'attempt' | 'waiting'> | undefined> {
    const limit = AbortSignal.timeout(READ_MS);
    return this.#options
      .providerOf(host)
      ?.acts?.readGateRun(
        { host, slug, repoKey, runKey, environment },
        undefined,
        signal ? AbortSignal.any([signal, limit]) : limit,
      );
  }

  /** Of one environment and of people only, each with the act of this portal that its comment names, if there was one. */
  async known(
    all: RecordedApproval[],
    environment: string,
  ): Promise<KnownDecision[]> {
    const own = all.filter(
      ({ environments, user }) =>
        isAmong(environments, environment) && !BOT.test(user),
    );
    return Promise.all(
      own.map(async ({ user: login, state, comment }) => ({
        ...{ login, state, comment },
        operation: await this.#operationOf(state, comment),
      })),
    );
  }

  /** What was on record before an attempt; undefined: nobody looked. */
  async before(
    runKey: string,
    attempt: number,
    environment: string,
  ): Promise<KnownDecision[] | undefined> {
    if (attempt === 1) return [];
    const stored = await this.#options.environments.approvals(
      runKey,
      attempt - 1,
    );
    return stored && this.known(stored, environment);
  }

  /** Remembers what was decided up to an attempt. */
  async keep(
    runKey: string,
    attempt: number,
    all: RecordedApproval[],
  ): Promise<void> {
    await this.#options.environments.saveApprovals(runKey, attempt, all);
  }

  /** Anybody can write such a comment: only one that names a decision which really was made here counts. */
  async #operationOf(
    state: KnownDecision['state'],
    comment: string | undefined,
  ): Promise<KnownDecision['operation']> {
    const read =
      comment === undefined ? undefined : readDecisionComment(comment);
    if (!read) return undefined;
    const found = await this.#options.approvals.operation(read.operationId);
    const kind = state === 'approved' ? 'approve' : 'reject';
    if (!found || found.kind !== kind || found.actorRef !== read.userRef) {
      return undefined;
    }
    const { approvalId, actorRef, endedAt } = found;
    return { approvalId, actorRef, endedAt };
  }
}
