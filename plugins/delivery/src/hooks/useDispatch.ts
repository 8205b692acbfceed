import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import type { DispatchBody } from 'backstage-plugin-delivery-common';
import { useCallback } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams } from './keys';
import { useAct } from './useAct';
import { useUser } from './useUser';

/** Workflows that can be started by hand; asked only while somebody wants to. */
export function useDispatchOptions(entityRef: string, enabled: boolean) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: ['delivery', user, 'dispatch', entityRef],
      enabled: enabled && user !== undefined,
      queryFn: ({ signal }) =>
        api.client.dispatchOptions({ params: entityParams(entityRef), signal }),
    },
    api.queries,
  );
}

export type DispatchWish = Omit<DispatchBody, 'idempotencyKey'>;

/** Starts a workflow in the person's own name. */
export function useDispatch(
  entityRef: string,
  repositoryUrl: string | undefined,
) {
  const { client } = useApi(deliveryApiRef);
  const act = useAct(repositoryUrl);
  const { begin } = act;
  const send = useCallback(
    (wish: DispatchWish) =>
      begin(wish, ({ idempotencyKey, userToken }) =>
        client.dispatch({
          params: entityParams(entityRef),
          body: { ...wish, idempotencyKey },
          userToken,
        }),
      ),
    [begin, client, entityRef],
  );
  return { act, send };
}
