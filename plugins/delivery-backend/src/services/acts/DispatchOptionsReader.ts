import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { DispatchOptions } from 'backstage-plugin-delivery-common';
import {
  readWorkflow,
  type Workflow,
} from 'backstage-plugin-delivery-common/domain';
import pLimit from 'p-limit';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { PipelineRow, RepositoryRow } from '../../database/rows';
import { BoundedCache } from '../BoundedCache';
import type { EntityIndex } from '../EntityIndex';
import { patiently, toProblem } from '../vendorRead';
import { namedEnvironments, ownPipelines } from './serviceWorkflows';
import type { ProviderOf } from './vendorRefs';

/** What {@link DispatchOptionsReader} reads. */
export interface DispatchOptionsReaderOptions {
  store: Pick<DeliveryStore, 'repositoryBySlug' | 'pipelines' | 'branches'>;
  index: Pick<EntityIndex, 'requireClaim'>;
  providerOf: ProviderOf;
  now: () => number;
}

/** A branch moves, so its files are not kept as those of a commit are. */
const KEPT_MS = 60_000;
const READ_MS = 20_000;
const WAIT_MS = 5_000;
const AT_ONCE = 4;
const MAX_PIPELINES = 50;
const MAX_BRANCHES = 100;
/** What vendors call it that tell no other name. */
const USUAL_BRANCH = 'main';

type Reading = { workflow?: Workflow; problem?: Problem };
type Problem = NonNullable<DispatchOptions['problem']>;

/** Says which workflows of a service can be started by hand, by their files at the default branch. */
export class DispatchOptionsReader {
  readonly #options: DispatchOptionsReaderOptions;
  readonly #files: BoundedCache<Reading>;

  constructor(options: DispatchOptionsReaderOptions) {
    this.#options = options;
    this.#files = new BoundedCache({
      maxEntries: 500,
      ttlMs: KEPT_MS,
      now: options.now,
    });
  }

  /** @throws `NotFoundError` when the service has no repository of its own */
  async of(entity: Entity): Promise<DispatchOptions> {
    const { store, index, now } = this.#options;
    const entityRef = stringifyEntityRef(entity);
    const { host, slug, workflows } = index.requireClaim(entity);
    const repository = await store.repositoryBySlug(host, slug);
    const defaultBranch = repository?.defaultBranch ?? USUAL_BRANCH;
    if (!repository) {
      return {
        ...{ entityRef, defaultBranch, branches: [], pipelines: [] },
        asOf: now(),
      };
    }
    const [all, seen] = await Promise.all([
      store.pipelines(repository.repoKey),
      store.branches(entityRef, MAX_BRANCHES),
    ]);
    const mine = ownPipelines(all, workflows).slice(0, MAX_PIPELINES);
    const limit = pLimit(AT_ONCE);
    const readings = await Promise.all(
      mine.map(pipeline =>
        limit(() => this.#file(repository, pipeline, defaultBranch)),
      ),
    );
    return {
      ...{ entityRef, defaultBranch },
      branches: [...new Set([defaultBranch, ...seen])],
      pipelines: mine.flatMap(({ pipelineKey, name, path }, at) => {
        const { workflow } = readings[at];
        if (!workflow?.dispatch) return [];
        return [
          {
            ...{ name, path, id: pipelineKey },
            inputs: workflow.dispatch,
            environments: namedEnvironments(workflow),
          },
        ];
      }),
      problem: readings.find(({ problem }) => problem)?.problem,
      asOf: now(),
    };
  }

  /** Never throws: a file that cannot be read leaves its workflow out, with the reason. */
  async #file(
    repository: RepositoryRow,
    { path }: PipelineRow,
    branch: string,
  ): Promise<Reading> {
    const { host, slug, repoKey } = repository;
    // What the vendor itself runs (Pages, scans) has no file.
    if (!path.startsWith('.github/')) return {};
    const provider = this.#options.providerOf(host);
    if (!provider?.readWorkflowFile) return {};
    const read = provider.readWorkflowFile.bind(provider);
    try {
      return await patiently(
        this.#files.get(`${repoKey} ${branch} ${path}`, async () => {
          const { text } = await read(
            { host, slug, repoKey },
            { path, sha: branch },
            AbortSignal.timeout(READ_MS),
          );
          return readWorkflow(text);
        }),
        WAIT_MS,
      );
    } catch (error) {
      const isGone = error instanceof Error && error.name === 'NotFoundError';
      return isGone
        ? {}
        : { problem: toProblem(error, `The workflow file ${path}`) };
    }
  }
}
