import type { DoraReport } from 'backstage-plugin-delivery-common';
import { useMemo, useRef } from 'react';
import type { DoraScope } from '../../hooks/useDora';
import { useUrlState } from '../../hooks/useUrlState';

const KINDS = ['team', 'system', 'domain'] as const;

/** What can be chosen: the portal, and what the report names. */
export type ScopeChoices = NonNullable<DoraReport['choices']>;

/** Which services the page is about, kept in the address. */
export function useScopeChoice() {
  const { get, set } = useUrlState();
  const kind = KINDS.find(known => known === get('of'));
  const ref = get('ref');
  const scope = useMemo(
    (): DoraScope => (kind && ref ? { scope: kind, ref } : { scope: 'portal' }),
    [kind, ref],
  );
  return {
    scope,
    choose: (next: DoraScope) =>
      set({
        of: next.ref === undefined ? undefined : next.scope,
        ref: next.ref,
      }),
  };
}

/** The last choices that were told: an answer that is being waited for does not take them away. */
export function useLastChoices(report: DoraReport | undefined): ScopeChoices {
  const last = useRef<ScopeChoices>([]);
  if (report?.choices) last.current = report.choices;
  return last.current;
}
