import { Readable } from 'node:stream';
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  deliveryDoraOverridePermission,
  type DoraExportQuery,
  type DoraMetricId,
  type DoraQuery,
  type DoraReport,
  type DoraRows,
  type DoraRowsQuery,
  type DoraSettings,
} from 'backstage-plugin-delivery-common';
import {
  doraSettingsHash,
  type TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { AuditLog } from '../auditing/AuditLog';
import type { ChangeFeed } from '../ChangeFeed';
import { exportReport, exportRows } from './doraExport';
import type { DoraKeeper } from './DoraKeeper';
import type { DoraReports } from './DoraReports';
import type { DoraRowLists } from './DoraRowLists';
import type { DoraScope, DoraScopes, ScopeQuery } from './DoraScopes';
import { readWindow } from './doraWindow';

const EXPORT_PAGE = 500;
/** What concerns several services is told on the channel of the pages. */
const ALL_PAGES = 'pages';

/** What {@link DoraViews} works with. */
export interface DoraViewsOptions {
  scopes: Pick<DoraScopes, 'of' | 'choices'>;
  reports: Pick<DoraReports, 'metrics' | 'distribution'>;
  rowLists: Pick<DoraRowLists, 'list'>;
  keeper: Pick<DoraKeeper, 'pending'>;
  feed: Pick<ChangeFeed, 'keyOf'>;
  store: Pick<DeliveryStore, 'bindingsOfEntity' | 'syncState' | 'syncStates'>;
  permissions: PermissionsService;
  audit: Pick<AuditLog, 'enabled'>;
  permissionsEnabled: boolean;
  settings: DoraSettings;
  incidentLabels: string[];
  now: () => number;
}

/** Numbers of DORA and the rows behind them, for those who may read the services. */
export class DoraViews {
  readonly #options: DoraViewsOptions;

  constructor(options: DoraViewsOptions) {
    this.#options = options;
  }

  async report(
    credentials: BackstageCredentials,
    query: DoraQuery,
  ): Promise<DoraReport> {
    const { feed, reports, scopes, settings, now } = this.#options;
    const { scope, window } = await this.#asked(credentials, query);
    const single = scope.kind === 'service';
    const [{ previous, metrics }, distribution, choices, pending, mayOverride] =
      await Promise.all([
        reports.metrics(scope, window),
        single ? undefined : reports.distribution(scope, window),
        single ? undefined : scopes.choices(credentials),
        this.#pending(scope),
        this.#mayOverride(credentials, scope),
      ]);
    return {
      scope: {
        ...{ kind: scope.kind, ref: scope.ref, title: scope.title },
        services: scope.services.length,
      },
      ...{ window, previous, metrics, distribution, choices, mayOverride },
      settings,
      settingsHash: doraSettingsHash(settings),
      dataSince: scope.dataSince,
      notes: await this.#notes(scope, window),
      pending,
      signalKey: single && scope.ref ? feed.keyOf(scope.ref) : ALL_PAGES,
      asOf: now(),
    };
  }

  async rows(
    credentials: BackstageCredentials,
    metric: DoraMetricId,
    { set = 'rows', cursor, limit, ...query }: DoraRowsQuery,
  ): Promise<DoraRows> {
    const { scope, window } = await this.#asked(credentials, query);
    return this.#options.rowLists.list(scope.set, window, {
      ...{ metric, set, cursor, limit },
    });
  }

  /**
   * Numbers of all metrics, or the rows of one, as text. What is wrong with the question is said before the text begins.
   */
  async export(
    credentials: BackstageCredentials,
    { format, metric, ...query }: DoraExportQuery,
  ): Promise<AsyncIterable<string>> {
    const report = await this.report(credentials, query);
    if (!metric) return Readable.from(exportReport(report, format));
    const first = await this.rows(credentials, metric, {
      ...{ ...query, limit: EXPORT_PAGE },
    });
    return exportRows(
      { report },
      this.#pages(credentials, metric, query, first),
      format,
    );
  }

  async *#pages(
    credentials: BackstageCredentials,
    metric: DoraMetricId,
    query: DoraQuery,
    first: DoraRows,
  ): AsyncGenerator<DoraRows> {
    let page = first;
    yield page;
    while (page.nextCursor !== undefined) {
      page = await this.rows(credentials, metric, {
        ...{ ...query, limit: EXPORT_PAGE, cursor: page.nextCursor },
      });
      yield page;
    }
  }

  async #asked(
    credentials: BackstageCredentials,
    query: ScopeQuery & Pick<DoraQuery, 'days' | 'from' | 'to'>,
  ): Promise<{ scope: DoraScope; window: TimeWindow }> {
    const { scopes, settings, now } = this.#options;
    const window = readWindow(query, now(), settings.timeZone);
    return { window, scope: await scopes.of(credentials, query) };
  }

  async #notes(scope: DoraScope, window: TimeWindow) {
    const { dataSince, kind, services } = scope;
    const notes: DoraReport['notes'] = [];
    const since = kind === 'service' ? await this.#runsSince(scope) : undefined;
    if (since !== undefined && since > Math.max(window.from, dataSince ?? 0)) {
      notes.push({
        code: 'runs_since',
        message: `Runs were read back to ${new Date(since)
          .toISOString()
          .slice(
            0,
            10,
          )}: what failed before it reached production is known since then only.`,
      });
    }
    if (this.#options.incidentLabels.length === 0) {
      notes.push({
        code: 'no_incidents',
        message:
          'Incidents are not read: delivery.dora.incidents.labels is empty.',
      });
    }
    if (kind !== 'service' && services.length === 0) {
      notes.push({
        code: 'no_services',
        message:
          'None of its services that you may read was ever deployed to production.',
      });
    }
    return notes;
  }

  /** Something is being derived, or the deployments of before are still being read. */
  async #pending({ kind, ref, set }: DoraScope): Promise<boolean> {
    const { keeper, store } = this.#options;
    if ((await keeper.pending(set)) > 0) return true;
    const own = kind === 'service' ? await this.#repositoryOf(ref) : undefined;
    const states = await store.syncStates();
    return states.some(
      ({ scope, backfill, problem }) =>
        scope.startsWith(own ? `deployments:${own}` : 'deployments:') &&
        backfill === 'running' &&
        !problem,
    );
  }

  async #repositoryOf(entityRef = ''): Promise<string | undefined> {
    const [bound] = await this.#options.store.bindingsOfEntity(entityRef);
    return bound && `${bound.host}/${bound.slug.toLowerCase()}`;
  }

  /** Deployments reach further back than runs. */
  async #runsSince({ ref }: DoraScope): Promise<number | undefined> {
    const repository = await this.#repositoryOf(ref);
    if (!repository) return undefined;
    const state = await this.#options.store.syncState(`repo:${repository}`);
    return state?.dataSince;
  }

  /** What the button shows; the act itself asks anew. */
  async #mayOverride(
    credentials: BackstageCredentials,
    { kind, ref }: DoraScope,
  ): Promise<boolean> {
    const { audit, permissions, permissionsEnabled } = this.#options;
    const principal = credentials.principal as {
      type?: string;
      actor?: unknown;
    };
    const isPerson = principal.type === 'user' && !principal.actor;
    if (kind !== 'service' || !ref || !isPerson) return false;
    if (!audit.enabled || !permissionsEnabled) return false;
    const [decision] = await permissions.authorize(
      [{ permission: deliveryDoraOverridePermission, resourceRef: ref }],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }
}
