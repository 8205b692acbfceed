import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import type { RollbackBody } from 'backstage-plugin-delivery-common';
import { useCallback } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { entityParams } from './keys';
import { useAct } from './useAct';
import { useUrlState } from './useUrlState';
import { useUser } from './useUser';

/** The environment whose rollback is open, and to what; both live in the address. */
export function useRollbackChoice() {
  const { get, set } = useUrlState();
  const open = useCallback(
    (environment: string, target?: string) =>
      set({ rollback: environment, rollbackTo: target }),
    [set],
  );
  const close = useCallback(
    () => set({ rollback: undefined, rollbackTo: undefined }),
    [set],
  );
  return {
    environment: get('rollback'),
    target: get('rollbackTo'),
    open,
    close,
  };
}

/** What an environment can go back to now. */
export function useRollbackOptions(entityRef: string, environment: string) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: ['delivery', user, 'rollback', entityRef, environment],
      enabled: user !== undefined,
      // What somebody decides about must not be what it was when the drawer was last open.
      staleTime: 0,
      queryFn: ({ signal }) =>
        api.client.rollbackOptions({
          params: { ...entityParams(entityRef), environment },
          signal,
        }),
    },
    api.queries,
  );
}

export type RollbackWish = Omit<RollbackBody, 'idempotencyKey'>;

/** Takes an environment back; with the person's own token where a workflow is started. */
export function useRollback(
  entityRef: string,
  environment: string,
  repositoryUrl: string | undefined,
) {
  const { client } = useApi(deliveryApiRef);
  const act = useAct(repositoryUrl);
  const { begin } = act;
  const send = useCallback(
    (wish: RollbackWish, signIn: boolean) =>
      begin(
        wish,
        ({ idempotencyKey, userToken }) =>
          client.rollback({
            params: { ...entityParams(entityRef), environment },
            body: { ...wish, idempotencyKey },
            userToken,
          }),
        { signIn },
      ),
    [begin, client, entityRef, environment],
  );
  return { act, send };
}
