import type { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_ECS_SERVICE_TAGS,
  type EnvironmentDetail,
  type Environment,
  type Environments,
  type RuntimeHealth,
} from 'backstage-plugin-delivery-common';
import {
  groupStopped,
  healthChains,
  type RuntimeState,
} from 'backstage-plugin-delivery-common/domain';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { ChangeFeed } from './ChangeFeed';
import type { EntityIndex } from './EntityIndex';
import { requireEnvironment } from './environmentNames';
import { alarmsOf, type HealthReads } from './HealthReads';
import { OverviewCache } from './OverviewCache';
import type { PreparedJson } from './PreparedJson';
import type { ReadTimes } from './ReadTimes';

const TTL_MS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** Deployments of the runtime that the page of one environment looks at. */
const DEPLOYMENTS = 20;

type Parts = Pick<
  EnvironmentDetail,
  | 'images'
  | 'taskDefinition'
  | 'alarms'
  | 'metrics'
  | 'stoppedTasks'
  | 'problems'
>;

const NOTHING: Parts = {
  ...{ images: [], alarms: [], metrics: [], stoppedTasks: [], problems: [] },
};

/** What the service works with. */
export interface EnvironmentServiceOptions {
  environments: EnvironmentStore;
  index: Pick<EntityIndex, 'bind' | 'requireClaim'>;
  feed: Pick<ChangeFeed, 'keyOf' | 'listen'>;
  readTimes: ReadTimes;
  health: HealthReads;
  /** Absent: nobody reads incidents. */
  incidents?: {
    lastOf(entityRef: string): Promise<Environment['lastIncident']>;
  };
  /** A runtime is configured: services can be linked to it. */
  hasRuntime: boolean;
  now: () => number;
}

/** Environments of a service. Who may read them was decided before. */
export class EnvironmentService {
  readonly #options: EnvironmentServiceOptions;
  readonly #answers: OverviewCache;
  readonly #viewers: ((entityRef: string) => void)[] = [];

