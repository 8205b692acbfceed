import {
  type RuntimeHealth,
  runtimeKeyOf,
  type RuntimeServiceFact,
} from 'backstage-plugin-delivery-common';
import type { RuntimeState } from 'backstage-plugin-delivery-common/domain';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import { BoundedCache } from './BoundedCache';
import { patiently, toProblem } from './vendorRead';

/** Health of one service is asked for once in this time, whoever looks. */
const TTL_MS = 10_000;
/** Longest that a page waits. */
const WAIT_MS = 5_000;
/** Longest that the read itself takes. */
const READ_MS = 20_000;
const MAX_SERVICES = 2_000;
/** Parts that only such a read tells, as providers name them. */
const PARTS = ['tasks', 'target groups', 'targets', 'load balancer', 'metrics'];

/** Reads the parts of a service from container to balancer when somebody opens its page. */
export class HealthReads {
  readonly #providers: RuntimeProvider[];
  readonly #now: () => number;
  readonly #reads: BoundedCache<RuntimeHealth>;
  /** The last good read of each service. */
  readonly #last = new Map<string, RuntimeHealth>();

  constructor(options: {
    runtimeProviders: RuntimeProvider[];
    now: () => number;
  }) {
    this.#providers = options.runtimeProviders;
    this.#now = options.now;
    this.#reads = new BoundedCache({
      ...{ maxEntries: MAX_SERVICES, ttlMs: TTL_MS },
      now: options.now,
    });
  }

  /** Never throws: what cannot be read is told in `problems`, beside the last good read or what the regular reads stored. */
  async of(
    state: RuntimeState,
    service: RuntimeServiceFact,
  ): Promise<RuntimeHealth> {
    const key = runtimeKeyOf(state.ref);
    const provider = this.#providers.find(
      item => item.id === state.ref.provider,
    );
    if (!provider) {
      return this.#otherwise(key, state, {
        code: 'provider_missing',
        message: `This portal reads no runtime "${state.ref.provider}" any more; the platform team sets delivery.providers.${state.ref.provider}.`,
      });
    }
    try {
      return await patiently(
        this.#reads.get(key, async () => {
          const signal = AbortSignal.timeout(READ_MS);
          const health = await provider.readHealth(service, signal);
          this.#keep(key, health);
          return health;
        }),
        WAIT_MS,
      );
    } catch (error) {
      return this.#otherwise(key, state, toProblem(error, 'The health'));
    }
  }

  #keep(key: string, health: RuntimeHealth) {
    this.#last.delete(key);
    this.#last.set(key, health);
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= MAX_SERVICES) break;
      this.#last.delete(oldest);
    }
  }

  #otherwise(
    key: string,
    state: RuntimeState,
    problem: { code: string; message: string },
  ): RuntimeHealth {
    const at = this.#now();
    const last = this.#last.get(key) ?? {
      ...{ at: state.tasks?.at ?? state.observedAt ?? 0 },
      ...{ tasks: state.tasks?.tasks ?? [], stopped: [], targetGroups: [] },
      ...{ alarms: alarmsOf(state), metrics: [], problems: [] },
    };
    const parts = PARTS.map(part => ({ ...problem, part, at }));
    return { ...last, problems: [...last.problems, ...parts] };
  }
}

/** Alarms that the service names, of all that its account has. */
export function alarmsOf({
  service,
  alarms,
}: RuntimeState): RuntimeState['alarms'] {
  return alarms.filter(alarm => service?.alarmNames.includes(alarm.name));
}
