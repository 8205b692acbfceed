import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { DoraSettings } from 'backstage-plugin-delivery-common';
import {
  DORA_ALGORITHM,
  doraSettingsHash,
  redactLine,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type {
  DoraStore,
  ServiceDora,
  ServiceSet,
} from '../../database/DoraStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { RepositoryRow } from '../../database/rows';
import type { ChangeFeed } from '../ChangeFeed';
import { EntityQueue, type Later } from '../EntityQueue';
import { withCode } from '../errors';
import {
  type DoraFactsReader,
  HORIZON_MS,
  type ServiceDoraFacts,
  type WantedChanges,
} from './DoraFactsReader';
import { deriveRows } from './deriveRows';
import { DirtyMarks } from './DirtyMarks';
import { keepOld } from './keepOld';
import { Waiters } from './Waiters';

/** What happens to a service within this time is derived once. */
const QUIET_MS = 2_000;
/** Services that one sweep derives at most. */
const PER_SWEEP = 200;
/** A service that failed is left alone by sweeps for so long. */
const RETRY_MS = 10 * 60_000;
/** A service with very many deployments takes at most one part of so many of the time, and only when it takes longer than this. */
const PACE = { parts: 10, fromMs: 200 };
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };
const NOTHING: ServiceDora = {
  ...{ deployments: [], changes: [], incidents: [], excluded: [] },
};

/** Told after a derivation what should be read for the next one. */
export type WantedListener = (
  repository: RepositoryRow,
  service: string,
  wanted: WantedChanges,
) => void;

/** What the keeper works with. */
export interface DoraKeeperOptions {
  facts: Pick<DoraFactsReader, 'of'>;
  dora: DoraStore;
  store: Pick<DeliveryStore, 'entitiesOfRepository'>;
  environments: Pick<EnvironmentStore, 'allEnvironments' | 'environmentsOf'>;
  feed: Pick<ChangeFeed, 'listen'>;
  settings: DoraSettings;
  logger: LoggerService;
  now: () => number;
  later: Later;
}

/** Version of rows: they are made anew when settings or rules are different. */
export function doraVersionOf(settings: DoraSettings): string {
  return `${doraSettingsHash(settings)}.${DORA_ALGORITHM}`;
}

/**
 * Keeps the rows of the metrics up to date, off the path of anybody who waits. A mark in the database comes before the work, so that a
 * portal that was stopped in between goes on where it was; the rows of a service are always made of all its facts, so that the order and
 * number of marks play no part, and several replicas do no harm to each other.
 */
export class DoraKeeper {
  readonly #options: DoraKeeperOptions;
  readonly #version: string;
  readonly #queue: EntityQueue;
  readonly #marks: DirtyMarks;
  readonly #waiters = new Waiters();
  readonly #derived: ((entityRefs: string[]) => void)[] = [];
  readonly #wanted: WantedListener[] = [];
  /** Services that could not be derived, with when they may be tried again. */
  readonly #failed = new Map<string, number>();
  /** Services that take long, with when they may be derived again unless somebody waits. */
  readonly #resting = new Map<string, number>();
  readonly #telling = new Set<Promise<void>>();
  #closed = false;

