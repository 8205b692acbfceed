import { useApi } from '@backstage/core-plugin-api';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ACTS, AUDIT_PHASES } from 'backstage-plugin-delivery-common';
import type { AuditQuery } from 'backstage-plugin-delivery-common';
import { useCallback, useMemo, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryApi';
import { errorSentence } from '../components/states';
import { entityParams } from './keys';
import { saveFile } from './saveFile';
import { useUrlState } from './useUrlState';
import { useUser } from './useUser';

/** Everything an entry can be about, as far as this page knows it. */
export const AUDIT_ACTIONS = [
  ...ACTS,
  'decided_elsewhere',
  'finding.reviewed',
  'configuration',
  'audit.read',
  'audit.export',
] as const;

const PAGE = 50;

/** What narrows the audit. */
export type AuditFilters = Pick<
  AuditQuery,
  'action' | 'phase' | 'environment' | 'actor'
>;
export type AuditFilterName = keyof AuditFilters;

// The part of the tab beside it has an `environment` of its own in the address.
const IN_ADDRESS: Record<AuditFilterName, string> = {
  action: 'auditAction',
  phase: 'auditPhase',
  environment: 'auditEnvironment',
  actor: 'auditActor',
};
const NAMES = Object.keys(IN_ADDRESS) as AuditFilterName[];

/** The filters of the audit, kept in the address so that they can be shared. */
export function useAuditFilters() {
  const { get, set } = useUrlState();
  const [action, phase, environment, actor] = NAMES.map(name =>
    get(IN_ADDRESS[name]),
  );
  const filters = useMemo(
    (): AuditFilters => ({
      action,
      phase: AUDIT_PHASES.find(known => known === phase),
      environment,
      actor,
    }),
    [action, phase, environment, actor],
  );
  return {
    filters,
    narrowed: Object.values(filters).some(Boolean),
    change: (name: AuditFilterName, value: string) =>
      set({ [IN_ADDRESS[name]]: value }),
    clear: () =>
      set(Object.fromEntries(NAMES.map(name => [IN_ADDRESS[name], '']))),
  };
}

/**
 * Entries of the audit, newest first, page by page.
 *
 * @param entityRef - of the service; absent: of every service the reader may read the audit of
 */
export function useAudit(entityRef: string | undefined, filters: AuditFilters) {
  const api = useApi(deliveryApiRef);
  const user = useUser();
  return useInfiniteQuery(
    {
      queryKey: ['delivery', user, 'audit', entityRef ?? 'all', filters],
      enabled: user !== undefined,
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) => {
        const query = { ...filters, limit: PAGE, cursor: pageParam };
        return entityRef === undefined
          ? api.client.auditAll({ params: {}, query, signal })
          : api.client.audit({
              params: entityParams(entityRef),
              query,
              signal,
            });
      },
      getNextPageParam: page => page.nextCursor,
      placeholderData: keepPreviousData,
    },
    api.queries,
  );
}

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Writes the whole log into a file. A plain link could not carry the person's credentials. */
export function useAuditExport() {
  const { client } = useApi(deliveryApiRef);
  const [busy, setBusy] = useState<ExportFormat>();
  const [problem, setProblem] = useState<string>();
  const start = useCallback(
    async (format: ExportFormat) => {
      setBusy(format);
      setProblem(undefined);
      try {
        const response = await client.auditExport({
          params: {},
          query: { format },
        });
        // The response is read to its end: a broken line fails here, and no half of a log is saved as if it were whole.
        saveFile(await response.blob(), `delivery-audit.${format}`);
      } catch (error) {
        setProblem(errorSentence(error as Error));
      } finally {
        setBusy(undefined);
      }
    },
    [client],
  );
  return { busy, problem, start };
}
