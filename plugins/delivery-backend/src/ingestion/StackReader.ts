import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RuntimeScope } from 'backstage-plugin-delivery-common';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { parallel } from './parallel';
import { ClusterPauses } from './runtime/ClusterPauses';
import { toFailure, within } from './runtime/problems';

const TIMEOUT_MS = 30_000;

/** What it works with. */
export interface StackReaderOptions {
  store: Pick<EnvironmentStore, 'saveStacks' | 'stacks'>;
  provider: RuntimeProvider;
  logger: LoggerService;
  clock: () => number;
  /** Told the services whose infrastructure reads differently. */
  onChanged: (entityRefs: string[]) => void;
  /** A stack was named that no environment named before. */
  onNew?: () => void;
}

/** Reads what the last drift detection said of the stacks that environments name. A detection itself is never started. */
export class StackReader {
  readonly #options: StackReaderOptions;
  readonly #pauses: ClusterPauses;
  /** By scope: stack → services that name it. */
  readonly #wanted = new Map<string, Map<string, Set<string>>>();

  constructor(options: StackReaderOptions) {
    this.#options = options;
    this.#pauses = new ClusterPauses(options.clock);
  }

  /** An environment of the service names these stacks. */
  want(entityRef: string, scope: RuntimeScope, stacks: string[]): void {
    const key = `${scope.accountId}/${scope.region}`;
    const ofScope = this.#wanted.get(key) ?? new Map<string, Set<string>>();
    this.#wanted.set(key, ofScope);
    const isNew = stacks.some(stack => !ofScope.has(stack));
    for (const stack of stacks) {
      ofScope.set(stack, (ofScope.get(stack) ?? new Set()).add(entityRef));
    }
    if (isNew) this.#options.onNew?.();
  }

  async tick(signal: AbortSignal): Promise<void> {
    await parallel([...this.#wanted], signal, async ([key, stacks]) => {
      if (this.#pauses.of(key)) return;
      const [accountId, region] = key.split('/');
      try {
        await this.#read({ accountId, region }, stacks, signal);
        this.#pauses.succeeded(key);
      } catch (error) {
        if (signal.aborted) return;
        const failure = toFailure(error, `The stacks of ${key}`);
        this.#pauses.failed(key, failure, true);
        this.#options.logger.warn(failure.message, { code: failure.code });
      }
    });
  }

  async #read(
    scope: RuntimeScope,
    stacks: Map<string, Set<string>>,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, provider, onChanged } = this.#options;
    const names = [...stacks.keys()];
    const read = await within(TIMEOUT_MS, signal, async each =>
      provider.readStackDrift?.(scope, names, each),
    );
    if (!read) return;
    const stored = await store.stacks(scope, names);
    const before = new Map(stored.map(item => [item.stack, item]));
    await store.saveStacks(scope, read);
    const changed = read.filter(item => {
      const known = before.get(item.stack);
      return (
        known?.status !== item.status ||
        known.driftedResources !== item.driftedResources
      );
    });
    const users = new Set(
      changed.flatMap(item => [...(stacks.get(item.stack) ?? [])]),
    );
    if (users.size > 0) onChanged([...users]);
  }
}
