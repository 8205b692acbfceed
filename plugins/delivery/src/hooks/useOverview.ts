import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { overviewQuery } from './keys';
import { useUser } from './useUser';

/**
 * Everything the first sight of a service's delivery needs, in one request shared by all who ask.
 *
 * @param entityRef - of the service; nothing is asked while `enabled` is false
 */
export function useOverview(
  entityRef: string,
  options: { enabled?: boolean } = {},
) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      ...overviewQuery(api, user, entityRef),
      enabled: user !== undefined && options.enabled !== false,
    },
    api.queries,
  );
}
