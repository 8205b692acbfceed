import { useRouteRef } from '@backstage/core-plugin-api';
import { rootRouteRef } from '../../routes';

/** Address of the plugin's own page; undefined when the portal has switched it off. */
export function useDeliveryPath(): string | undefined {
  try {
    // Throws, after all its own hooks, for a reference without a page: the order of hooks stays the same.
    const route = useRouteRef(rootRouteRef);
    return route();
  } catch {
    return undefined;
  }
}
