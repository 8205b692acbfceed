import type {
  RuntimeDeploymentFact,
  RuntimeFact,
  RuntimeServiceFact,
} from 'backstage-plugin-delivery-common';
import { isMovingService } from 'backstage-plugin-delivery-common/domain';
import type {
  EnvironmentStore,
  RuntimeReadState,
} from '../../database/EnvironmentStore';
import { parallel } from '../parallel';
import type { Cluster } from './clusters';
import { DetailMemory } from './DetailMemory';
import { type Failure, toFailure } from './problems';
import {
  imagesOf,
  type Known,
  knownOf,
  revisionsOf,
  taskDefinitionsOf,
} from './wants';

/** How far back a runtime tells its deployments. */
export const HISTORY_MS = 90 * 24 * 60 * 60_000;
/** Others come first when the history of one cannot be listed. */
const HISTORY_AGAIN_MS = 10 * 60_000;
/** Of one cluster in one tick; the next tick goes on. */
const PER_TICK = {
  services: 200,
  histories: 5,
  revisions: 100,
  taskDefinitions: 40,
  images: 200,
};
/** Deployments of one service that are gone through for what is missing. */
const DEPLOYMENTS = 100;

/** What reading deeper gave. */
export interface Details {
  facts: RuntimeFact[];
  /** Services whose history was listed. */
  histories: string[];
  moving: Set<string>;
  /** By runtime key. */
  failures: Map<string, Failure>;
}

type Part = 'revisions' | 'taskDefinitions' | 'images';

/** Reads what never changes, once, and deployments while they move: nothing for a service that stands still and is known. */
export class DetailReader {
  readonly #store: EnvironmentStore;
  readonly #clock: () => number;
  readonly #memory: DetailMemory;
  readonly #incomplete = new Set<string>();
  readonly #historyAgain = new Map<string, number>();

  constructor(options: { store: EnvironmentStore; clock: () => number }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#memory = new DetailMemory(options.clock);
  }