  constructor(options: EnvironmentServiceOptions) {
    this.#options = options;
    this.#answers = new OverviewCache({
      maxBytes: MAX_BYTES,
      ttlMs: TTL_MS,
      now: options.now,
    });
    options.feed.listen(({ entityRefs }) =>
      entityRefs.forEach(ref => this.#answers.forget(ref)),
    );
  }

  /** The listener is told when somebody looks at a service's environments (not for every warm answer). */
  onView(listener: (entityRef: string) => void): void {
    this.#viewers.push(listener);
  }

  /**
   * All environments of a service, in their order.
   *
   * @throws `NotFoundError` with the reason when the entity has no repository of its own
   */
  async list(entity: Entity): Promise<PreparedJson> {
    const { index, feed, now } = this.#options;
    // Also a warm answer is given only while the entity's own text still earns the repository.
    const { entityRef } = index.requireClaim(entity);
    return this.#answers.get(entityRef, async (): Promise<Environments> => {
      await index.bind(entity);
      const items = await this.of(entityRef);
      return {
        ...{ entityRef, items },
        notes: await this.#notes(entityRef, items),
        signalKey: feed.keyOf(entityRef),
        asOf: now(),
      };
    });
  }

  /** What is stored of a service's environments, with when they were read. */
  async of(entityRef: string): Promise<Environment[]> {
    const { environments: store, readTimes } = this.#options;
    this.#viewers.forEach(listener => listener(entityRef));
    const rows = await store.environments(entityRef);
    const items = [...rows]
      .sort((a, b) => a.position - b.position)
      .map(row => row.environment);
    if (items.length === 0) return [];
    return this.#withIncident(entityRef, await readTimes.of(entityRef, items));
  }

  /** Incidents are of a service; they show where its users are. */
  async #withIncident(
    entityRef: string,
    items: Environment[],
  ): Promise<Environment[]> {
    const last = items.some(item => item.tier === 'production')
      ? await this.#options.incidents?.lastOf(entityRef)
      : undefined;
    if (!last) return items;
    return items.map(item =>
      item.tier === 'production' ? { ...item, lastIncident: last } : item,
    );
  }

  /**
   * One environment with its chain of health, read now; what cannot be read is told beside the last good state.
   *
   * @throws `NotFoundError` naming the environments there are
   */
  async detail(entity: Entity, name: string): Promise<EnvironmentDetail> {
    const { environments: store, index, feed, readTimes, now } = this.#options;
    const { entityRef } = await index.bind(entity);
    this.#viewers.forEach(listener => listener(entityRef));
    const rows = await store.environments(entityRef);
    const row = requireEnvironment(entityRef, rows, name);
    const [environment] = await this.#withIncident(
      entityRef,
      await readTimes.of(entityRef, [row.environment]),
    );
    const state = await this.#stateOf(entityRef, name);
    const health =
      state?.service && (await this.#options.health.of(state, state.service));
    const at = now();
    const deployments = await store.deployments(
      ...([entityRef, name, undefined, DEPLOYMENTS] as const),
    );
    return {
      environment,
      chains:
        state && health
          ? healthChains({
              ...{ runtime: state, health, now: at },
              view: { environment, deployments },
            })
          : [],
      ...(state ? partsOf(state, health) : NOTHING),
      healthAsOf: health?.at,
      signalKey: feed.keyOf(entityRef),
      asOf: at,
    };
  }

  async #stateOf(
    entityRef: string,
    name: string,
  ): Promise<RuntimeState | undefined> {
    const { environments: store } = this.#options;
    const bindings = await store.environmentsOf(entityRef);
    const key = bindings.find(item => item.environment === name)?.runtimeKey;
    if (key === undefined) return undefined;
    return (await store.runtimeStates([key], DEPLOYMENTS)).get(key);
  }

  async #notes(
    entityRef: string,
    items: Environment[],
  ): Promise<Environments['notes']> {
    if (items.length > 0) return [];
    const bound = await this.#options.environments.environmentsOf(entityRef);
    if (bound.some(item => !item.onlyWhenSeen)) {
      return [
        {
          code: 'environments_pending',
          message:
            'The environments of this service are being put together; look again in a moment.',
        },
      ];
    }
    const ecs = this.#options.hasRuntime
      ? ` For Amazon ECS add the annotation ${ANNOTATION_ECS_SERVICE_TAGS}: <key>=<value> with a tag of its ECS services to catalog-info.yaml.`
      : '';
    return [
      {
        code: 'environments_missing',
        message: `Nothing was deployed to an environment of this service yet. Environments appear with the first job that names one (environment: production), or are listed for services under delivery.environmentSets in app-config.${ecs}`,
      },
    ];
  }
}

function partsOf(
  state: RuntimeState,
  health: RuntimeHealth | undefined,
): Parts {
  const { service } = state;
  const arn = service?.taskDefinition;
  const definition = arn ? state.taskDefinitions.get(arn) : undefined;
  return {
    images: imagesOf(state),
    taskDefinition: arn
      ? {
          arn,
          status: definition?.status ?? 'unknown',
          registeredBy: definition?.registeredBy,
          registeredAt: definition?.registeredAt,
        }
      : undefined,
    alarms: (health?.alarms ?? alarmsOf(state)).map(alarm => ({
      ...{ name: alarm.name, state: alarm.state },
      ...{ reason: alarm.reason, at: alarm.updatedAt },
    })),
    metrics: (health?.metrics ?? []).map(({ name, unit, value }) => ({
      ...{ name, unit, value },
    })),
    stoppedTasks: health ? groupStopped(health.stopped) : [],
    problems: health?.problems ?? [],
  };
}

/** Images of the revision that runs; of the newest one when several do. */
function imagesOf({ service, revisions }: RuntimeState): Parts['images'] {
  const running = (service?.revisions ?? [])
    .flatMap(part => revisions.get(part.revisionKey) ?? [])
    .sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  return (running.at(0)?.images ?? []).map(({ container, image, digest }) => ({
    ...{ container, digest },
    uri: image,
  }));
}
