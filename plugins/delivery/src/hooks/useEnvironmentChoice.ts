import { useCallback, useMemo } from 'react';
import { useUrlState } from './useUrlState';

/** Name of the part of the tab that shows environments, in the address. */
export const ENVIRONMENTS_PANEL = 'environments';

/** Two environments to compare. */
export interface Pair {
  /** The one that lacks commits. */
  from: string;
  /** The one that has them. */
  to: string;
}

/** What a reader has chosen of the environments, kept in the address: the one to look at, the two to compare. */
export function useEnvironmentChoice() {
  const { get, set } = useUrlState();
  const from = get('compareFrom');
  const to = get('compareTo');
  const choose = useCallback(
    (environment: string) => set({ environment }),
    [set],
  );
  const compare = useCallback(
    (pair: Pair | undefined) =>
      set({ compareFrom: pair?.from, compareTo: pair?.to }),
    [set],
  );
  return {
    panel: get('panel'),
    chosen: get('environment'),
    pair: useMemo(
      (): Pair | undefined =>
        from !== undefined && to !== undefined ? { from, to } : undefined,
      [from, to],
    ),
    choose,
    compare,
    /** Goes to the part of the tab that shows environments, with one of them chosen. */
    open: (environment: string) =>
      set({ panel: ENVIRONMENTS_PANEL, environment }),
  };
}

/** Query string that leads to an environment on the Delivery tab. */
export function environmentSearch(environment: string): string {
  return `?${new URLSearchParams({ panel: ENVIRONMENTS_PANEL, environment })}`;
}