  /**
   * @param services - as just read
   * @throws nothing but what the store throws and an abort: what cannot be read is told in `failures`
   */
  async read(
    cluster: Cluster,
    services: RuntimeServiceFact[],
    states: ReadonlyMap<string, RuntimeReadState>,
    signal: AbortSignal,
  ): Promise<Details> {
    const details: Details = {
      ...{ facts: [], histories: [] },
      moving: new Set(),
      failures: new Map(),
    };
    const fresh = new Map(services.map(item => [item.runtimeKey, item]));
    const changed = services
      .filter(item => !this.#memory.isComplete(item))
      .map(item => item.runtimeKey);
    const histories = cluster.services
      .map(item => item.runtimeKey)
      .filter(key => fresh.has(key) || states.get(key)?.observedAt)
      .filter(key => states.get(key)?.historySince === undefined)
      .filter(key => this.#clock() >= (this.#historyAgain.get(key) ?? 0))
      .slice(0, PER_TICK.histories);
    const unfinished = cluster.services
      .map(item => item.runtimeKey)
      .filter(key => this.#incomplete.has(key));
    const keys = [...new Set([...changed, ...histories, ...unfinished])];
    changed.slice(PER_TICK.services).forEach(key => this.#incomplete.add(key));
    const now = keys.slice(0, PER_TICK.services);
    if (now.length === 0) return details;

    const stored = await this.#store.runtimeStates(now, DEPLOYMENTS);
    const known = new Map(
      now.map(key => [key, knownOf(stored.get(key), fresh.get(key))]),
    );
    await this.#deployments(cluster, known, histories, details, signal);
    for (const service of services) {
      const { deployments = [] } = known.get(service.runtimeKey) ?? {};
      if (this.#memory.isComplete(service)) continue;
      if (isMovingService(service, deployments)) {
        details.moving.add(service.runtimeKey);
      }
    }
    const missing = new Set<string>();
    for (const part of ['revisions', 'taskDefinitions', 'images'] as const) {
      await this.#part(part, cluster, known, details, missing, signal);
    }
    for (const [key, { service }] of known) {
      const more = missing.has(key);
      if (more) this.#incomplete.add(key);
      else this.#incomplete.delete(key);
      // One that failed is tried again when its service is read again.
      const open = more || details.failures.has(key) || details.moving.has(key);
      this.#memory.complete(key, open ? undefined : service);
    }
    return details;
  }

  async #deployments(
    cluster: Cluster,
    known: Map<string, Known>,
    histories: string[],
    details: Details,
    signal: AbortSignal,
  ): Promise<void> {
    const { provider, scope, services } = cluster;
    const wanted = new Map<string, string>();
    for (const [key, { service }] of known) {
      if (service?.currentDeployment) {
        wanted.set(service.currentDeployment, key);
      }
    }
    const listed: string[] = [];
    for (const key of histories) {
      const ref = services.find(item => item.runtimeKey === key)?.ref;
      if (!ref || !known.has(key)) continue;
      try {
        const since = this.#clock() - HISTORY_MS;
        const list = await provider.listDeployments(ref, since, signal);
        list.slice(0, DEPLOYMENTS).forEach(item => wanted.set(item, key));
        listed.push(key);
      } catch (error) {
        this.#historyAgain.set(key, this.#clock() + HISTORY_AGAIN_MS);
        this.#fail(details, [key], error, 'The history', signal);
      }
    }
    const open =
      wanted.size > 0
        ? await this.#store.openDeployments([...wanted.keys()])
        : [];
    const asked = open.filter(key => !this.#memory.isGone(key));
    try {
      const facts =
        asked.length > 0
          ? await provider.readDeployments(scope, asked, signal)
          : [];
      this.#memory.answered(
        asked,
        facts.map(fact => fact.deploymentKey),
      );
      for (const fact of facts) this.#addDeployment(fact, known, details);
      details.histories.push(...listed);
    } catch (error) {
      const keys = new Set(asked.flatMap(item => wanted.get(item) ?? []));
      this.#fail(details, keys, error, 'Deployments', signal);
    }
  }

  #addDeployment(
    fact: RuntimeDeploymentFact,
    known: Map<string, Known>,
    details: Details,
  ) {
    details.facts.push(fact);
    const owner = known.get(fact.runtimeKey);
    if (!owner) return;
    owner.deployments = [
      fact,
      ...owner.deployments.filter(
        item => item.deploymentKey !== fact.deploymentKey,
      ),
    ].sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Asks for what is missing of one kind, for all services together. */
  async #part(
    part: Part,
    cluster: Cluster,
    known: Map<string, Known>,
    details: Details,
    missing: Set<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const owners = new Map<string, Set<string>>();
    for (const [key, item] of known) {
      for (const want of wantsOf(part, item)) {
        owners.set(want, (owners.get(want) ?? new Set()).add(key));
      }
    }
    const ownersOf = (wants: string[]) =>
      new Set(wants.flatMap(want => [...(owners.get(want) ?? [])]));
    const wanted = [...owners.keys()].filter(key => !this.#memory.isGone(key));
    if (wanted.length === 0) return;
    const unknown = await this.#missing(part, wanted);
    const asked = unknown.slice(0, PER_TICK[part]);
    ownersOf(unknown.slice(asked.length)).forEach(key => missing.add(key));
    if (asked.length === 0) return;
    const { provider, scope } = cluster;
    const fail = (wants: string[], error: unknown, what: string) =>
      this.#fail(details, ownersOf(wants), error, what, signal);
    if (part === 'taskDefinitions') {
      await parallel(asked, signal, async arn => {
        try {
          const fact = await provider.readTaskDefinition(scope, arn, signal);
          details.facts.push(fact);
          for (const item of known.values()) {
            item.taskDefinitions.set(arn, fact);
          }
        } catch (error) {
          if ((error as Error).name === 'NotFoundError') {
            this.#memory.answered([arn], []);
          } else fail([arn], error, `The task definition ${arn}`);
        }
      });
      return;
    }
    try {
      if (part === 'revisions') {
        const facts = await provider.readRevisions(scope, asked, signal);
        const got = facts.map(fact => fact.revisionKey);
        this.#memory.answered(asked, got);
        for (const fact of facts) {
          details.facts.push(fact);
          known.get(fact.runtimeKey)?.revisions.set(fact.revisionKey, fact);
        }
      } else {
        const facts = await provider.readImages(asked.map(imageOf), signal);
        this.#memory.answered(asked, facts.map(textOf));
        details.facts.push(...facts);
      }
    } catch (error) {
      fail(asked, error, part === 'images' ? 'Images' : 'Revisions');
    }
  }

  async #missing(part: Part, wanted: string[]): Promise<string[]> {
    if (part === 'revisions') return this.#store.missingRevisions(wanted);
    if (part === 'images') {
      return (await this.#store.missingImages(wanted.map(imageOf))).map(textOf);
    }
    return this.#store.missingTaskDefinitions(wanted);
  }

  #fail(
    details: Details,
    keys: Iterable<string>,
    error: unknown,
    what: string,
    signal: AbortSignal,
  ) {
    if (signal.aborted) throw signal.reason;
    const failure = toFailure(error, what);
    for (const key of keys) details.failures.set(key, failure);
  }
}

function wantsOf(part: Part, known: Known): string[] {
  if (part === 'revisions') return revisionsOf(known);
  if (part === 'taskDefinitions') return taskDefinitionsOf(known);
  return imagesOf(known).map(textOf);
}

function textOf(image: { repository: string; digest: string }): string {
  return `${image.repository}@${image.digest}`;
}

function imageOf(text: string): { repository: string; digest: string } {
  const at = text.lastIndexOf('@');
  return { repository: text.slice(0, at), digest: text.slice(at + 1) };
}
