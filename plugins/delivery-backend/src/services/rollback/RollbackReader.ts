import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  type Environment,
  parseRuntimeKey,
} from 'backstage-plugin-delivery-common';
import {
  configuredEnvironmentOf,
  DEFAULT_POLICY,
  isMovingService,
  matchesEnvironment,
} from 'backstage-plugin-delivery-common/domain';
import type { EnvironmentBinding } from '../../database/EnvironmentStore';
import { requireEnvironment } from '../environmentNames';
import { Refusal } from '../acts/Refusal';
import { holderOf } from './holderOf';
import type {
  RollbackFacts,
  RollbackRuntime,
  RollbackTarget,
} from './RollbackFacts';
import type { RollbackServiceOptions } from './RollbackServiceOptions';
import { sourceTarget, targetsOf } from './rollbackTargets';
import { viewHashOf } from './rollbackView';
import { isUnderWay, waysOf } from './rollbackWays';
import { RollbackWorkflows } from './RollbackWorkflows';

/** Deployments that are looked through for what can be gone back to. */
const HISTORY = 100;

type ReaderOptions = Pick<
  RollbackServiceOptions,
  | 'store'
  | 'environments'
  | 'access'
  | 'providerOf'
  | 'runtimeProviders'
  | 'environmentSets'
  | 'now'
>;

