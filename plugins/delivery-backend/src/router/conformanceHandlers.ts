import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { RepositoryClaim } from 'backstage-plugin-delivery-common/domain';
import type { CompoundEntityRef } from '@backstage/catalog-model';
import type { Request } from 'express';
import type { Entity } from '@backstage/catalog-model';
import type { ConformanceViews } from '../services/conformance/ConformanceViews';
import type { EntityIndex } from '../services/EntityIndex';
import type { Handlers } from './bindContract';

/** What the routes of the rules call. */
export interface ConformanceRouteServices {
  conformanceViews: Pick<ConformanceViews, 'report' | 'table'>;
  index: Pick<EntityIndex, 'requireClaim'>;
}

/** Routes of the rules. */
export type ConformanceRoutes = 'conformance' | 'conformanceTable';

/** Handlers of the rules: a service's own for whoever may read it, the table trimmed to those. */
export function conformanceHandlers(
  { conformanceViews, index }: ConformanceRouteServices,
  callers: {
    reader(request: Request): Promise<BackstageCredentials>;
    readable(request: Request, params: CompoundEntityRef): Promise<Entity>;
  },
): Pick<Handlers, ConformanceRoutes> {
  return {
    conformance: async ({ request, params }) => {
      const claim: RepositoryClaim = index.requireClaim(
        await callers.readable(request, params),
      );
      return conformanceViews.report(claim);
    },
    conformanceTable: async ({ request }) =>
      conformanceViews.table(await callers.reader(request)),
  };
}
