import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams, keys } from './keys';
import { useUser } from './useUser';

/** What the person may do with a service, and why not; nothing is asked without a service. */
export function useMyActs(entityRef: string | undefined) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: keys.myActs(user, entityRef ?? ''),
      enabled: user !== undefined && entityRef !== undefined,
      queryFn: ({ signal }) =>
        api.client.myActs({ params: entityParams(entityRef ?? ''), signal }),
    },
    api.queries,
  );
}
