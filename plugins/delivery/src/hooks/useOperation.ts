import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import type { ActOperation } from 'backstage-plugin-delivery-common';
import { deliveryApiRef } from '../api/DeliveryApi';
import { statusOf } from '../components/states';
import { keys } from './keys';
import { useUser } from './useUser';

const STEP_MS = 500;
/** The line is broken, or the portal starts anew. */
const AWAY_MS = 3_000;
/** The portal finds out by itself what became of it. */
const UNKNOWN_MS = 10_000;

/** How long to wait before the next look; false when there is nothing more to come. */
export function nextLook(
  operation: Pick<ActOperation, 'state'> | undefined,
  error: Error | null,
): number | false {
  if (error) {
    const status = statusOf(error);
    return status === undefined || status >= 500 || status === 429
      ? AWAY_MS
      : false;
  }
  if (!operation || operation.state === 'running') return STEP_MS;
  return operation.state === 'unknown' ? UNKNOWN_MS : false;
}

/**
 * How far something that was begun in the person's name has come: asked twice a second until it is over, and only while somebody looks.
 *
 * @param operationId - nothing is asked while it is absent
 * @param approvalId - of the decision it is; absent for every other act
 */
export function useOperation(
  operationId: string | undefined,
  approvalId?: string,
) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: keys.operation(user, operationId ?? ''),
      enabled: user !== undefined && operationId !== undefined,
      retry: false,
      staleTime: 0,
      queryFn: ({ signal }) =>
        approvalId === undefined
          ? api.client.operation({ params: { op: operationId ?? '' }, signal })
          : api.client.approvalOperation({
              params: { id: approvalId, op: operationId ?? '' },
              signal,
            }),
      refetchInterval: ({ state }) => nextLook(state.data, state.error),
    },
    api.queries,
  );
}
