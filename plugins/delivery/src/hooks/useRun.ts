import { useApi } from '@backstage/core-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { deliveryApiRef } from '../api/DeliveryApi';
import { keys } from './keys';
import { useUser } from './useUser';

/** One run with the jobs of one attempt; the newest when none is named. */
export function useRun(id: string, attempt?: number) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: keys.run(user, id, attempt),
      enabled: user !== undefined,
      queryFn: ({ signal }) =>
        api.client.run({ params: { id }, query: { attempt }, signal }),
      // Another attempt of the same run: the page stays while it is read. Another run: it must not.
      placeholderData: previous =>
        previous?.run.id === id ? previous : undefined,
    },
    api.queries,
  );
}
