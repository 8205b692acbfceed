import { useApi } from '@backstage/core-plugin-api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams, keys } from './keys';
import { useOverview } from './useOverview';
import { useUser } from './useUser';

/** Name of the part of the tab that shows the rules, in the address. */
export const CONFORMANCE_PANEL = 'conformance';

/** Rules of the standard pipeline, for one service. */
export function useConformance(
  entityRef: string,
  options: { enabled?: boolean } = {},
) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  // Only listens: the tab around asks for it, and tells when the rules were read anew.
  const { data: overview } = useOverview(entityRef, { enabled: false });
  const readAt = overview?.conformance?.asOf;
  return useQuery(
    {
      queryKey: [...keys.conformance(user, entityRef), readAt ?? 'unread'],
      placeholderData: keepPreviousData,
      enabled: user !== undefined && options.enabled !== false,
      queryFn: ({ signal }) =>
        api.client.conformance({ params: entityParams(entityRef), signal }),
    },
    api.queries,
  );
}

/** The same for every service the reader may read, in one request. */
export function useConformanceTable() {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: ['delivery', user, 'conformanceTable'],
      enabled: user !== undefined,
      queryFn: ({ signal }) =>
        api.client.conformanceTable({ params: {}, signal }),
    },
    api.queries,
  );
}
