import type {
  DeliveryProvider,
  ListHint,
} from 'backstage-plugin-delivery-node';
import type { RepositoryRow } from '../database/rows';
import { IncidentList } from './changes/IncidentList';
import { RepositoryChanges } from './changes/RepositoryChanges';
import {
  ReadStates,
  type ChangeReadingOptions,
  type Target,
} from './changes/reading';
import { PullRequestList } from './changes/PullRequestList';
import {
  WantedRepository,
  type WantedChanges,
} from './changes/WantedRepository';
import { parallel } from './parallel';
import { hintScope } from './scopes';

export type ChangeReaderOptions = ChangeReadingOptions;
export type { WantedChanges };

/** Repositories of one tick; the next one goes on with the others. */
const PER_TICK = 50;

/**
 * Reads commits, pull requests and incidents of repositories of which some service wants to know: each thing once, lists only when there is
 * a reason to ask. What is wanted is kept in memory and told again after a start; all that was read is in the store.
 */
export class ChangeReader {
  private readonly wanted = new Map<string, WantedRepository>();
  private readonly listeners: ((repoKey: string) => void)[] = [];
  private readonly items: RepositoryChanges;
  private readonly pulls: PullRequestList;
  private readonly incidents: IncidentList;

  constructor(private readonly options: ChangeReaderOptions) {
    this.pulls = new PullRequestList(options);
    this.incidents = new IncidentList(options);
    this.items = new RepositoryChanges(options, this.pulls);
  }

  /** Replaces what the service wanted. A service without a deployment to production should want nothing. */
  want(
    repository: RepositoryRow,
    service: string,
    wanted: WantedChanges,
  ): void {
    const { repoKey } = repository;
    const known = this.wanted.get(repoKey) ?? new WantedRepository(repository);
    this.wanted.set(repoKey, known);
    known.want(repository, service, wanted);
  }

  /** Told after something of a repository was stored that was not known. */
  onChanged(listener: (repoKey: string) => void): void {
    this.listeners.push(listener);
  }

  /** Things somebody waits for: not read, as far as that is known. */
  pendingOf(repoKey: string): number {
    return this.wanted.get(repoKey)?.pending ?? 0;
  }

  /** A list is not as it was: it is asked for again soon, by whichever replica reads. */
  async hint(
    { host, slug }: Pick<RepositoryRow, 'host' | 'slug'>,
    hint: ListHint,
  ): Promise<void> {
    const { store, clock } = this.options;
    await store.sawEvents([hintScope(hint, host, slug)], clock());
  }

  /** One turn of each repository that has something to read. */
  async tick(signal: AbortSignal): Promise<void> {
    const { store } = this.options;
    if (this.wanted.size === 0) return;
    const rows = await store.syncStates();
    const states = new ReadStates(
      this.options,
      new Map(rows.map(row => [row.scope, row])),
      this.wanted.size,
    );
    const due = [...this.wanted.values()]
      .flatMap(wanted => {
        const target = this.targetOf(wanted.repository);
        return target && this.isDue(target, wanted, states)
          ? [{ target, wanted }]
          : [];
      })
      .sort((a, b) => a.wanted.servedAt - b.wanted.servedAt);
    await parallel(due.slice(0, PER_TICK), signal, ({ target, wanted }) =>
      this.turn(target, wanted, states, signal),
    );
  }

  private isDue(
    target: Target,
    wanted: WantedRepository,
    states: ReadStates,
  ): boolean {
    return (
      wanted.look ||
      wanted.lookAt <= this.options.clock() ||
      this.incidents.isDue(target, wanted, states) ||
      this.pulls.isDue(target, wanted, states)
    );
  }

  private async turn(
    target: Target,
    wanted: WantedRepository,
    states: ReadStates,
    signal: AbortSignal,
  ): Promise<void> {
    wanted.servedAt = this.options.clock();
    const changed: boolean[] = [];
    try {
      if (this.incidents.isDue(target, wanted, states)) {
        changed.push(await this.incidents.read(target, wanted, states, signal));
      }
      changed.push(await this.items.read(target, wanted, states, signal));
    } catch (error) {
      wanted.look = true;
      throw error;
    } finally {
      if (changed.includes(true)) {
        this.listeners.forEach(listener => listener(target.scope.repoKey));
      }
    }
  }

  private targetOf(repository: RepositoryRow): Target | undefined {
    const { host, slug, repoKey, deleted } = repository;
    const provider = this.options.providers.find((one: DeliveryProvider) =>
      one.hosts.includes(host),
    );
    if (!provider || deleted) return undefined;
    return { provider, scope: { host, slug, repoKey } };
  }
}
