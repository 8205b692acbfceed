import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams, keys } from './keys';
import { useUser } from './useUser';

/** Commits that the environment `to` has and `from` does not. */
export function useCompare(entityRef: string, from: string, to: string) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: keys.compare(user, entityRef, from, to),
      enabled: user !== undefined,
      queryFn: ({ signal }) =>
        api.client.compare({
          params: entityParams(entityRef),
          query: { from, to },
          signal,
        }),
    },
    api.queries,
  );
}
