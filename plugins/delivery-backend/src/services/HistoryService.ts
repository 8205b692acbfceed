import type { Entity } from '@backstage/catalog-model';
import {
  type EnvironmentHistory,
  HISTORY_PAGE,
  type HistoryItem,
  type LogicalDeployment,
} from 'backstage-plugin-delivery-common';
import { matchesEnvironment } from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../database/EnvironmentStore';
import type { EntityIndex } from './EntityIndex';
import { requireEnvironment } from './environmentNames';
import { decodeHistoryCursor, encodeHistoryCursor } from './historyCursor';

const WORDS = { approved: 'Approved', rejected: 'Rejected', unknown: '' };

/** What it works with. */
export interface HistoryServiceOptions {
  store: DeliveryStore;
  environments: EnvironmentStore;
  index: Pick<EntityIndex, 'bind'>;
  now: () => number;
}

/** What happened in an environment. Who may read it was decided before. */
export class HistoryService {
  readonly #options: HistoryServiceOptions;

  constructor(options: HistoryServiceOptions) {
    this.#options = options;
  }

  /**
   * Deployments, newest first; on the first page with the approvals of theirs and the last words of the runtime.
   *
   * @throws `NotFoundError` naming the environments there are, `InputError` for a cursor that no history gave
   */
  async of(
    entity: Entity,
    name: string,
    query: { cursor?: string; limit?: number },
  ): Promise<EnvironmentHistory> {
    const { environments: store, store: facts, index, now } = this.#options;
    const { entityRef, host, slug } = await index.bind(entity);
    const rows = await store.environments(entityRef);
    const { environment } = requireEnvironment(entityRef, rows, name);
    const { cursor, limit = HISTORY_PAGE.default } = query;
    const found = await store.deployments(
      entityRef,
      name,
      cursor === undefined ? undefined : decodeHistoryCursor(cursor),
      // One more than asked tells whether there is a next page.
      limit + 1,
    );
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const more = found.length > limit;
    const items = page.map(
      (deployment): HistoryItem => ({
        ...{ id: deployment.id, kind: 'deployment', deployment },
        at: deployment.startedAt,
        current: deployment.id === environment.deployment?.id,
      }),
    );
    if (cursor === undefined) {
      const bindings = await store.environmentsOf(entityRef);
      const binding = bindings.find(item => item.environment === name);
      const beside = [
        ...(await this.#approvals(page, binding)),
        ...(await this.#events(binding)),
      ];
      // What is older belongs between rows of later pages, which have deployments only.
      const since = more && last ? last.startedAt : 0;
      items.push(...beside.filter(item => item.at >= since));
      items.sort((a, b) => b.at - a.at);
    }
    const scope = `deployments:${host}/${slug.toLowerCase()}`;
    return {
      items,
      nextCursor: more && last ? encodeHistoryCursor(last) : undefined,
      dataSince: (await facts.syncState(scope))?.dataSince,
      asOf: now(),
    };
  }

  /** Vendors record no time of a decision: it stands beside the deployment it opened. */
  async #approvals(
    deployments: LogicalDeployment[],
    binding: EnvironmentBinding | undefined,
  ): Promise<HistoryItem[]> {
    const { environments: store, store: facts } = this.#options;
    const ofRun = new Map<string, LogicalDeployment>();
    // The oldest deployment of a run is the one that was waited for.
    for (const deployment of deployments) {
      if (deployment.runId) ofRun.set(deployment.runId, deployment);
    }
    const runs = await facts.runsByKey([...ofRun.keys()]);
    const lists = await Promise.all(
      runs.map(async ({ runKey, attempt }) => {
        const deployment = ofRun.get(runKey);
        const decided = (await store.approvals(runKey, attempt)) ?? [];
        return decided
          .filter(item =>
            item.environments.some(name =>
              matchesEnvironment(binding?.match ?? [], name),
            ),
          )
          .map(
            (item, index): HistoryItem => ({
              id: `${runKey}/approval/${index}`,
              kind: 'approval',
              at: deployment?.startedAt ?? 0,
              current: false,
              by: item.user,
              message: [WORDS[item.state], item.comment]
                .filter(Boolean)
                .join(': '),
            }),
          );
      }),
    );
    return lists.flat();
  }

  async #events(
    binding: EnvironmentBinding | undefined,
  ): Promise<HistoryItem[]> {
    const key = binding?.runtimeKey;
    if (key === undefined) return [];
    const states = await this.#options.environments.runtimeStates([key], 1);
    return (states.get(key)?.service?.events ?? []).map(
      ({ id, at, message }): HistoryItem => ({
        ...{ id, at, message, kind: 'runtime_event', current: false },
      }),
    );
  }
}
