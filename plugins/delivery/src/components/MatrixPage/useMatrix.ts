import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../../api/DeliveryApi';
import { useUser } from '../../hooks/useUser';

/** All services the reader may see with their environments, in one request. */
export function useMatrix() {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: ['delivery', user, 'matrix'],
      queryFn: ({ signal }) => api.client.matrix({ params: {}, signal }),
      enabled: user !== undefined,
      // Comparing thousands of services with those before costs more than drawing the dozen that is seen.
      structuralSharing: false,
    },
    api.queries,
  );
}
