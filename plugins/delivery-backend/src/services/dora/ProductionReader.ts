import {
  type DeploymentSource,
  type EnvironmentFacts,
  type KnownCommit,
  type Merged,
  mergeFacts,
  type RuntimeState,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../../database/EnvironmentStore';
import type { JobRow, RepositoryRow } from '../../database/rows';
import { isPeculiar, type SourceContext, sourcesOf } from './deploymentSources';
import {
  type DeployedRuns,
  isProduction,
  UndeployedRuns,
  type UndeployedRunsOptions,
} from './UndeployedRuns';

/** Deployments of one environment that are put together. */
const DEPLOYMENTS = 10_000;
/** Runs whose jobs, and commits whose titles, are asked for together. */
const TOGETHER = 200;

/** What the reader works with. */
export interface ProductionReaderOptions {
  store: UndeployedRunsOptions['store'] & Pick<DeliveryStore, 'jobs'>;
  environments: Pick<
    EnvironmentStore,
    'commits' | 'pipelineDeployments' | 'runtimeStates' | 'shortShas'
  >;
}

/** A service with its environments. */
export interface ProductionOf {
  entityRef: string;
  /** All environments, in their order. */
  bindings: EnvironmentBinding[];
  repository?: RepositoryRow;
  /** While the first read of deployments goes on: older ones may be missing. */
  readSince?: number;
  asOf: number;
  /** Runs that are older are not looked for. */
  since: number;
}

/**
 * Everything that is known of deployments of one service to production: by the same ledger as the page of its environments, over all of them,
 * and what was meant for production and never got there.
 */
export class ProductionReader {
  readonly #options: ProductionReaderOptions;
  readonly #undeployed: UndeployedRuns;

  constructor(options: ProductionReaderOptions) {
    this.#options = options;
    this.#undeployed = new UndeployedRuns(options);
  }

  async sourcesOf(service: ProductionOf): Promise<DeploymentSource[]> {
    const { entityRef, bindings, repository, since } = service;
    const sources: DeploymentSource[] = [];
    const runs: DeployedRuns['runs'] = new Map();
    for (const binding of bindings.filter(isProduction)) {
      const { environment } = binding;
      const merged = await this.#merged(service, binding);
      const context: SourceContext = {
        ...{ service: entityRef, environment },
        jobsOf: await this.#jobs(merged),
        titleOf: await this.#titles(merged, repository),
      };
      for (const item of merged) {
        sources.push(...sourcesOf(item, context));
        const run = item.group?.run;
        if (!run) continue;
        const attempt =
          item.group?.attempt ?? (run.attempt === 1 ? 1 : undefined);
        const known = runs.get(run.runKey) ?? [];
        runs.set(run.runKey, [...known, { environment, attempt }]);
      }
    }
    const { defaultBranch } = repository ?? {};
    const undeployed = await this.#undeployed.sourcesOf({
      ...{ entityRef, bindings, runs, defaultBranch, since },
    });
    return [...sources, ...undeployed];
  }

  async #merged(
    { entityRef, repository, readSince, asOf }: ProductionOf,
    { environment: name, tier, match, runtimeKey }: EnvironmentBinding,
  ): Promise<Merged[]> {
    const { environments } = this.#options;
    const pipeline = await environments.pipelineDeployments(
      ...([entityRef, match, DEPLOYMENTS] as const),
    );
    const runtime = runtimeKey
      ? await this.#runtime(runtimeKey, repository)
      : undefined;
    const facts: EnvironmentFacts = {
      ...{ place: { name, tier, runtime }, pipeline, commits: new Map() },
      completeSince: readSince,
    };
    return mergeFacts(facts, asOf).merged;
  }

  async #runtime(
    runtimeKey: string,
    repository: RepositoryRow | undefined,
  ): Promise<RuntimeState | undefined> {
    const { environments } = this.#options;
    const states = await environments.runtimeStates([runtimeKey], DEPLOYMENTS);
    const state = states.get(runtimeKey);
    return (
      state && {
        ...state,
        shortShas: repository
          ? await environments.shortShas(repository.repoKey)
          : new Map(),
      }
    );
  }

  /** Jobs of the runs in which something happened besides a deployment that simply succeeded. */
  async #jobs(merged: Merged[]): Promise<SourceContext['jobsOf']> {
    const keys = new Set(
      merged
        .filter(isPeculiar)
        .flatMap(({ group }) => group?.run?.runKey ?? []),
    );
    const found = new Map<string, JobRow[]>();
    for (const part of parts([...keys])) {
      for (const job of await this.#options.store.jobs(part)) {
        const key = `${job.runKey} ${job.attempt}`;
        const list = found.get(key);
        if (list) list.push(job);
        else found.set(key, [job]);
      }
    }
    return (runKey, attempt) => found.get(`${runKey} ${attempt}`);
  }

  /** Titles of commits of deployments that no run of this service made. */
  async #titles(
    merged: Merged[],
    repository: RepositoryRow | undefined,
  ): Promise<SourceContext['titleOf']> {
    const shas = new Set(
      merged
        .filter(({ group }) => !group?.run)
        .flatMap(({ deployment }) => deployment.commit.sha ?? []),
    );
    const found = new Map<string, KnownCommit>();
    for (const part of repository ? parts([...shas]) : []) {
      const commits = await this.#options.environments.commits(
        ...([repository?.repoKey ?? '', part] as const),
      );
      commits.forEach((commit, sha) => found.set(sha, commit));
    }
    return sha => found.get(sha)?.title;
  }
}

function parts<TItem>(items: TItem[]): TItem[][] {
  const found: TItem[][] = [];
  for (let from = 0; from < items.length; from += TOGETHER) {
    found.push(items.slice(from, from + TOGETHER));
  }
  return found;
}
