import { useApi } from '@backstage/core-plugin-api';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { RunList } from 'backstage-plugin-delivery-common';
import { useEffect, useRef } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams, keys, overviewQuery } from './keys';
import type { RunFilters } from './keys';
import { useUser } from './useUser';

/** Two answers no further apart than this were asked for by the same visit. */
const TOGETHER_MS = 5_000;

/**
 * Runs of a service page by page. The first page without filters is the one the overview brought: no second request.
 *
 * @param pulse - moment of the newest overview; the list is read anew whenever it changes
 */
export function useRuns(
  entityRef: string,
  filters: RunFilters,
  options: { pulse: number; pageSize?: number },
) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  const { pulse, pageSize } = options;
  const unfiltered =
    pageSize === undefined &&
    Object.values(filters).every(value => value === undefined);

  const result = useInfiniteQuery(
    {
      queryKey: keys.runs(user, entityRef, filters),
      enabled: user !== undefined,
      initialPageParam: undefined as string | undefined,
      queryFn: async ({ pageParam, signal }): Promise<RunList> => {
        if (unfiltered && pageParam === undefined) {
          const overview = await api.queries.ensureQueryData(
            overviewQuery(api, user, entityRef),
          );
          return overview.runs;
        }
        return api.client.runs({
          params: entityParams(entityRef),
          query: { ...filters, limit: pageSize, cursor: pageParam },
          signal,
        });
      },
      getNextPageParam: page => page.nextCursor,
      placeholderData: keepPreviousData,
      // The overview beats the time: it is read on focus, reconnect and news, and the pulse below follows it.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      refetchOnMount: false,
    },
    api.queries,
  );

  const { refetch } = result;
  const listedAt = useRef(0);
  const lastPulse = useRef(pulse);
  useEffect(() => {
    listedAt.current = result.dataUpdatedAt;
  });
  useEffect(() => {
    if (lastPulse.current === pulse) return;
    const first = lastPulse.current === 0;
    lastPulse.current = pulse;
    // The list asked together with the first overview is as new as that; one kept from an earlier visit is not.
    const together =
      listedAt.current === 0 || pulse - listedAt.current < TOGETHER_MS;
    if (!(first && together)) refetch();
  }, [pulse, refetch]);
  return result;
}
