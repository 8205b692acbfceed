import type {
  DeliveryProvider,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import type { ApplyResult } from '../database/DeliveryStore';
import type { SyncStateRow } from '../database/rows';
import { BudgetGovernor } from './BudgetGovernor';
import { DeploymentReader } from './DeploymentReader';
import { laterByTimer } from './laterByTimer';
import { parallel } from './parallel';
import { Redelivery } from './Redelivery';
import { RepositoryReader, type ReadingOptions } from './RepositoryReader';
import { RunConfirmer } from './RunConfirmer';
import { repositoryScope } from './scopes';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How old the confirmation of a repository may get, by what happens in it. */
const SWEEP_EVERY = {
  idle: 6 * HOUR_MS,
  active: HOUR_MS,
  failed: 15 * MINUTE_MS,
};
/** The same without webhooks, where reading is the only news. */
const POLL_EVERY = {
  watched: 15 * SECOND_MS,
  open: 30 * SECOND_MS,
  idle: 5 * MINUTE_MS,
};
/** Part of the hourly budget that polling idle repositories may use. */
const POLL_PART = 0.3;
const ASSUMED_LIMIT = 5_000;
/** An open page says so again in this time. */
const WATCHED_MS = 2 * MINUTE_MS;
/** Webhooks of a gate come in pairs in any order; after this the second one is there. */
const CONFIRM_AFTER_MS = 3 * SECOND_MS;
/** Reads of one tick; the next tick goes on. */
const PER_TICK = 200;

export interface ReconcilerOptions extends ReadingOptions {
  providers: DeliveryProvider[];
  /** `poll`: no event ever arrives. */
  mode: 'webhook' | 'events' | 'poll';
  retention: { inboxBodiesMs: number; jobsMs: number };
  /** Batches of deployments that a tick reads of one repository at most. Default: one. */
  deploymentRounds?: number;
  /** Shared with whatever else reads the same vendors; absent: of its own. */
  governor?: BudgetGovernor;
  /** Runs something later; injected so that tests need not wait. */
  later?: (ms: number, run: () => void) => { cancel(): void };
}

type Due = RepositoryScope & {
  provider: DeliveryProvider;
  work: 'backfill' | 'sweep';
  busy: boolean;
  /** Smaller: sooner. */
  rank: number;
};

/**
 * Makes the stored state equal to the vendors', whatever was lost, came twice or in another order. All it does goes through the same
 * `apply` as deliveries. The scheduler calls {@link Reconciler.tick} on one replica at a time.
 */
export class Reconciler {
  private readonly governor: BudgetGovernor;
  private readonly reader: RepositoryReader;
  private readonly confirmer: RunConfirmer;
  private readonly deployments: DeploymentReader;
  private readonly watched = new Map<string, number>();
  private readonly doubtful = new Set<string>();
  private confirming: { cancel(): void } | undefined;
  private readonly redelivery: Redelivery;
  private readonly closing = new AbortController();

  constructor(private readonly options: ReconcilerOptions) {
    this.governor = options.governor ?? new BudgetGovernor(options.clock);
    const onApplied = (result: ApplyResult) => this.options.onApplied?.(result);
    const reading = { ...options, onApplied, governor: this.governor };
    this.redelivery = new Redelivery(options);
    this.reader = new RepositoryReader(reading);
    const providerOf = (host: string) => this.providerOf(host);
    this.confirmer = new RunConfirmer({ ...reading, providerOf });
    this.deployments = new DeploymentReader({
      ...reading,
      providerOf,
      isWatched: scope => this.isWatched(scope),
      rounds: options.deploymentRounds,
    });
  }

  /** Somebody looks at this service: its repositories come first for the next two minutes. */
  async touch(entityRef: string): Promise<void> {
    const until = this.options.clock() + WATCHED_MS;
    for (const b of await this.options.store.bindingsOfEntity(entityRef)) {
      this.watched.set(repositoryScope(b.host, b.slug), until);
    }
  }

  /** To be called after deliveries were applied: doubts are asked about, many at once and a moment later. */
  applied(result: Pick<ApplyResult, 'needsConfirm'>): void {
    if (result.needsConfirm.length === 0 || this.closing.signal.aborted) return;
    result.needsConfirm.forEach(key => this.doubtful.add(key));
    this.confirming ??= (this.options.later ?? laterByTimer)(
      CONFIRM_AFTER_MS,
      () => {
        this.confirming = undefined;
        this.confirmDoubtful(this.closing.signal).catch(error =>
          this.options.logger.warn(`Doubts remain: ${error}`),
        );
      },
    );
  }

  /** Asks about runs that are still in doubt. */
  async confirmDoubtful(signal: AbortSignal): Promise<void> {
    const keys = [...this.doubtful];
    this.doubtful.clear();
    const known = new Map(
      (await this.options.store.runsByKey(keys)).map(run => [run.runKey, run]),
    );
    // Most doubts end by themselves: the job has started meanwhile.
    const open = keys.filter(key => known.get(key)?.needsConfirm ?? true);
    await parallel(open, signal, key => this.confirmer.confirm(key, signal));
  }

  /** One round of everything that is due. */
  async tick(taskSignal: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([taskSignal, this.closing.signal]);
    if (this.options.mode !== 'poll') await this.redelivery.run(signal);
    await this.confirmOpenRuns(signal);
    await this.readRepositories(signal);
    await this.deployments.tick(signal);
  }

  /** Without webhooks: what somebody looks at and what is open, between the ticks. */
  async poll(taskSignal: AbortSignal): Promise<void> {
    if (this.options.mode !== 'poll') return;
    const signal = AbortSignal.any([taskSignal, this.closing.signal]);
    await this.readRepositories(signal, true);
  }

  /** Deletes what is too old to be kept. */
  async prune(): Promise<void> {
    const { store, clock, retention, logger } = this.options;
    const now = clock();
    const gone = await store.prune({
      inboxBodies: now - retention.inboxBodiesMs,
      unclaimed: now - retention.inboxBodiesMs,
      jobs: now - retention.jobsMs,
    });
    logger.info('Old rows were deleted', gone);
  }

  close(): void {
    this.confirming?.cancel();
    this.closing.abort();
  }

  private providerOf(host: string): DeliveryProvider | undefined {
    return this.options.providers.find(p => p.hosts.includes(host));
  }

  private async confirmOpenRuns(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.options;
    const now = clock();
    const watched = await this.watchedRepositories();
    const due = (await store.openRuns()).filter(run => {
      const news = Math.max(run.updatedAt, run.confirmedAt ?? 0);
      const isWatched = watched.has(run.repoKey);
      return now - news >= RunConfirmer.patienceMs(run, now, isWatched);
    });
    await parallel(due.slice(0, PER_TICK), signal, run =>
      this.confirmer.confirm(run.runKey, signal),
    );
  }

  private async watchedRepositories(): Promise<Set<string>> {
    const found = new Set<string>();
    for (const bound of await this.options.store.boundRepositories()) {
      if (bound.repoKey && this.isWatched(bound)) found.add(bound.repoKey);
    }
    return found;
  }

  private isWatched({ host, slug }: RepositoryScope): boolean {
    const until = this.watched.get(repositoryScope(host, slug)) ?? 0;
    return until > this.options.clock();
  }

  private async readRepositories(
    signal: AbortSignal,
    busyOnly = false,
  ): Promise<void> {
    const due = (await this.dueRepositories()).filter(d => d.busy || !busyOnly);
    due.sort((a, b) => a.rank - b.rank);
    await parallel(due.slice(0, PER_TICK), signal, async item => {
      const { provider, work, busy, host, slug, repoKey } = item;
      const scope = { host, slug, repoKey };
      if (!this.governor.allows(work, provider, scope, busy)) return;
      if (work === 'backfill') {
        await this.reader.backfill(provider, scope, signal);
        return;
      }
      const changed = await this.reader.sweep(provider, scope, signal);
      // What happened without our being told: its jobs were not told either.
      for (const runKey of changed.slice(0, PER_TICK)) {
        if (!signal.aborted) await this.confirmer.confirm(runKey, signal);
      }
      if (repoKey) await this.confirmer.closeGaps(repoKey, signal);
    });
  }

  private async dueRepositories(): Promise<Due[]> {
    const { store, clock } = this.options;
    const now = clock();
    const states = new Map(
      (await store.syncStates()).map(state => [state.scope, state]),
    );
    const open = new Set((await store.openRuns()).map(run => run.repoKey));
    const bound = await store.boundRepositories();
    return bound.flatMap((repository): Due[] => {
      const { host, slug, repoKey } = repository;
      const provider = this.providerOf(host);
      if (!provider) return [];
      const state = states.get(repositoryScope(host, slug));
      const isOpen = repoKey !== undefined && open.has(repoKey);
      const isWatched = this.isWatched(repository);
      const busy = isOpen || isWatched;
      const common = { host, slug, repoKey, provider, busy };
      const failedAt = state?.problem?.at;
      if (failedAt !== undefined && now - failedAt < SWEEP_EVERY.failed) {
        return [];
      }
      if (state?.backfill !== 'done') {
        return [{ ...common, work: 'backfill', rank: isWatched ? 0 : 2 }];
      }
      const age = now - (state.confirmedAt ?? 0);
      const every = this.everyMs(
        { state, isOpen, isWatched, now },
        { provider, host, slug, repositories: bound.length },
      );
      if (age < every) return [];
      return [{ ...common, work: 'sweep', rank: busy ? 1 : 3 - age / now }];
    });
  }

  private everyMs(
    is: {
      state: SyncStateRow;
      isOpen: boolean;
      isWatched: boolean;
      now: number;
    },
    of: RepositoryScope & { provider: DeliveryProvider; repositories: number },
  ): number {
    if (this.options.mode === 'poll') {
      if (is.isWatched) return POLL_EVERY.watched;
      if (is.isOpen) return POLL_EVERY.open;
      const limit = of.provider.budget?.(of)?.limit ?? ASSUMED_LIMIT;
      return Math.max(
        POLL_EVERY.idle,
        (of.repositories * HOUR_MS) / (limit * POLL_PART),
      );
    }
    const { lastEventAt, confirmedAt } = is.state;
    const active = is.isOpen || (lastEventAt ?? 0) > (confirmedAt ?? 0);
    return active ? SWEEP_EVERY.active : SWEEP_EVERY.idle;
  }
}
