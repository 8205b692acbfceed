import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type {
  DeliveryProvider,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import type { ChangeStore } from '../../database/ChangeStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { SyncStateRow } from '../../database/rows';
import type { BudgetGovernor } from '../BudgetGovernor';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A vendor that refuses does so until somebody changes its settings; an answer that makes no sense is hardly another soon. */
export const ASK_AGAIN_MS = { refused: 6 * HOUR_MS, failed: HOUR_MS / 4 };
/** What was deployed since then may have been merged, or what broke it opened, so long before. */
const BEFORE_MS = 30 * DAY_MS;
/** Without events lists are asked for by habit: so often, and with at most this part of the hourly budget. */
const POLL = { everyMs: 10 * 60_000, part: 0.1 };
/** While a vendor has not said its limit. GitHub's smallest one for Apps. */
const ASSUMED_LIMIT = 5_000;

export interface ChangeReadingOptions {
  store: DeliveryStore;
  changes: ChangeStore;
  providers: DeliveryProvider[];
  governor: BudgetGovernor;
  labels: { incident: string[] };
  logger: LoggerService;
  /** Epoch milliseconds. */
  clock: () => number;
  /** `poll`: no event ever arrives. */
  mode?: 'webhook' | 'events' | 'poll';
}

/** A repository to read, by the provider of its host. */
export interface Target {
  provider: DeliveryProvider;
  scope: RepositoryScope & { repoKey: string };
}

/** What became of things that were to be read. */
export interface Done {
  /** Something was stored that is not as before. */
  changed: boolean;
  /** How many are still to be read. */
  left: number;
  /** Nothing of what is left may be asked for before; undefined: the next tick goes on. */
  heldUntil?: number;
  /** An answer made no sense: worth another try from then on. */
  retryAt?: number;
}

/** How far back lists are read: the same for a whole day, so that the vendor's validators hold. */
export function depthOf(since: number): number {
  return Math.floor(Math.max(0, since - BEFORE_MS) / DAY_MS) * DAY_MS;
}

/** Where the reads of a repository stand, and how a failed one is kept. */
export class ReadStates {
  constructor(
    private readonly options: Pick<
      ChangeReadingOptions,
      'store' | 'logger' | 'clock' | 'governor'
    >,
    private readonly rows: Map<string, SyncStateRow>,
    private readonly repositories: number,
  ) {}

  /** How often a list is asked for where no event tells that it changed. */
  pollMs({ provider, scope }: Target): number {
    const limit = provider.budget?.(scope)?.limit ?? ASSUMED_LIMIT;
    const affordable = (this.repositories * HOUR_MS) / (limit * POLL.part);
    return Math.max(POLL.everyMs, affordable);
  }

  of(scope: string): SyncStateRow {
    return (
      this.rows.get(scope) ?? { ...{ scope, backfill: 'pending', runs: 0 } }
    );
  }

  /** Until when it is not to be asked: something went wrong. */
  heldUntil(scope: string): number | undefined {
    const retryAt = this.of(scope).problem?.retryAt ?? 0;
    return this.options.clock() < retryAt ? retryAt : undefined;
  }

  async save(row: SyncStateRow): Promise<void> {
    this.rows.set(row.scope, row);
    await this.options.store.saveSyncState(row);
  }

  /** A read went well; one that never had a problem is not written again. */
  async clear(scope: string): Promise<void> {
    const row = this.of(scope);
    if (row.problem) await this.save({ ...row, problem: undefined });
  }

  /** Nothing is thrown: other parts and other repositories are read nevertheless. */
  async fail(
    scopes: string[],
    { scope }: Target,
    error: unknown,
  ): Promise<void> {
    const { clock, logger, governor } = this.options;
    const message = isError(error) ? error.message : String(error);
    const name = `${scope.host}/${scope.slug}`;
    logger.warn(`Reading changes of ${name} failed: ${message}`);
    const { code, retryAt } = error as { code?: string; retryAt?: number };
    if (retryAt !== undefined) governor.pause(scope.host, retryAt);
    const pause = isRefusal(error) ? ASK_AGAIN_MS.refused : ASK_AGAIN_MS.failed;
    const problem = {
      ...{ code: code ?? 'read_failed', message, at: clock() },
      retryAt: retryAt ?? clock() + pause,
    };
    for (const key of scopes) await this.save({ ...this.of(key), problem });
  }
}

export function isGone(error: unknown): boolean {
  return isError(error) && error.name === 'NotFoundError';
}

function isRefusal(error: unknown): boolean {
  return isGone(error) || (isError(error) && error.name === 'NotAllowedError');
}

/** The vendor's answer makes no sense; asking for another thing may well. */
export function isSenseless(error: unknown): boolean {
  return isError(error) && error.name === 'InputError';
}
