import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Environment } from 'backstage-plugin-delivery-common';
import {
  type EnvironmentView,
  placeBehind,
  viewOf,
  wantedShortShas,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import type { RepositoryRow } from '../database/rows';
import type { ChangeFeed } from './ChangeFeed';
import { type Comparisons, countOf } from './Comparisons';
import { EntityQueue, type Later } from './EntityQueue';
import type {
  EnvironmentFactsReader,
  ServiceFacts,
} from './EnvironmentFactsReader';
import type { ShortShas } from './ShortShas';

/** What happens to a service within this time is derived once. */
const QUIET_MS = 500;
const PARALLEL = 2;
/** In so many rounds everything is derived anew. */
const ROUNDS = 10;

/** What the keeper works with. */
export interface EnvironmentKeeperOptions {
  store: DeliveryStore;
  environments: EnvironmentStore;
  facts: EnvironmentFactsReader;
  feed: Pick<ChangeFeed, 'environments' | 'listen'>;
  comparisons: Comparisons;
  shortShas: ShortShas;
  logger: LoggerService;
  now: () => number;
  later: Later;
}

/**
 * Keeps what is derived of environments up to date: after facts of a service changed, off the path of anybody who waits, and tells open
 * pages when something really is different.
 */
export class EnvironmentKeeper {
  readonly #options: EnvironmentKeeperOptions;
  readonly #queue: EntityQueue;
  readonly #expecting: ((runtimeKeys: string[]) => void)[] = [];
  #rolledTo = '';

  constructor(options: EnvironmentKeeperOptions) {
    this.#options = options;
    this.#queue = new EntityQueue({
      quietMs: QUIET_MS,
      parallel: PARALLEL,
      later: options.later,
      work: ref => this.#keepSafely(ref),
    });
    options.feed.listen(({ entityRefs, derived }) => {
      if (!derived) this.#queue.add(entityRefs);
    });
  }

  /** The listener is told services of runtimes to which a pipeline is deploying. */
  onExpected(listener: (runtimeKeys: string[]) => void): void {
    this.#expecting.push(listener);
  }

  /** Facts of these services of runtimes are different. */
  async runtimesChanged(runtimeKeys: string[]): Promise<void> {
    try {
      this.#queue.add(
        await this.#options.environments.entitiesOfRuntimes(runtimeKeys),
      );
    } catch (error) {
      this.#warn(error, runtimeKeys.join(' '));
    }
  }

  /** To be derived soon, many changes at once. */
  changed(entityRefs: string[]): void {
    this.#queue.add(entityRefs);
  }

  /** To be derived as soon as there is room. */
  now(entityRefs: string[]): void {
    this.#queue.now(entityRefs);
  }

  /** Every service there is. */
  async all(): Promise<void> {
    this.#queue.now(await this.#everybody());
    await this.#queue.idle();
  }

  /** The next tenth of all services: what was missed ends here, without a burst. */
  async rolling(): Promise<void> {
    const refs = (await this.#everybody()).sort();
    const next = refs.findIndex(ref => ref > this.#rolledTo);
    const from = next < 0 ? 0 : next;
    const part = refs.slice(from, from + Math.ceil(refs.length / ROUNDS));
    this.#rolledTo = part.at(-1) ?? '';
    this.#queue.now(part);
    await this.#queue.idle();
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #everybody(): Promise<string[]> {
    const { environments, store } = this.#options;
    const repositories = await store.boundRepositories();
    const lists = [
      (await environments.allEnvironments()).map(row => row.entityRef),
      await environments.entitiesOfRuntimes(await environments.boundRuntimes()),
    ];
    for (const { repoKey } of repositories) {
      if (repoKey) lists.push(await store.entitiesOfRepository(repoKey));
    }
    return [...new Set(lists.flat())];
  }

  async #keepSafely(entityRef: string): Promise<void> {
    try {
      await this.#keep(entityRef);
    } catch (error) {
      this.#warn(error, entityRef);
    }
  }

  #warn(error: unknown, what: string) {
    this.#options.logger.warn('Environments could not be derived', {
      ...{ of: what, reason: String(error) },
    });
  }

  async #keep(entityRef: string): Promise<void> {
    const { environments: store, facts: reader, feed, now } = this.#options;
    const facts = await reader.of(entityRef);
    const views = await this.#views(facts);
    const shown = facts.places
      .map(({ binding }, index) => ({ binding, view: views[index] }))
      .filter(
        ({ binding, view }) =>
          !binding.onlyWhenSeen || view.environment.basis !== 'none',
      );
    const placed = await this.#placeBehind(
      shown.map(({ view }) => view.environment),
      facts.repository,
    );
    const items = shown.map(({ binding, view }, index) => ({
      position: binding.position,
      environment: withoutReadTimes(placed[index]),
      deployments: view.deployments,
    }));
    this.#expect(shown);
    const saved = await store.saveEnvironments(entityRef, items, now());
    if (saved) feed.environments([entityRef]);
    await this.#findShortShas(entityRef, facts);
  }

  #expect(shown: { binding: EnvironmentBinding; view: EnvironmentView }[]) {
    const keys = shown.flatMap(({ binding, view }) =>
      binding.runtimeKey && view.deployments.at(0)?.status === 'in_progress'
        ? [binding.runtimeKey]
        : [],
    );
    if (keys.length > 0) this.#expecting.forEach(tell => tell(keys));
  }

  /** Twice: only a view says which commits it is of, and only commits have titles. */
  async #views({
    places,
    repository,
  }: ServiceFacts): Promise<EnvironmentView[]> {
    const at = this.#options.now();
    const first = places.map(({ facts }) => viewOf(facts, at));
    const commits = await this.#options.facts.commitsOf(repository, first);
    if (commits.size === 0) return first;
    return places.map(({ facts }) => viewOf({ ...facts, commits }, at));
  }

  async #placeBehind(
    environments: Environment[],
    repository: RepositoryRow | undefined,
  ): Promise<Environment[]> {
    const counts = new Map<string, ReturnType<typeof countOf>>();
    for (const { base, head } of pairsOf(environments)) {
      const known =
        repository &&
        (await this.#options.comparisons.stored(
          ...([repository.repoKey, base, head] as const),
        ));
      if (known) counts.set(`${base} ${head}`, countOf(known));
    }
    return placeBehind(environments, (base, head) =>
      counts.get(`${base} ${head}`),
    );
  }

  async #findShortShas(
    entityRef: string,
    { places, repository }: ServiceFacts,
  ): Promise<void> {
    if (!repository) return;
    const wanted = places.flatMap(({ facts: { place } }) =>
      place.runtime
        ? wantedShortShas(place.runtime).filter(
            short => !place.runtime?.shortShas.has(short),
          )
        : [],
    );
    if (wanted.length === 0) return;
    // Not awaited: the next service should not wait for a vendor.
    this.#options.shortShas
      .find(repository, [...new Set(wanted)])
      .then(found => {
        if (found) this.#queue.now([entityRef]);
      });
  }
}

/** Commits that are compared along the way to production. */
export function pairsOf(
  environments: Environment[],
): { base: string; head: string }[] {
  const pairs: { base: string; head: string }[] = [];
  placeBehind(environments, (base, head) => {
    pairs.push({ base, head });
    return undefined;
  });
  return pairs;
}

/** When it was read is told with every answer; stored, it would make each read of an unchanged service news. */
function withoutReadTimes(environment: Environment): Environment {
  const { asOf: _, problem, ...rest } = environment;
  return problem ? { ...rest, problem: { ...problem, at: 0 } } : rest;
}
