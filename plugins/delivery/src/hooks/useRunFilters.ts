import { CONCLUSIONS, STATUSES } from 'backstage-plugin-delivery-common';
import { useMemo } from 'react';
import type { RunFilters } from './keys';
import { useUrlState } from './useUrlState';

/** States one can filter by: where a run stands, or how it completed. */
export const FILTER_STATES = [
  'queued',
  'in_progress',
  'waiting',
  ...CONCLUSIONS,
] as const;

const NAMES = ['pipeline', 'branch', 'status', 'actor', 'q', 'scope'] as const;
export type FilterName = (typeof NAMES)[number];

/** The filters of the list of runs, kept in the address so that it can be shared. */
export function useRunFilters(defaultScope: 'service' | 'all' = 'service') {
  const { get, set } = useUrlState();
  const [pipeline, branch, state, actor, text, wanted] = NAMES.map(get);
  const scope = wanted ?? defaultScope;

  const filters = useMemo((): RunFilters => {
    const status = STATUSES.find(
      s => s === state && s !== 'completed' && s !== 'unknown',
    );
    return {
      pipeline,
      branch,
      status,
      conclusion: status ? undefined : CONCLUSIONS.find(c => c === state),
      actor,
      text,
      scope: scope === 'all' ? 'all' : undefined,
    };
  }, [pipeline, branch, state, actor, text, scope]);

  const values: Record<FilterName, string> = {
    pipeline: pipeline ?? '',
    branch: branch ?? '',
    status: filters.status ?? filters.conclusion ?? '',
    actor: actor ?? '',
    q: text ?? '',
    scope,
  };
  const narrowed = [pipeline, branch, state, actor, text].some(Boolean);
  return {
    filters,
    values,
    narrowed,
    change: (name: FilterName, value: string) => set({ [name]: value }),
    clear: () =>
      set(Object.fromEntries(NAMES.map(name => [name, undefined])) as {}),
  };
}
