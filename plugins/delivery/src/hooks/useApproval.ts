import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { keys } from './keys';
import { useLive } from './useLive';
import { useUser } from './useUser';

/** One approval with all that is known of what it lets in, kept up to date while it waits. */
export function useApproval(id: string) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  const result = useQuery(
    {
      queryKey: keys.approval(user, id),
      enabled: user !== undefined,
      queryFn: ({ signal }) => api.client.approval({ params: { id }, signal }),
      // What somebody decides about must not be what it was when the drawer was last open.
      staleTime: 0,
    },
    api.queries,
  );
  const { data } = result;
  useLive({
    signalKey: data?.signalKey,
    moving: data?.approval.state === 'waiting',
    again: false,
    refetch: result.refetch,
  });
  return result;
}

/** Gives a function that has everything read anew in which an approval is seen. */
export function useApprovalNews(): () => void {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useCallback(() => {
    for (const part of ['approval', 'approvals', 'overview', 'run']) {
      api.queries.invalidateQueries({ queryKey: ['delivery', user, part] });
    }
  }, [api, user]);
}
