import {
  parseRuntimeKey,
  type RuntimeScope,
} from 'backstage-plugin-delivery-common';
import type {
  EnvironmentFacts,
  EnvironmentView,
  KnownCommit,
  RuntimeState,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import type { RepositoryRow } from '../database/rows';

/** Deployments of one environment that are looked at: the window of facts. */
const DEPLOYMENTS = 50;

/** Everything that the environments of one service are derived from. */
export interface ServiceFacts {
  repository?: RepositoryRow;
  places: { binding: EnvironmentBinding; facts: EnvironmentFacts }[];
}

/** Told which stacks a service's environment names, and where they are. */
export type StackListener = (
  entityRef: string,
  scope: RuntimeScope,
  stacks: string[],
) => void;

/** Loads the facts of one service's environments, in their order. */
export class EnvironmentFactsReader {
  readonly #store: DeliveryStore;
  readonly #environments: EnvironmentStore;
  readonly #stackListeners: StackListener[] = [];

  constructor(options: {
    store: DeliveryStore;
    environments: EnvironmentStore;
  }) {
    this.#store = options.store;
    this.#environments = options.environments;
  }

  /** The listener is told of every stack that an environment names. */
  onStacks(listener: StackListener): void {
    this.#stackListeners.push(listener);
  }

  /** The repository of a service, once something was heard of it. */
  async repositoryOf(entityRef: string): Promise<RepositoryRow | undefined> {
    const [bound] = await this.#store.bindingsOfEntity(entityRef);
    return bound && this.#store.repositoryBySlug(bound.host, bound.slug);
  }

  async of(entityRef: string): Promise<ServiceFacts> {
    const store = this.#environments;
    const bindings = [...(await store.environmentsOf(entityRef))].sort(
      (a, b) => a.position - b.position,
    );
    if (bindings.length === 0) return { places: [] };
    const repository = await this.repositoryOf(entityRef);
    const keys = bindings.flatMap(item => item.runtimeKey ?? []);
    const states =
      keys.length > 0
        ? await store.runtimeStates(keys, DEPLOYMENTS)
        : new Map<string, RuntimeState>();
    const shortShas = repository
      ? await store.shortShas(repository.repoKey)
      : new Map<string, string | null>();
    const commits = new Map<string, KnownCommit>();
    const readSince = await this.#readSince(repository);
    const places: ServiceFacts['places'] = [];
    for (const binding of bindings) {
      const { environment: name, tier, match, problem } = binding;
      const state = binding.runtimeKey && states.get(binding.runtimeKey);
      const runtime = state
        ? await this.#withStacks({ ...state, shortShas }, binding)
        : undefined;
      const place = {
        ...{ name, tier, runtime },
        problem: problem && { ...problem, at: 0 },
      };
      const pipeline = await store.pipelineDeployments(
        entityRef,
        match,
        DEPLOYMENTS,
      );
      const completeSince = latest([
        readSince,
        cutAt(pipeline.map(item => item.createdAt)),
        cutAt((runtime?.deployments ?? []).map(item => item.createdAt)),
      ]);
      const facts = { place, pipeline, commits, completeSince };
      places.push({ binding, facts });
    }
    return { repository, places };
  }

  /** Titles and authors of the commits that views speak of. */
  async commitsOf(
    repository: RepositoryRow | undefined,
    views: EnvironmentView[],
  ): Promise<Map<string, KnownCommit>> {
    const shas = new Set(
      views.flatMap(({ environment, deployments }) => [
        environment.commit?.sha,
        environment.rollout?.new?.commit?.sha,
        environment.rollout?.old?.commit?.sha,
        ...deployments.map(item => item.commit.sha),
      ]),
    );
    shas.delete(undefined);
    if (!repository || shas.size === 0) return new Map();
    const known = [...shas].filter(sha => sha !== undefined);
    return this.#environments.commits(repository.repoKey, known);
  }

  /** While the first read of deployments goes on, older ones may be missing. */
  async #readSince(
    repository: RepositoryRow | undefined,
  ): Promise<number | undefined> {
    if (!repository) return undefined;
    const { host, slug } = repository;
    const state = await this.#store.syncState(
      `deployments:${host}/${slug.toLowerCase()}`,
    );
    return state?.backfill === 'running' ? state.dataSince : undefined;
  }

  async #withStacks(
    state: RuntimeState,
    { entityRef, stacks, runtimeKey }: EnvironmentBinding,
  ): Promise<RuntimeState> {
    const ref =
      runtimeKey === undefined ? undefined : parseRuntimeKey(runtimeKey);
    if (!ref || stacks.length === 0) return state;
    this.#stackListeners.forEach(listener => listener(entityRef, ref, stacks));
    return { ...state, stacks: await this.#environments.stacks(ref, stacks) };
  }
}

/** Where a list that may go on was cut; undefined: it is whole. */
function cutAt(times: number[]): number | undefined {
  return times.length < DEPLOYMENTS ? undefined : Math.min(...times);
}

function latest(times: (number | undefined)[]): number | undefined {
  const known = times.filter(at => at !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
