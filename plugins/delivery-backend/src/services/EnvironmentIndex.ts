import type { LoggerService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  type EnvironmentSet,
  ownedEnvironments,
} from 'backstage-plugin-delivery-common/domain';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import type { Finding } from './EntityIndex';

/** What the index works with. */
export interface EnvironmentIndexOptions {
  store: Pick<EnvironmentStore, 'replaceEnvironments' | 'runtimesWithTag'>;
  sets: EnvironmentSet[];
  /** Absent: no runtime is read, and what a set says of AWS is left out. */
  entityTag?: string;
  logger: LoggerService;
}

/** Keeps which environments a service has and which service of a runtime is really its own; see `ownedEnvironments`. */
export class EnvironmentIndex {
  readonly #options: EnvironmentIndexOptions;
  readonly #listeners: ((entityRefs: string[]) => void)[] = [];
  readonly #findings = new Map<string, Finding[]>();

  constructor(options: EnvironmentIndexOptions) {
    this.#options = options;
  }

  /** The listener is told which services have other environments than before. */
  onBound(listener: (entityRefs: string[]) => void): void {
    this.#listeners.push(listener);
  }

  /** All services there are; what others had is gone. */
  async replaceAll(entities: Entity[]): Promise<void> {
    const rows = await this.#rows(entities);
    this.#announce(
      await this.#options.store.replaceEnvironments(rows, { complete: true }),
    );
  }

  /** One service that was met between two readings of the catalog. */
  async bind(entity: Entity): Promise<void> {
    const entityRefs = [stringifyEntityRef(entity)];
    const rows = await this.#rows([entity]);
    this.#announce(
      await this.#options.store.replaceEnvironments(rows, { entityRefs }),
    );
  }

  /** Claims on services of a runtime that were refused, or led to none. */
  findings(): Finding[] {
    return [...this.#findings.values()].flat();
  }

  async #rows(entities: Entity[]): Promise<EnvironmentBinding[]> {
    const { entityTag, sets, store } = this.#options;
    const tagged = entityTag ? await store.runtimesWithTag(entityTag) : [];
    const used = entityTag === undefined ? sets.map(withoutAws) : sets;
    return entities.flatMap(entity => {
      const entityRef = stringifyEntityRef(entity);
      const { environments } = ownedEnvironments(entity, {
        sets: used,
        entityTag: entityTag ?? '',
        tagged,
      });
      this.#remember(
        entityRef,
        environments.flatMap(({ problem }) =>
          problem ? [{ entityRef, ...problem }] : [],
        ),
      );
      return environments.map(environment => ({ entityRef, ...environment }));
    });
  }

  #remember(entityRef: string, findings: Finding[]) {
    const known = this.#findings.get(entityRef) ?? [];
    for (const { code, message } of findings) {
      if (!known.some(item => item.message === message)) {
        this.#options.logger.warn(message, { entityRef, code });
      }
    }
    this.#findings.set(entityRef, findings);
  }

  #announce(entityRefs: string[]) {
    if (entityRefs.length === 0) return;
    this.#listeners.forEach(listener => listener(entityRefs));
  }
}

function withoutAws(set: EnvironmentSet): EnvironmentSet {
  return {
    ...set,
    environments: set.environments.map(item => ({ ...item, aws: undefined })),
  };
}
