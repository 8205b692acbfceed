import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { RunRow } from '../../database/rows';
import type { ChangeFeed } from '../ChangeFeed';
import { EntityQueue, type Later } from '../EntityQueue';
import type { RunGaps } from '../RunGaps';
import { ApprovalEnds, type ApprovalEndsOptions } from './ApprovalEnds';
import {
  ApprovalOpenings,
  type ApprovalOpeningsOptions,
} from './ApprovalOpenings';
import type { ApprovalNotices } from './ApprovalNotices';
import { trim } from '../trim';

/** What happens to a repository within this time is looked at once. */
const QUIET_MS = 300;
const PARALLEL = 2;
/** Rows of one question to the store. */
const PAGE = 200;
/** Open approvals of one repository that are looked at when it has news; a sweep sees them all. */
const OF_REPOSITORY = 500;
/** An end that nobody knows is looked for so long, at most so many in one sweep, and less often as it gets older. */
const UNKNOWN_MS = 24 * 60 * 60_000;
const MAX_UNKNOWN = 20;
const AGAIN_MS = 60_000;
const MAX_ASKED = 5_000;

/** What the keeper works with. */
export interface ApprovalKeeperOptions
  extends Omit<ApprovalEndsOptions, Shared>,
    Omit<ApprovalOpeningsOptions, Shared> {
  store: ApprovalEndsOptions['store'] &
    ApprovalOpeningsOptions['store'] &
    Pick<DeliveryStore, 'openRuns' | 'runsByKey' | 'entitiesOfRepository'>;
  approvals: Pick<
    ApprovalStore,
    'approval' | 'approvals' | 'approvalsOfRuns' | 'saveApprovals'
  >;
  decisions: ApprovalEndsOptions['decisions'];
  notices: Pick<ApprovalNotices, 'opened' | 'closed'>;
  feed: Pick<ChangeFeed, 'listen'>;
  /** Reads runs of which only a list told that they wait. */
  gaps?: Pick<RunGaps, 'fill'>;
  later: Later;
}

type Shared = 'store' | 'approvals' | 'decisions' | 'notices';

/**
 * Keeps one approval for every gate of a person that holds an attempt of a run: opens it, ends it, finds out how. What is stored decides,
 * never the order in which it was told, and several replicas do the same without harm.
 */
export class ApprovalKeeper {
  readonly #options: ApprovalKeeperOptions;
  readonly #ends: ApprovalEnds;
  readonly #openings: ApprovalOpenings;
  readonly #queue: EntityQueue;
  readonly #asked = new Map<string, number>();

