import { useApi } from '@backstage/core-plugin-api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type {
  DoraMetricId,
  DoraReport,
  DoraScopeKind,
} from 'backstage-plugin-delivery-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { errorSentence } from '../components/states';
import { saveFile } from './saveFile';
import type { DoraSet } from './useDoraChoice';
import { useLive } from './useLive';
import { useUser } from './useUser';

/** Of what the metrics are: one service, or all services of a team, system, domain or the portal. */
export interface DoraScope {
  scope: DoraScopeKind;
  /** Ref of the component, group, system or domain; absent for the portal. */
  ref?: string;
}

const PAGE = 50;
/** Something is still being read: the numbers move. */
const PENDING_MS = 15_000;
const CALM_MS = 5 * 60_000;

const keyOf = (user: string | undefined, scope: DoraScope, days: number) => [
  'delivery',
  user,
  'dora',
  scope.scope,
  scope.ref ?? '',
  days,
];

function isOf(key: readonly unknown[] | undefined, scope: DoraScope): boolean {
  return key?.[3] === scope.scope && key[4] === (scope.ref ?? '');
}

/**
 * DORA and deployment metrics of so many whole days until now.
 *
 * @param scope - nothing is asked while `enabled` is false
 */
export function useDora(
  scope: DoraScope,
  days: number,
  options: { enabled?: boolean } = {},
) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useQuery(
    {
      queryKey: [...keyOf(user, scope, days), 'report'],
      enabled: user !== undefined && options.enabled !== false,
      queryFn: ({ signal }): Promise<DoraReport> =>
        api.client.dora({ params: {}, query: { ...scope, days }, signal }),
      placeholderData: (last, query) =>
        // Another window of the same thing stands in; another thing does not.
        isOf(query?.queryKey, scope) ? last : undefined,
      refetchInterval: ({ state }) =>
        state.data?.pending ? PENDING_MS : CALM_MS,
    },
    api.queries,
  );
}

/**
 * What is behind one number, page by page.
 *
 * @param n - how many the report tells of: another number asks anew
 */
export function useDoraRows(
  scope: DoraScope,
  days: number,
  behind: { metric: DoraMetricId; set: DoraSet; n: number },
) {
  const { metric, set, n } = behind;
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useInfiniteQuery(
    {
      queryKey: [...keyOf(user, scope, days), 'rows', metric, set, n],
      enabled: user !== undefined,
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) =>
        api.client.doraRows({
          params: { metric },
          query: { ...scope, days, set, cursor: pageParam, limit: PAGE },
          signal,
        }),
      getNextPageParam: page => page.nextCursor,
      placeholderData: (last, query) =>
        isOf(query?.queryKey, scope) &&
        query?.queryKey[7] === metric &&
        query.queryKey[8] === set
          ? last
          : undefined,
    },
    api.queries,
  );
}

/**
 * Reads the numbers again when rows that were read later are more or fewer: a deployment came in between. Once for each answer, so that a
 * server that counts differently is not asked for ever.
 *
 * @param rowsAsOf - moment of rows that do not agree with the numbers; undefined while they do
 */
export function useSameMoment(
  scope: DoraScope,
  days: number,
  rowsAsOf: number | undefined,
): void {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  const asked = useRef<number>();
  const key = JSON.stringify([...keyOf(user, scope, days), 'report']);
  useEffect(() => {
    if (rowsAsOf === undefined || asked.current === rowsAsOf) return;
    asked.current = rowsAsOf;
    api.queries.invalidateQueries({ queryKey: JSON.parse(key) });
  }, [api, key, rowsAsOf]);
}

/** Reads numbers and rows again when something about their services is new. */
export function useDoraNews(
  scope: DoraScope,
  signalKey: string | undefined,
): void {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  useLive({
    // What was just read need not be read again.
    ...{ signalKey, moving: false, again: false },
    refetch: () => {
      const queryKey = keyOf(user, scope, 0).slice(0, -1);
      api.queries.invalidateQueries({ queryKey });
    },
  });
}

export const DORA_EXPORT_FORMATS = ['csv', 'json'] as const;
export type DoraExportFormat = (typeof DORA_EXPORT_FORMATS)[number];

/** Writes the numbers, or the rows of one, into a file. A plain link could not carry the person's credentials. */
export function useDoraExport(scope: DoraScope, days: number) {
  const { client } = useApi(deliveryApiRef);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const start = useCallback(
    async (format: DoraExportFormat, metric?: DoraMetricId) => {
      setBusy(true);
      setProblem(undefined);
      try {
        const response = await client.doraExport({
          params: {},
          query: { ...scope, days, format, metric },
        });
        const name = ['delivery-dora', metric, `${days}d`]
          .filter(Boolean)
          .join('-');
        saveFile(await response.blob(), `${name}.${format}`);
      } catch (error) {
        setProblem(errorSentence(error as Error));
      } finally {
        setBusy(false);
      }
    },
    [client, scope, days],
  );
  return { busy, problem, start };
}
