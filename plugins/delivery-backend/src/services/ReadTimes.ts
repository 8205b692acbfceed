import {
  type Environment,
  parseRuntimeKey,
  runtimeKeyOf,
} from 'backstage-plugin-delivery-common';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import type { EnvironmentStore } from '../database/EnvironmentStore';

/** Adds to stored environments what changes with every read: when the runtime was read, and why it could not be. */
export class ReadTimes {
  readonly #store: Pick<EnvironmentStore, 'environmentsOf' | 'runtimeStates'>;
  readonly #providers: RuntimeProvider[];
  readonly #now: () => number;

  constructor(options: {
    environments: Pick<EnvironmentStore, 'environmentsOf' | 'runtimeStates'>;
    runtimeProviders: RuntimeProvider[];
    now: () => number;
  }) {
    this.#store = options.environments;
    this.#providers = options.runtimeProviders;
    this.#now = options.now;
  }

  async of(
    entityRef: string,
    environments: Environment[],
  ): Promise<Environment[]> {
    const bindings = await this.#store.environmentsOf(entityRef);
    const keyOf = new Map(
      bindings.map(item => [item.environment, item.runtimeKey]),
    );
    const keys = bindings.flatMap(item => item.runtimeKey ?? []);
    const states =
      keys.length > 0 ? await this.#store.runtimeStates(keys, 1) : new Map();
    return environments.map(environment => {
      const key = keyOf.get(environment.name);
      const state = key === undefined ? undefined : states.get(key);
      const { problem } = environment;
      const told = problem && {
        ...problem,
        at: problem.at || this.#now(),
      };
      return {
        ...environment,
        asOf: state?.observedAt,
        problem: state?.problem ?? told,
        runtime: this.#withAddress(environment.runtime),
      };
    });
  }

  #withAddress(runtime: Environment['runtime']): Environment['runtime'] {
    const ref = runtime && parseRuntimeKey(runtimeKeyOf(runtime));
    if (!ref) return runtime;
    const provider = this.#providers.find(item => item.id === ref.provider);
    return { ...ref, url: provider?.consoleUrl?.(ref) ?? runtime.url };
  }
}
