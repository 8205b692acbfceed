import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Finding, FindingKind } from 'backstage-plugin-delivery-common';
import {
  type DeploymentForFinding,
  findingsOf,
} from 'backstage-plugin-delivery-common/domain';
import type { ApprovalStore } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import { shortHash } from '../approvals/approvalIdOf';
import { LetIn, type LetInOptions, type Place, type Unasked } from './LetIn';

/** How far back deployments are looked at. */
const WINDOW_MS = 90 * 24 * 60 * 60_000;
/** Kinds that are derived here; others are added where they happen. */
const KINDS: FindingKind[] = ['unapproved_deployment', 'unknown_deployment'];

/** What the keeper works with. */
export interface FindingKeeperOptions
  extends Omit<LetInOptions, 'environments' | 'approvals' | 'store'> {
  store: LetInOptions['store'] &
    Pick<DeliveryStore, 'bindingsOfEntity' | 'syncState'>;
  environments: LetInOptions['environments'] &
    Pick<EnvironmentStore, 'allEnvironments' | 'environmentsOf'>;
  approvals: LetInOptions['approvals'] &
    Pick<ApprovalStore, 'findings' | 'addFindings' | 'dropFindings'>;
  logger: LoggerService;
}

/** Finds what went into production without a named person who let it in. */
export class FindingKeeper {
  readonly #options: FindingKeeperOptions;
  readonly #letIn: LetIn;

  constructor(options: FindingKeeperOptions) {
    this.#options = options;
    this.#letIn = new LetIn(options);
  }

  /**
   * Looks at all production environments; what is not known of the newest gated deployments is asked of their vendor and kept.
   *
   * @returns how many findings are new
   */
  async sweep(signal: AbortSignal): Promise<number> {
    const since = this.#options.now() - WINDOW_MS;
    const open: Unasked[] = [];
    let added = 0;
    for (const place of await this.#places()) {
      if (signal.aborted) return added;
      added += await this.#safely(place, async () => {
        const { items, unasked } = await this.#letIn.of(place, since);
        open.push(...unasked);
        return this.#keep(place, items, unasked, since);
      });
    }
    const asked = await this.#letIn.ask(open, signal);
    for (const place of asked) {
      if (signal.aborted) return added;
      added += await this.#safely(place, async () => {
        const { items, unasked } = await this.#letIn.of(place, since);
        return this.#keep(place, items, unasked, since);
      });
    }
    return added;
  }

  async #safely(
    { entityRef, environment }: Place,
    work: () => Promise<number>,
  ): Promise<number> {
    try {
      return await work();
    } catch (error) {
      this.#options.logger.warn('Findings of a service could not be derived', {
        ...{ entityRef, environment, reason: String(error) },
      });
      return 0;
    }
  }

  async #places(): Promise<Place[]> {
    const { environments: store } = this.#options;
    const rows = await store.allEnvironments();
    const production = rows.filter(
      ({ environment }) => environment.tier === 'production',
    );
    const places: Place[] = [];
    for (const { entityRef, environment } of production) {
      const bindings = await store.environmentsOf(entityRef);
      const binding = bindings.find(
        item => item.environment === environment.name,
      );
      places.push({
        ...{ entityRef, environment: environment.name },
        match: binding?.match ?? [],
      });
    }
    return places;
  }

  /** Of what went in before this moment the pipeline's side was never read: that it is not known proves nothing. */
  async #toldSince(entityRef: string): Promise<number> {
    const { store } = this.#options;
    const bindings = await store.bindingsOfEntity(entityRef);
    const states = await Promise.all(
      bindings.flatMap(({ host, slug }) =>
        ['repo', 'deployments'].map(kind =>
          store.syncState(`${kind}:${host}/${slug.toLowerCase()}`),
        ),
      ),
    );
    if (states.length === 0) return Infinity;
    return Math.max(...states.map(state => state?.dataSince ?? Infinity));
  }

  async #keep(
    { entityRef, environment }: Place,
    items: DeploymentForFinding[],
    unasked: Unasked[],
    since: number,
  ): Promise<number> {
    const { approvals } = this.#options;
    const told = await this.#toldSince(entityRef);
    const proved = findingsOf(items, since).filter(
      ({ kind, at }) => kind !== 'unknown_deployment' || at >= told,
    );
    const found = proved.map(
      ({ deploymentId, key: _, ...rest }): Finding => ({
        ...rest,
        id: shortHash([rest.kind, entityRef, environment, deploymentId]),
        state: 'open',
      }),
    );
    const ids = new Set(found.map(({ id }) => id));
    const stored = await approvals.findings({
      ...{ entityRefs: [entityRef], kinds: [...KINDS], state: 'open' },
    });
    const gone = stored.filter(
      item =>
        item.environment === environment &&
        item.at >= since &&
        !ids.has(item.id) &&
        // What is not known again yet was found once.
        !unasked.some(({ run }) => run.runKey === item.runId),
    );
    if (gone.length > 0) await approvals.dropFindings(gone.map(({ id }) => id));
    return found.length > 0 ? (await approvals.addFindings(found)).length : 0;
  }
}
