import { useApi } from '@backstage/core-plugin-api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams, keys } from './keys';
import { useUser } from './useUser';

/** What happened in an environment, newest first, page by page. */
export function useHistory(entityRef: string, environment: string) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useInfiniteQuery(
    {
      queryKey: keys.history(user, entityRef, environment),
      enabled: user !== undefined,
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) =>
        api.client.history({
          params: { ...entityParams(entityRef), environment },
          query: { cursor: pageParam },
          signal,
        }),
      getNextPageParam: page => page.nextCursor,
    },
    api.queries,
  );
}
