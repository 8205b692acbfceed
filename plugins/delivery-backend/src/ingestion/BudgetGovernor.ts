import type {
  DeliveryProvider,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';

/** Kinds of work, the most important first. */
export type Work = 'openRuns' | 'sweep' | 'backfill';

/** Part of the vendor's budget that must be left before work of this kind begins. */
const RESERVE: Record<Work, number> = {
  openRuns: 0,
  sweep: 0.1,
  backfill: 0.3,
};
/** Below this only open runs are read; between it and the reserve of sweeps only repositories where something happens. */
const CALM = 0.3;
/** Part of the budget of an hour that first reads may use: of runs and deployments, and of what those brought. */
const PART = { history: 0.3, changes: 0.3 };
/** What first reads are of; neither can use up the part of the other. */
export type FirstRead = keyof typeof PART;
/** While a vendor has not said its limit. GitHub's smallest one for Apps. */
const ASSUMED_LIMIT = 5_000;
const HOUR_MS = 60 * 60_000;

/** Decides whether there is budget for a call. Knows nothing of what the calls are for. */
export class BudgetGovernor {
  private readonly pausedUntil = new Map<string, number>();
  private readonly booked = new Map<string, { at: number; calls: number }[]>();

  constructor(private readonly clock: () => number) {}

  /** The vendor said when it will answer again. */
  pause(host: string, until: number): void {
    this.pausedUntil.set(
      host,
      Math.max(until, this.pausedUntil.get(host) ?? 0),
    );
  }

  /**
   * @param busy - something happens in the repository, or somebody looks at it
   */
  allows(
    work: Work,
    provider: DeliveryProvider,
    scope: RepositoryScope,
    busy: boolean,
  ): boolean {
    if (work === 'backfill') return this.book(provider, scope, 1).calls === 1;
    return this.spare(work, provider, scope, busy) > 0;
  }

  /**
   * Books up to `wanted` calls of first reads: `calls` is how many may be made. Who knows how many were made tells it to `settle`, so that
   * the others are free for the next.
   */
  book(
    provider: DeliveryProvider,
    scope: RepositoryScope,
    wanted: number,
    of: FirstRead = 'history',
  ): { calls: number; settle(made: number): void } {
    const now = this.clock();
    const key = `${of} ${scope.host}`;
    const recent = (this.booked.get(key) ?? []).filter(
      ({ at }) => at > now - HOUR_MS,
    );
    const limit = provider.budget?.(scope)?.limit ?? ASSUMED_LIMIT;
    const gone = recent.reduce((sum, { calls }) => sum + calls, 0);
    const calls = Math.max(
      0,
      Math.min(
        wanted,
        Math.floor(limit * PART[of]) - gone,
        Math.ceil(this.spare('backfill', provider, scope, false)),
      ),
    );
    const booking = { at: now, calls };
    if (calls > 0) this.booked.set(key, [...recent, booking]);
    return {
      calls,
      settle: made => {
        booking.calls = Math.min(calls, made);
      },
    };
  }

  /** How many calls are left before the reserve begins. */
  private spare(
    work: Work,
    provider: DeliveryProvider,
    scope: RepositoryScope,
    busy: boolean,
  ): number {
    const now = this.clock();
    if (now < (this.pausedUntil.get(scope.host) ?? 0)) return 0;
    const budget = provider.budget?.(scope);
    // A window that is over says nothing about the one now.
    if (!budget || now >= budget.resetAt) return Infinity;
    const reserve = work === 'sweep' && !busy ? CALM : RESERVE[work];
    return budget.remaining - budget.limit * reserve;
  }
}