/** Reads {@link RollbackFacts}. */
export class RollbackReader {
  readonly #options: ReaderOptions;
  readonly #workflows: RollbackWorkflows;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#workflows = new RollbackWorkflows(options);
  }

  /**
   * What a service of a runtime is doing now is always asked of the runtime itself.
   *
   * @param forAct - nothing is taken from a cache, and what cannot be read is an error instead of the last good state
   * @throws `NotFoundError` naming the environments there are
   */
  async read(
    entity: Entity,
    name: string,
    forAct: boolean,
    signal: AbortSignal,
  ): Promise<RollbackFacts> {
    const { access, environments: store, environmentSets } = this.#options;
    const entityRef = stringifyEntityRef(entity);
    const rows = await store.environments(entityRef);
    const { environment } = requireEnvironment(entityRef, rows, name);
    const repository = await access.repositoryOf(entity);
    const binding = await this.#binding(entityRef, environment);
    const configured = configuredEnvironmentOf(entity, environmentSets, name);
    const policy = configured?.policy ?? DEFAULT_POLICY;
    const file = policy.rollbackWorkflow;
    const [runtime, workflow, heldBy, history] = await Promise.all([
      this.#runtime(binding, forAct, signal),
      forAct
        ? this.#workflows.now(repository, file, signal)
        : this.#workflows.recent(repository, file, signal),
      holderOf(this.#options.store, repository.repoKey, binding.match),
      store.deployments(entityRef, name, undefined, HISTORY),
    ]);
    const running = environment.commit && {
      commit: environment.commit,
      taskDefinition: runtime?.service.taskDefinition,
    };
    const ways = waysOf({ runtime, workflow, heldBy });
    const input = { history, state: runtime?.state, running };
    const targets = isUnderWay(ways.way)
      ? await this.#source(input, runtime, signal)
      : targetsOf(input);
    return {
      ...{ entity, entityRef, name, binding, environment, repository },
      ...{ policy, runtime, workflow, heldBy, running, targets },
      ...ways,
      viewHash: viewHashOf(running, ways.way, targets),
    };
  }

  /** What is known without asking a vendor; enough to say what an attempt is about. */
  async stored(entity: Entity, name: string) {
    const { environments: store, runtimeProviders } = this.#options;
    const entityRef = stringifyEntityRef(entity);
    const rows = await store.environments(entityRef);
    const { environment } = requireEnvironment(entityRef, rows, name);
    const { runtimeKey } = await this.#binding(entityRef, environment);
    const ref = runtimeKey ? parseRuntimeKey(runtimeKey) : undefined;
    const provider = runtimeProviders.find(item => item.id === ref?.provider);
    const states = runtimeKey
      ? await store.runtimeStates([runtimeKey], HISTORY)
      : undefined;
    const state = runtimeKey ? states?.get(runtimeKey) : undefined;
    return {
      ...{ entityRef, runtimeKey },
      history: await store.deployments(entityRef, name, undefined, HISTORY),
      isMoving:
        state?.service !== undefined &&
        isMovingService(state.service, state.deployments),
      canActOnRuntime: provider?.acts !== undefined,
    };
  }

  /** Names that the vendor may use for the environment, the likeliest first. */
  async vendorNames({
    entityRef,
    name,
    binding: { match },
  }: Pick<RollbackFacts, 'entityRef' | 'name' | 'binding'>): Promise<string[]> {
    const seen = await this.#options.environments.seenEnvironments(entityRef);
    const exact = match.filter(pattern => !pattern.includes('*'));
    return [...seen, name, ...exact].filter(one =>
      matchesEnvironment(match, one),
    );
  }

  async #binding(
    entityRef: string,
    { name, tier }: Environment,
  ): Promise<EnvironmentBinding> {
    const bindings = await this.#options.environments.environmentsOf(entityRef);
    return (
      bindings.find(item => item.environment === name) ?? {
        ...{ entityRef, environment: name, position: 0, tier },
        ...{ match: [name.toLowerCase()], stacks: [], onlyWhenSeen: false },
      }
    );
  }

  async #runtime(
    binding: EnvironmentBinding,
    forAct: boolean,
    signal: AbortSignal,
  ): Promise<RollbackRuntime | undefined> {
    const { runtimeKey } = binding;
    const ref = runtimeKey && parseRuntimeKey(runtimeKey);
    const provider = this.#options.runtimeProviders.find(
      item => ref && item.id === ref.provider,
    );
    if (!runtimeKey || !ref || !provider) return undefined;
    const states = await this.#options.environments.runtimeStates(
      [runtimeKey],
      HISTORY,
    );
    const state = states.get(runtimeKey);
    if (!state) return undefined;
    const fresh = await this.#fresh(provider, ref, signal).catch(error => {
      if (forAct) throw error;
      return undefined;
    });
    const service = fresh?.service ?? state.service;
    if (!service) return undefined;
    const newest = fresh?.newest ?? [];
    const keys = new Set(newest.map(fact => fact.deploymentKey));
    const deployments = [
      ...newest,
      ...state.deployments.filter(fact => !keys.has(fact.deploymentKey)),
    ];
    return {
      ...{ ref, runtimeKey, provider, service, deployments },
      state: { ...state, deployments },
    };
  }

  /** @throws `Refusal` when the runtime tells nothing of the service */
  async #fresh(
    provider: RollbackRuntime['provider'],
    ref: RollbackRuntime['ref'],
    signal: AbortSignal,
  ) {
    const [read] = await provider.readServices(ref, [ref.service], signal);
    if (!read || 'problem' in read) throw unreadable(read?.problem);
    const { fact: service } = read;
    const key = service.currentDeployment;
    const newest =
      key === undefined
        ? []
        : await provider.readDeployments(ref, [key], signal);
    return { service, newest };
  }

  async #source(
    input: Parameters<typeof sourceTarget>[0],
    runtime: RollbackRuntime | undefined,
    signal: AbortSignal,
  ): Promise<RollbackTarget[]> {
    if (!runtime) return [];
    const { deployments, provider, ref, service, state } = runtime;
    const moving = deployments.find(
      fact => fact.deploymentKey === service.currentDeployment,
    );
    const key = moving?.sources.at(0)?.revisionKey;
    const revision =
      key === undefined
        ? undefined
        : state.revisions.get(key) ??
          (await provider.readRevisions(ref, [key], signal)).at(0);
    return sourceTarget(input, moving, revision);
  }
}

function unreadable(
  problem: { code: string; message: string } | undefined,
): Refusal {
  return new Refusal({
    code: problem?.code ?? 'read_failed',
    status: 409,
    message: `Nothing was sent: what runs there could not be read. ${
      problem?.message ?? 'Try again in a moment.'
    }`,
    params: {},
  });
}
