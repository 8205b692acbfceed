import { parseEntityRef } from '@backstage/catalog-model';
import type { Tier } from 'backstage-plugin-delivery-common';
import { matchesEnvironment } from 'backstage-plugin-delivery-common/domain';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../../database/EnvironmentStore';
import { BoundedCache } from '../BoundedCache';

const TTL_MS = 5_000;

/** An environment as the portal calls it, seen from one service. */
export interface KnownEnvironment {
  entityRef: string;
  /** Our name; the vendor's where the service has no such environment. */
  environment: string;
  tier: Tier;
  binding?: EnvironmentBinding;
}

/** What an approval is about. */
export interface ApprovalSubject extends KnownEnvironment {
  /** All services the run belongs to. */
  entityRefs: string[];
  /** Name of the service. */
  name: string;
}

/** Says which service and which environment of it an approval is about. */
export class ApprovalSubjects {
  readonly #store: Pick<DeliveryStore, 'entitiesOfRun'>;
  readonly #bindings: BoundedCache<EnvironmentBinding[]>;
  readonly #environments: Pick<EnvironmentStore, 'environmentsOf'>;

  constructor(options: {
    store: Pick<DeliveryStore, 'entitiesOfRun'>;
    environments: Pick<EnvironmentStore, 'environmentsOf'>;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#environments = options.environments;
    this.#bindings = new BoundedCache({
      ...{ maxEntries: 5_000, ttlMs: TTL_MS },
      now: options.now,
    });
  }

  /** Undefined: the run belongs to no service (any more). */
  async of(row: ApprovalRow): Promise<ApprovalSubject | undefined> {
    const entityRefs = await this.#store.entitiesOfRun(row.runKey);
    const found = await this.among(entityRefs, row.environment);
    return (
      found && {
        ...{ ...found, entityRefs },
        name: parseEntityRef(found.entityRef).name,
      }
    );
  }

  /**
   * The first service, by its ref, that has the environment; else the first at all. The same for everybody who may read the same services.
   */
  async among(
    entityRefs: string[],
    vendorName: string,
  ): Promise<KnownEnvironment | undefined> {
    const sorted = [...entityRefs].sort();
    for (const entityRef of sorted) {
      const binding = await this.bindingOf(entityRef, vendorName);
      if (binding) {
        const { environment, tier } = binding;
        return { entityRef, environment, tier, binding };
      }
    }
    return sorted.length > 0
      ? { entityRef: sorted[0], environment: vendorName, tier: 'other' }
      : undefined;
  }

  /** The service's environment that a vendor's name stands for: the first on the way to production. */
  async bindingOf(
    entityRef: string,
    vendorName: string,
  ): Promise<EnvironmentBinding | undefined> {
    const bindings = await this.#bindings.get(entityRef, () =>
      this.#environments.environmentsOf(entityRef),
    );
    return [...bindings]
      .sort((a, b) => a.position - b.position)
      .find(({ match }) => matchesEnvironment(match, vendorName));
  }
}
