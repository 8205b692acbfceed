import { useApi } from '@backstage/core-plugin-api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { errorSentence } from '../components/states';
import { useActNews } from './useAct';
import { useUser } from './useUser';

/**
 * What somebody should look into, newest first.
 *
 * @param entityRef - of the service; absent: of every service the reader may read the audit of
 */
export function useFindings(
  entityRef: string | undefined,
  state: 'open' | 'all',
) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: ['delivery', user, 'findings', entityRef ?? 'all', state],
      enabled: user !== undefined,
      queryFn: ({ signal }) =>
        api.client.findings({
          params: {},
          query: { entity: entityRef, state },
          signal,
        }),
      placeholderData: keepPreviousData,
    },
    api.queries,
  );
}

/** Says, in the person's own name, that a finding was looked into. */
export function useReview() {
  const { client } = useApi(deliveryApiRef);
  const news = useActNews();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const sent = useRef(false);
  const review = useCallback(
    /** Gives whether it was written down. */
    async (id: string, comment: string): Promise<boolean> => {
      if (sent.current) return false;
      sent.current = true;
      setBusy(true);
      setProblem(undefined);
      try {
        await client.reviewFinding({ params: { id }, body: { comment } });
        return true;
      } catch (error) {
        setProblem(errorSentence(error as Error));
        return false;
      } finally {
        sent.current = false;
        setBusy(false);
        news();
      }
    },
    [client, news],
  );
  const forget = useCallback(() => setProblem(undefined), []);
  return { busy, problem, review, forget };
}
