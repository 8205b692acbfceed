import { useRouteRef } from '@backstage/core-plugin-api';
import { runRouteRef } from '../routes';

/**
 * Makes addresses of run pages; undefined when the portal has switched the plugin's page off.
 */
export function useRunPath(): ((id: string) => string) | undefined {
  try {
    // Throws, after all its own hooks, for a reference without a page: the order of hooks stays the same.
    const route = useRouteRef(runRouteRef);
    return id => route({ id });
  } catch {
    return undefined;
  }
}
