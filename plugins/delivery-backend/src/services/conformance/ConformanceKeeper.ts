import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ANNOTATION_TEMPLATE,
  type ConformanceReport,
} from 'backstage-plugin-delivery-common';
import {
  checkConformance,
  templateOf,
  type ConformanceFacts,
} from 'backstage-plugin-delivery-common/domain';
import type { ConformanceReading } from 'backstage-plugin-delivery-node';
import type {
  ConformanceStore,
  StoredConformance,
} from '../../database/ConformanceStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import { BoundedCache } from '../BoundedCache';

const NEWEST_TTL_MS = 10 * 60_000;

/** What it works with. */
export interface ConformanceKeeperOptions {
  store: Pick<
    DeliveryStore,
    | 'repository'
    | 'repositoryBySlug'
    | 'entitiesOfRepository'
    | 'bindingsOfEntity'
  >;
  environments: Pick<EnvironmentStore, 'environmentsOf'>;
  conformance: ConformanceStore;
  catalog: CatalogService;
  auth: AuthService;
  /** The organisation's reusable workflows with the version that new services call. */
  workflows?: { repository: string; version: string };
  logger: LoggerService;
  now: () => number;
}

/** Holds what was read of repositories against the rules, for each of their services, and remembers what came out. */
export class ConformanceKeeper {
  readonly #options: ConformanceKeeperOptions;
  readonly #listeners: ((entityRefs: string[]) => void)[] = [];
  readonly #newest: BoundedCache<Record<string, string>>;

  constructor(options: ConformanceKeeperOptions) {
    this.#options = options;
    this.#newest = new BoundedCache({
      ...{ maxEntries: 1, ttlMs: NEWEST_TTL_MS, now: options.now },
    });
  }

  /** Told which services have another result. */
  onDerived(listener: (entityRefs: string[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Everything anew: rules may be other ones than when the results were stored. */
  async all(): Promise<void> {
    for (const repoKey of await this.#options.conformance.repoKeys()) {
      await this.derive(repoKey);
    }
  }

  /** Services that have another repository or other environments than before: what is stored of it may have been read long ago. */
  async bound(entityRefs: string[]): Promise<void> {
    const { store } = this.#options;
    const repoKeys = new Set<string>();
    for (const entityRef of entityRefs) {
      for (const { host, slug } of await store.bindingsOfEntity(entityRef)) {
        const repository = await store.repositoryBySlug(host, slug);
        if (repository) repoKeys.add(repository.repoKey);
      }
    }
    for (const repoKey of repoKeys) await this.derive(repoKey);
  }

  /** The services of a repository anew, from what is stored. */
  async derive(repoKey: string): Promise<void> {
    const { store, conformance } = this.#options;
    const stored = await conformance.reading(repoKey);
    if (!stored?.reading || stored.readAt === undefined) return;
    const { reading, readAt } = stored;
    const newest = await this.#newestTemplates();
    const repository = await store.repository(repoKey);
    const results: StoredConformance[] = [];
    for (const entityRef of await store.entitiesOfRepository(repoKey)) {
      const facts = await this.#factsOf(entityRef, reading, newest);
      const report = reportOf(facts, {
        url: repository?.url,
        sha: reading.sha,
      });
      results.push({ entityRef, repoKey, asOf: readAt, report });
    }
    await conformance.saveResults(repoKey, results);
    const entityRefs = results.map(({ entityRef }) => entityRef);
    if (entityRefs.length > 0) {
      this.#listeners.forEach(listener => listener(entityRefs));
    }
  }

  async #factsOf(
    entityRef: string,
    reading: ConformanceReading,
    templates: Record<string, string>,
  ): Promise<ConformanceFacts> {
    const { store, environments, workflows } = this.#options;
    const [binding] = await store.bindingsOfEntity(entityRef);
    const declared = await environments.environmentsOf(entityRef);
    const production = declared
      .filter(({ tier }) => tier === 'production')
      .flatMap(({ environment, match }) => [environment, ...match]);
    const template = templateOf(reading.catalogInfo, entityRef);
    return {
      workflows: reading.workflows,
      called: reading.called,
      ...(reading.environments && { environments: reading.environments }),
      ...(reading.repository && { repository: reading.repository }),
      ...(template !== undefined && { template }),
      newest: { templates, ...(workflows && { workflows }) },
      ...(binding &&
        binding.workflows.length > 0 && { ownWorkflows: binding.workflows }),
      ...(production.length > 0 && {
        production: [...production, ...production.map(name => `infra-${name}`)],
      }),
    };
  }

  /** Versions of the templates that this portal offers; none when the catalog does not answer. */
  #newestTemplates(): Promise<Record<string, string>> {
    const { catalog, auth, logger } = this.#options;
    return this.#newest.get('', async () => {
      try {
        const { items } = await catalog.getEntities(
          {
            filter: { kind: 'Template' },
            fields: ['metadata.name', 'metadata.annotations'],
          },
          { credentials: await auth.getOwnServiceCredentials() },
        );
        return Object.fromEntries(
          items.flatMap(({ metadata }) => {
            const said = metadata.annotations?.[ANNOTATION_TEMPLATE];
            const [id, version] = (said ?? '').split('@');
            return id && version ? [[id, version]] : [];
          }),
        );
      } catch (error) {
        logger.warn(`Templates of the catalog could not be read: ${error}`);
        return {};
      }
    });
  }
}

/** The rules' answers with addresses of what they rest on. */
function reportOf(
  facts: ConformanceFacts,
  repository: { url?: string; sha: string },
): Pick<ConformanceReport, 'checks' | 'counts' | 'template'> {
  const checks = checkConformance(facts).map(check => ({
    ...check,
    evidence: check.evidence.map(item => ({
      ...item,
      ...(repository.url &&
        item.path &&
        facts.workflows.some(({ path }) => path === item.path) && {
          url: `${repository.url}/blob/${repository.sha}/${item.path}${
            item.line ? `#L${item.line}` : ''
          }`,
        }),
    })),
  }));
  const count = (wanted: string) =>
    checks.filter(({ result }) => result === wanted).length;
  const [id, version] = (facts.template ?? '').split('@');
  return {
    checks,
    counts: {
      ...{ passed: count('pass'), failed: count('fail') },
      unknown: count('unknown'),
    },
    ...(id &&
      version && {
        template: { id, version, newest: facts.newest?.templates?.[id] },
      }),
  };
}