  constructor(options: DoraKeeperOptions) {
    this.#options = options;
    this.#version = doraVersionOf(options.settings);
    this.#queue = new EntityQueue({
      ...{ quietMs: QUIET_MS, parallel: 1, later: options.later },
      work: ref => this.#keepSafely(ref),
    });
    this.#marks = new DirtyMarks({
      ...options,
      onMarked: refs => this.#queue.add(refs),
    });
    options.feed.listen(({ entityRefs, metrics }) => {
      // Its own news is no reason to derive again.
      if (!metrics) this.changed(entityRefs);
    });
  }

  /** The listener is told of services whose metrics are different. */
  onDerived(listener: (entityRefs: string[]) => void): void {
    this.#derived.push(listener);
  }

  /** The listener is told, after each derivation, what should be read of a service's repository. */
  onWanted(listener: WantedListener): void {
    this.#wanted.push(listener);
  }

  /** To be derived soon, many changes at once. */
  changed(entityRefs: string[]): void {
    if (!this.#closed) this.#marks.add(entityRefs);
  }

  /** Commits, pull requests or incidents of a repository were read. */
  changesRead(repoKey: string): void {
    const telling = this.#options.store
      .entitiesOfRepository(repoKey)
      .then(
        refs => this.changed(refs),
        error => this.#warn(error, repoKey, 'dora_not_marked'),
      )
      .finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  /**
   * Derives a service at once; resolves when what is stored now counts.
   *
   * @throws what went wrong, and an error when the portal is being stopped
   */
  now(entityRef: string): Promise<void> {
    if (this.#closed) return Promise.reject(stopped());
    const done = this.#waiters.wait(entityRef);
    this.#queue.now([entityRef]);
    return done;
  }

  /** Every service with an environment of production, one after the other: what was missed while the portal was off ends here. */
  async all(): Promise<void> {
    const { environments, dora } = this.#options;
    const refs = new Set(
      (await environments.allEnvironments())
        .filter(row => row.environment.tier === 'production')
        .map(row => row.entityRef),
    );
    for (const { service } of await dora.services()) refs.add(service);
    await this.#each(refs);
  }

  /** What is marked, oldest first, then what was made by other rules; bounded. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { dora, now } = this.#options;
    const marks = await dora.dirty(PER_SWEEP + this.#failed.size);
    const refs = new Set(marks.map(mark => mark.service));
    for (const ref of await dora.outdated(this.#version)) refs.add(ref);
    const due = [...refs].filter(
      ref => (this.#failed.get(ref) ?? 0) <= now() && !this.#marks.has(ref),
    );
    await this.#each(due.slice(0, PER_SWEEP), signal);
  }

  /** How many services wait to be derived; without `services` of all. */
  pending(services?: ServiceSet): Promise<number> {
    return this.#options.dora.pending(services);
  }

  /** Resolves when nothing is under way; what waits for its quiet time is not waited for. */
  async idle(): Promise<void> {
    await Promise.all(this.#telling);
    await this.#marks.idle();
    await this.#queue.idle();
  }

  /** Ends after what is under way; what waits is marked, and derived after the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#telling);
    await this.#marks.idle();
    await this.#queue.close();
    this.#waiters.rejectAll(stopped());
  }

  /** One after the other, so that what somebody waits for comes in between. */
  async #each(refs: Iterable<string>, signal?: AbortSignal): Promise<void> {
    for (const ref of refs) {
      if (signal?.aborted || this.#closed) return;
      // Logged already; one service must not keep the others from being derived.
      await this.now(ref).catch(() => {});
    }
  }

  async #keepSafely(entityRef: string): Promise<void> {
    const waiting = this.#waiters.take(entityRef);
    const startedAt = this.#options.now();
    if (
      waiting.length === 0 &&
      startedAt < (this.#resting.get(entityRef) ?? 0)
    ) {
      this.#queue.add([entityRef]);
      return;
    }
    try {
      await this.#keep(entityRef);
      this.#rest(entityRef, startedAt);
      this.#failed.delete(entityRef);
      waiting.forEach(({ resolve }) => resolve());
    } catch (error) {
      const isNew = !this.#failed.has(entityRef);
      this.#failed.set(entityRef, this.#options.now() + RETRY_MS);
      if (isNew) this.#warn(error, entityRef, 'dora_not_derived');
      waiting.forEach(({ reject }) => reject(error));
    }
  }

  #rest(entityRef: string, startedAt: number) {
    const endedAt = this.#options.now();
    const took = endedAt - startedAt;
    this.#resting.delete(entityRef);
    if (took > PACE.fromMs) {
      this.#resting.set(entityRef, endedAt + took * (PACE.parts - 1));
    }
  }

  async #keep(entityRef: string): Promise<void> {
    const { facts: reader, dora, now } = this.#options;
    const startedAt = now();
    this.#marks.begun(entityRef);
    const facts = await reader.of(entityRef);
    const differs = facts
      ? await this.#save(entityRef, facts)
      : await this.#empty(entityRef);
    await dora.clean(entityRef, startedAt);
    if (differs) this.#derived.forEach(tell => tell([entityRef]));
    if (!facts?.repository) return;
    const { repository, wanted } = facts;
    this.#wanted.forEach(tell => tell(repository, entityRef, wanted));
  }

  async #save(entityRef: string, facts: ServiceDoraFacts): Promise<boolean> {
    const { dora, now, settings } = this.#options;
    const derived = deriveRows(facts, settings);
    const rows = await keepOld(dora, entityRef, derived, {
      ...{ until: facts.asOf - HORIZON_MS, settings },
      overrides: facts.overrides,
    });
    return dora.save(entityRef, rows, { version: this.#version, at: now() });
  }

  /** A service without production has no metrics (any more); one that left the catalog keeps its rows, out of sight. */
  async #empty(entityRef: string): Promise<boolean> {
    const { dora, environments, now } = this.#options;
    const bound = await environments.environmentsOf(entityRef);
    if (bound.length === 0) {
      await dora.forget(entityRef);
      return false;
    }
    const stored = await dora.deployments([entityRef], ALWAYS);
    if (stored.length === 0) return false;
    return dora.save(entityRef, NOTHING, {
      ...{ version: this.#version, at: now() },
    });
  }

  #warn(error: unknown, of: string, code: string) {
    this.#options.logger.warn('Metrics of deployments could not be derived', {
      ...{ code, of },
      // Errors of libraries can quote what was stored.
      reason: redactLine(String(error).slice(0, 2_000)).slice(0, 500),
    });
  }
}

function stopped(): Error {
  return withCode(
    new ServiceUnavailableError(
      'The portal is being restarted. Try again in a moment.',
    ),
    'shutting_down',
  );
}
