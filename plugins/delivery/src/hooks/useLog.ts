import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { keys } from './keys';
import { useUser } from './useUser';

const FOLLOW_MS = 5_000;
/** Set by the backend when it gives only a part of the log. */
const CAPPED_HEADER = 'x-delivery-log-capped';

/**
 * Log of one job, asked for only while somebody looks. While the job runs it is read again every five seconds, and once more when
 * it has completed.
 */
export function useLog(options: {
  run: string;
  job: string;
  done: boolean;
  enabled: boolean;
}) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  const { run, job, done } = options;
  return useQuery(
    {
      queryKey: keys.log(user, run, job, done),
      enabled: user !== undefined && options.enabled,
      queryFn: async ({ signal }) => {
        const response = await api.client.log({
          params: { id: run, job },
          signal,
        });
        const text = await response.text();
        return {
          text,
          capped: response.headers.get(CAPPED_HEADER) === 'true',
        };
      },
      refetchInterval: done ? false : FOLLOW_MS,
      staleTime: done ? Infinity : 0,
      placeholderData: (previous, query) =>
        query?.queryKey[4] === job ? previous : undefined,
    },
    api.queries,
  );
}
