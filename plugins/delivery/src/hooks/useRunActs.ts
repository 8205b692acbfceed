import { useApi } from '@backstage/core-plugin-api';
import { useCallback } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { useAct } from './useAct';

/** What can be done to a run. */
export const RUN_ACTS = ['rerun', 'rerun_failed', 'cancel'] as const;
export type RunAct = (typeof RUN_ACTS)[number];

export interface RunWish {
  kind: RunAct;
  /** The attempt the person saw. */
  attempt: number;
  comment?: string;
  breakGlass?: true;
}

/** Runs a run again, or cancels it, in the person's own name. */
export function useRunActs(id: string, repositoryUrl: string | undefined) {
  const { client } = useApi(deliveryApiRef);
  const act = useAct(repositoryUrl);
  const { begin } = act;
  const send = useCallback(
    (wish: RunWish) =>
      begin(wish, ({ idempotencyKey, userToken }) => {
        const { kind, breakGlass, ...rest } = wish;
        const body = { ...rest, idempotencyKey };
        const to = { params: { id }, userToken };
        return kind === 'cancel'
          ? client.cancel({ ...to, body })
          : client.rerun({
              ...to,
              body: {
                ...body,
                breakGlass,
                failedOnly: kind === 'rerun_failed',
              },
            });
      }),
    [begin, client, id],
  );
  return { act, send };
}
