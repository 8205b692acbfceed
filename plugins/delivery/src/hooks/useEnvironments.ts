import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import type { Environments, Overview } from 'backstage-plugin-delivery-common';
import { useCallback, useMemo } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams, keys } from './keys';
import { useOverview } from './useOverview';
import { useUser } from './useUser';

function known(overview: Overview): Environments | undefined {
  // None in the overview says nothing of why there are none: that takes the answer itself.
  if (overview.environments.length === 0) return undefined;
  const { entityRef, environments, signalKey, asOf } = overview;
  return { entityRef, items: environments, notes: [], signalKey, asOf };
}

/**
 * Environments of a service. Until they are read, what the overview already knows of them stands in.
 *
 * @param entityRef - of the service; nothing is asked while `enabled` is false
 */
export function useEnvironments(
  entityRef: string,
  options: { enabled?: boolean } = {},
) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  // Only listens: the tab around asks for it.
  const { data: overview } = useOverview(entityRef, { enabled: false });
  const placeholderData = useMemo(
    () => overview && known(overview),
    [overview],
  );
  return useQuery<Environments>(
    {
      queryKey: keys.environments(user, entityRef),
      enabled: user !== undefined && options.enabled !== false,
      queryFn: ({ signal }) =>
        api.client.environments({ params: entityParams(entityRef), signal }),
      placeholderData,
    },
    api.queries,
  );
}

/** Reads everything anew that is shown of the environments of a service. */
export function useRefreshEnvironments(entityRef: string): () => void {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useCallback(() => {
    api.queries.invalidateQueries({
      queryKey: keys.allEnvironments(user, entityRef),
    });
  }, [api, user, entityRef]);
}
