import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { ANNOTATION_PROJECT_SLUG } from 'backstage-plugin-delivery-common';
import {
  claimOf,
  type ClaimResult,
  type RepositoryClaim,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { EnvironmentIndex } from './EnvironmentIndex';
import { withCode } from './errors';

/** A claim that was refused, for whoever looks after the portal. */
export interface Finding {
  entityRef: string;
  code: string;
  message: string;
}

/** What the index works with. */
export interface EntityIndexOptions {
  catalog: CatalogService;
  auth: AuthService;
  store: Pick<DeliveryStore, 'replaceBindings' | 'bindingsOfEntity'>;
  logger: LoggerService;
  /** GitHub hosts that are configured, with port. */
  hosts: string[];
  grants: { entityRef: string; repository: string }[];
  /** Told of every service that has a repository of its own. */
  environments: Pick<EnvironmentIndex, 'replaceAll' | 'bind'>;
}

/** Keeps which repository belongs to which service, as far as services have earned it; see `claimOf`. */
export class EntityIndex {
  readonly #options: EntityIndexOptions;
  readonly #findings = new Map<string, Finding>();
  readonly #listeners: ((entityRefs: string[]) => void)[] = [];

  constructor(options: EntityIndexOptions) {
    this.#options = options;
  }

  /** The listener is told which services have another repository, or another part of one, than before. */
  onBound(listener: (entityRefs: string[]) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Reads the whole catalog and replaces all bindings.
   *
   * @returns how many services have a repository, and for how many it is another one than before
   * @throws whatever the catalog throws; the bindings stay as they were then
   */
  async refresh(
    signal: AbortSignal,
  ): Promise<{ services: number; changed: number }> {
    const { catalog, auth, store } = this.#options;
    const credentials = await auth.getOwnServiceCredentials();
    const claims: RepositoryClaim[] = [];
    const services: Entity[] = [];
    const findings: Finding[] = [];
    const pages = catalog.streamEntities(
      {
        filter: {
          [`metadata.annotations.${ANNOTATION_PROJECT_SLUG}`]:
            CATALOG_FILTER_EXISTS,
        },
        fields: ['kind', 'metadata', 'spec'],
      },
      { credentials },
    );
    for await (const page of pages) {
      // A half-read catalog must not look like one whose other half was removed.
      signal.throwIfAborted();
      for (const entity of page) {
        const result = this.claim(entity);
        if (result.kind === 'owned') {
          claims.push(result.claim);
          services.push(entity);
        }
        if (result.kind === 'refused') {
          findings.push({ ...result, entityRef: stringifyEntityRef(entity) });
        }
      }
    }
    findings.forEach(finding => this.#remember(finding));
    const refused = new Set(findings.map(finding => finding.entityRef));
    for (const entityRef of this.#findings.keys()) {
      if (!refused.has(entityRef)) this.#findings.delete(entityRef);
    }
    const changed = await store.replaceBindings(claims, true);
    await this.#options.environments.replaceAll(services);
    this.#announce(changed);
    return { services: claims.length, changed: changed.length };
  }

  /**
   * The repository of an entity. One that the index has not met yet, or met with another repository, is bound right away.
   *
   * @throws `NotFoundError` with the reason when the entity names no repository, or one that is not its own
   */
  async bind(entity: Entity): Promise<RepositoryClaim> {
    const claim = this.requireClaim(entity);
    const stored = await this.#options.store.bindingsOfEntity(claim.entityRef);
    const same =
      stored.length === 1 && fingerprint(stored[0]) === fingerprint(claim);
    if (!same) {
      const changed = await this.#options.store.replaceBindings([claim], false);
      await this.#options.environments.bind(entity);
      this.#announce(changed);
    }
    return claim;
  }

  /** As {@link EntityIndex.bind}, without looking at what is stored. */
  requireClaim(entity: Entity): RepositoryClaim {
    const result = this.claim(entity);
    if (result.kind === 'owned') return result.claim;
    const entityRef = stringifyEntityRef(entity);
    if (result.kind === 'refused' && this.#options.hosts.length === 0) {
      throw withCode(
        new NotFoundError(
          'This portal reads no vendor of pipelines yet; the platform team sets delivery.providers.github.',
        ),
        'provider_missing',
        { entityRef },
      );
    }
    if (result.kind === 'refused') {
      this.#remember({ ...result, entityRef });
      throw withCode(new NotFoundError(result.message), result.code, {
        entityRef,
      });
    }
    throw withCode(
      new NotFoundError(
        `${entityRef} does not say which repository it is made in; add the annotation ${ANNOTATION_PROJECT_SLUG}: owner/name to its catalog-info.yaml.`,
      ),
      'annotation_missing',
      { entityRef, annotation: ANNOTATION_PROJECT_SLUG },
    );
  }

  /** Refused claims, as last seen. */
  findings(): Finding[] {
    return [...this.#findings.values()];
  }

  /** What the entity claims, judged by the text that the catalog has now. */
  claim(entity: Entity): ClaimResult {
    return claimOf(entity, this.#options.hosts, this.#options.grants);
  }

  #remember({ entityRef, code, message }: Finding) {
    if (!this.#findings.has(entityRef)) {
      this.#options.logger.warn(message, { entityRef, code });
    }
    this.#findings.set(entityRef, { entityRef, code, message });
  }

  #announce(entityRefs: string[]) {
    if (entityRefs.length === 0) return;
    this.#listeners.forEach(listener => listener(entityRefs));
  }
}

function fingerprint(claim: RepositoryClaim): string {
  return JSON.stringify([claim.host, claim.slug, claim.workflows, claim.paths]);
}
