import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams, keys } from './keys';
import { useUser } from './useUser';

/** One environment of a service with its health, read while somebody looks at it. */
export function useEnvironment(entityRef: string, environment: string) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: keys.environment(user, entityRef, environment),
      enabled: user !== undefined,
      queryFn: ({ signal }) =>
        api.client.environment({
          params: { ...entityParams(entityRef), environment },
          signal,
        }),
    },
    api.queries,
  );
}
