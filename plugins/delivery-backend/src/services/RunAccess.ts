import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { deliveryRunReadPermission } from 'backstage-plugin-delivery-common';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { RepositoryRow, RunRow } from '../database/rows';
import type { Access } from './Access';
import type { EntityIndex } from './EntityIndex';
import { withCode } from './errors';

/** A run that the caller may read. */
export interface ReadableRun {
  run: RunRow;
  repository: RepositoryRow;
  /** Services the run belongs to and the caller may read. */
  services: string[];
  /** A service of the repository that the caller may read: one of `services` where there is one. */
  via: string;
}

/** Whether a caller may read a run: by way of a service of its repository, never by knowing its id. */
export class RunAccess {
  readonly #store: DeliveryStore;
  readonly #access: Access;
  readonly #index: EntityIndex;

  constructor(options: {
    store: DeliveryStore;
    access: Access;
    index: EntityIndex;
  }) {
    this.#store = options.store;
    this.#access = options.access;
    this.#index = options.index;
  }

  /**
   * @throws `NotFoundError` when there is no such run, or the caller sees no service of its repository; both read the same, so
   * that ids of other services cannot be tried out
   * @throws `NotAllowedError` when the caller sees such a service but lacks the permission on it
   */
  async require(
    credentials: BackstageCredentials,
    runKey: string,
    permission: typeof deliveryRunReadPermission,
  ): Promise<ReadableRun> {
    const run = await this.#store.run(runKey);
    const repository = run && (await this.#store.repository(run.repoKey));
    if (!run || !repository) throw notFound(runKey);
    const refs = await this.#store.entitiesOfRepository(run.repoKey);
    const { allowed, denied } =
      refs.length > 0
        ? await this.#access.sort(credentials, refs, permission)
        : { allowed: [], denied: [] };
    const readable: string[] = [];
    for (const entity of allowed) {
      if (await this.#owns(entity, run.repoKey)) {
        readable.push(stringifyEntityRef(entity));
      }
    }
    if (readable.length === 0) throw denied[0] ?? notFound(runKey);
    const mine = new Set(await this.#store.entitiesOfRun(runKey));
    const services = readable.filter(ref => mine.has(ref));
    return { run, repository, services, via: services[0] ?? readable[0] };
  }

  /** The stored binding may be older than what catalog-info.yaml says now. */
  async #owns(entity: Entity, repoKey: string): Promise<boolean> {
    const result = this.#index.claim(entity);
    if (result.kind !== 'owned') return false;
    const { host, slug } = result.claim;
    const repository = await this.#store.repositoryBySlug(host, slug);
    return repository?.repoKey === repoKey;
  }
}

function notFound(runKey: string): NotFoundError {
  return withCode(
    new NotFoundError(
      `There is no run ${runKey} of a service that you may see.`,
    ),
    'run_not_found',
    { run: runKey },
  );
}
