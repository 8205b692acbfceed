import { useRouteRef } from '@backstage/core-plugin-api';
import { catalogIndexRouteRef } from '../../routes';

/** Address of the catalog; undefined when the portal has not bound it. */
export function useCatalogPath(): string | undefined {
  return useRouteRef(catalogIndexRouteRef)?.();
}
