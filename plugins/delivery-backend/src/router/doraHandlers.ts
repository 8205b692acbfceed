import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Request } from 'express';
import type { DoraOverrides } from '../services/dora/DoraOverrides';
import { toDeploymentRow } from '../services/dora/rowView';
import type { DoraViews } from '../services/dora/DoraViews';
import type { Handlers } from './bindContract';

/** What the routes of the metrics call. */
export interface DoraServices {
  doraViews: Pick<DoraViews, 'report' | 'rows' | 'export'>;
  doraOverrides: Pick<DoraOverrides, 'set'>;
  now: () => number;
}

/** Routes of the metrics. */
export type DoraRoutes = 'dora' | 'doraRows' | 'doraExport' | 'doraOverride';

/** Handlers of the metrics; which services somebody may read is decided by the services, for a whole scope at once. */
export function doraHandlers(
  { doraViews, doraOverrides, now }: DoraServices,
  callers: {
    /** People, other plugins on their behalf, services: for reads. */
    reader(request: Request): Promise<BackstageCredentials>;
    /** People only: for acts. */
    person(request: Request): Promise<BackstageCredentials>;
  },
): Pick<Handlers, DoraRoutes> {
  const { reader, person } = callers;
  return {
    dora: async ({ request, query }) =>
      doraViews.report(await reader(request), query),
    doraRows: async ({ request, params, query }) =>
      doraViews.rows(await reader(request), params.metric, query),
    doraExport: async ({ request, query }) =>
      doraViews.export(await reader(request), query),
    doraOverride: async ({ request, body }) => {
      const { row, auditSeq } = await doraOverrides.set(
        await person(request),
        body,
      );
      return { deployment: toDeploymentRow(row, now()), auditSeq };
    },
  };
}
