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
/** Part of the budget of an hour that backfill may use. */
const BACKFILL_PART = 0.3;
/** While a vendor has not said its limit. GitHub's smallest one for Apps. */
const ASSUMED_LIMIT = 5_000;
const HOUR_MS = 60 * 60_000;

/** Decides whether there is budget for a call. Knows nothing of what the calls are for. */
export class BudgetGovernor {
  private readonly pausedUntil = new Map<string, number>();
  private readonly backfilled = new Map<string, number[]>();

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
    const now = this.clock();
    if (now < (this.pausedUntil.get(scope.host) ?? 0)) return false;
    const budget = provider.budget?.(scope);
    // A window that is over says nothing about the one now.
    const left =
      budget && now < budget.resetAt ? budget.remaining / budget.limit : 1;
    const reserve = work === 'sweep' && !busy ? CALM : RESERVE[work];
    if (left <= reserve) return false;
    if (work !== 'backfill') return true;
    const recent = (this.backfilled.get(scope.host) ?? []).filter(
      at => at > now - HOUR_MS,
    );
    const limit = budget?.limit ?? ASSUMED_LIMIT;
    if (recent.length >= limit * BACKFILL_PART) return false;
    this.backfilled.set(scope.host, [...recent, now]);
    return true;
  }
}
