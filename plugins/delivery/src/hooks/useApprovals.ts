import { useApi } from '@backstage/core-plugin-api';
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import type { ApprovalsQuery } from 'backstage-plugin-delivery-common';
import { deliveryApiRef } from '../api/DeliveryApi';
import { keys } from './keys';
import { useLive } from './useLive';
import { useUser } from './useUser';

/** Channel of everything that lists more than one service. */
export const PAGES_CHANNEL = 'pages';

const PAGE = 50;

export type ApprovalScope = NonNullable<ApprovalsQuery['scope']>;

/** Approvals the person may see, page by page, kept up to date. */
export function useApprovals(scope: ApprovalScope) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  const result = useInfiniteQuery(
    {
      queryKey: keys.approvals(user, scope),
      enabled: user !== undefined,
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) =>
        api.client.approvals({
          params: {},
          query: { scope, limit: PAGE, cursor: pageParam },
          signal,
        }),
      getNextPageParam: page => page.nextCursor,
      placeholderData: keepPreviousData,
    },
    api.queries,
  );
  useLive({
    signalKey: PAGES_CHANNEL,
    moving: true,
    again: false,
    refetch: result.refetch,
  });
  return result;
}

/**
 * How many approvals wait for this person, kept up to date. 0 while it is not known and for those who may not ask: a number that is not
 * there bothers nobody, a wrong one does.
 */
export function useWaitingCount(): number {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  const { data, isError, refetch } = useQuery(
    {
      queryKey: keys.approvals(user, 'count'),
      // Somebody the portal cannot name has nothing to decide.
      enabled: user !== undefined && user !== 'anonymous',
      queryFn: ({ signal }) =>
        api.client.approvals({
          params: {},
          query: { scope: 'mine', limit: 1 },
          signal,
        }),
    },
    api.queries,
  );
  useLive({
    signalKey: PAGES_CHANNEL,
    moving: !isError,
    again: false,
    refetch,
  });
  return isError ? 0 : data?.count ?? 0;
}