  constructor(options: ApprovalKeeperOptions) {
    this.#options = options;
    this.#ends = new ApprovalEnds(options);
    this.#openings = new ApprovalOpenings(options);
    this.#queue = new EntityQueue({
      quietMs: QUIET_MS,
      parallel: PARALLEL,
      later: options.later,
      work: repoKey => this.#keepSafely(repoKey),
    });
    options.feed.listen(({ repoKeys, derived }) => {
      if (!derived) this.#queue.add(repoKeys);
    });
  }

  /** Looks at these runs now, and also asks the vendor about gates that still seem to hold them. */
  async refresh(runKeys: string[]): Promise<void> {
    const { approvals, store } = this.#options;
    const runs = await store.runsByKey(runKeys);
    const rows = await approvals.approvalsOfRuns(runKeys);
    await this.#settle(rows.filter(isOpen), runs, { look: true });
    await this.#open(runs);
  }

  /** A decision was made and stored here: everybody is told. */
  async decided({ approval }: { approval: ApprovalRow }): Promise<void> {
    await this.#safely(approval.id, () => this.#ends.tell(approval));
  }

  /** Looks at everything: what was missed, what nobody was told of, and ends that were not known yet. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    for await (const page of this.#pages(signal)) {
      const runs = await store.runsByKey(page.map(row => row.runKey));
      await this.#settle(page, runs, { look: false, signal });
      await this.#careFor(page, runs, signal);
    }
    const runs = await store.openRuns();
    await this.#open(runs.filter(isHeld), signal);
    for (const run of runs.filter(isUnseen)) {
      if (signal.aborted) return;
      await this.#safely(run.runKey, () => this.#see(run));
    }
    await this.#lookAgain(signal);
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Ends after what is under way. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  /** What it waits for is drawn from its jobs; the news of them comes back here. */
  async #see(run: RunRow): Promise<void> {
    const { gaps, store } = this.#options;
    if ((await store.jobs([run.runKey], run.attempt)).length > 0) return;
    const repository = await store.repository(run.repoKey);
    if (repository) await gaps?.fill(run, repository, run.attempt);
  }

  #keepSafely(repoKey: string): Promise<void> {
    return this.#safely(repoKey, () => this.#keep(repoKey));
  }

  async #safely(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.logger.warn('An approval could not be kept', {
        ...{ of: what, reason: String(error) },
      });
    }
  }

  async #keep(repoKey: string): Promise<void> {
    const { approvals, store } = this.#options;
    const entityRefs = await store.entitiesOfRepository(repoKey);
    if (entityRefs.length === 0) return;
    const open = await approvals.approvals({
      ...{ scope: 'open', entityRefs, limit: OF_REPOSITORY },
    });
    const rows = open.filter(row => row.repoKey === repoKey);
    const runs = await store.runsByKey(rows.map(row => row.runKey));
    await this.#settle(rows, runs, { look: false });
    await this.#open((await store.openRuns(repoKey)).filter(isHeld));
  }

  /** Newest attempts first: what was decided about them was not decided about earlier ones. */
  async #settle(
    rows: ApprovalRow[],
    runs: RunRow[],
    options: { look: boolean; signal?: AbortSignal },
  ): Promise<void> {
    const byKey = new Map(runs.map(run => [run.runKey, run]));
    const sorted = [...rows].sort((a, b) => b.attempt - a.attempt);
    for (const row of sorted) {
      if (options.signal?.aborted) return;
      const run = byKey.get(row.runKey);
      await this.#safely(row.id, () => this.#ends.settle(row, run, options));
    }
  }

  async #open(runs: RunRow[], signal?: AbortSignal): Promise<void> {
    for (const run of runs) {
      for (const environment of new Set(run.waitingFor)) {
        if (signal?.aborted) return;
        await this.#safely(run.runKey, () =>
          this.#openings.open(run, environment, signal),
        );
      }
    }
  }

  async #careFor(
    rows: ApprovalRow[],
    runs: RunRow[],
    signal: AbortSignal,
  ): Promise<void> {
    const byKey = new Map(runs.map(run => [run.runKey, run]));
    for (const { id, runKey } of rows) {
      const run = byKey.get(runKey);
      if (signal.aborted) return;
      if (run) {
        await this.#safely(id, () => this.#openings.careFor(id, run, signal));
      }
    }
  }

  /** The vendor could not be asked when it ended, or did not know it yet. */
  async #lookAgain(signal: AbortSignal): Promise<void> {
    const { approvals, now, store } = this.#options;
    const closed = await approvals.approvals({ scope: 'closed', limit: PAGE });
    const unknown = closed.filter(({ id, state, closedAt = 0 }) => {
      const age = now() - closedAt;
      const pause = Math.max(AGAIN_MS, age / 2);
      return (
        state === 'unknown' &&
        age < UNKNOWN_MS &&
        (this.#asked.get(id) ?? 0) + pause <= now()
      );
    });
    const part = unknown.slice(0, MAX_UNKNOWN);
    part.forEach(({ id }) => this.#asked.set(id, now()));
    trim(this.#asked, MAX_ASKED);
    const runs = await store.runsByKey(part.map(row => row.runKey));
    await this.#settle(part, runs, { look: false, signal });
  }

  async *#pages(signal: AbortSignal): AsyncIterable<ApprovalRow[]> {
    let after: { at: number; id: string } | undefined;
    while (!signal.aborted) {
      const page = await this.#options.approvals.approvals({
        ...{ scope: 'open', after, limit: PAGE },
      });
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = { at: last.openedAt, id: last.id };
    }
  }
}

function isOpen({ state }: ApprovalRow): boolean {
  return state === 'waiting';
}

function isHeld({ waitingFor }: RunRow): boolean {
  return waitingFor.length > 0;
}

/** Only a list said that it waits: runs from before the portal, or whose webhooks were lost. */
function isUnseen({ status, waitingFor }: RunRow): boolean {
  return status === 'waiting' && waitingFor.length === 0;
}
