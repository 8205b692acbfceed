import { DORA_METRICS } from 'backstage-plugin-delivery-common';
import type { DoraMetricId } from 'backstage-plugin-delivery-common';
import { useMemo } from 'react';
import { useUrlState } from './useUrlState';

/** Name of the part of the tab that shows the metrics, in the address. */
export const DORA_PANEL = 'dora';

export const DORA_WINDOWS = [30, 90, 180] as const;
const DEFAULT_DAYS = 90;

/** What is shown behind a number. */
export const DORA_SETS = ['rows', 'excluded', 'open'] as const;
export type DoraSet = (typeof DORA_SETS)[number];

/** What a reader has chosen of the metrics, kept in the address. */
export interface DoraChoice {
  /** Length of the window. */
  days: number;
  metric: DoraMetricId;
  set: DoraSet;
  setDays: (days: number) => void;
  setMetric: (metric: DoraMetricId) => void;
  setSet: (set: DoraSet) => void;
}

/** {@link DoraChoice} of the address; what it does not know, or does not say, is the usual one. */
export function useDoraChoice(): DoraChoice & {
  /** Goes to the part of the tab that shows the metrics, with one of them opened. */
  open: (metric: DoraMetricId) => void;
} {
  const { get, set } = useUrlState();
  const days = get('days');
  const metric = get('metric');
  const shown = get('behind');
  return useMemo(
    () => ({
      days: DORA_WINDOWS.find(known => `${known}` === days) ?? DEFAULT_DAYS,
      metric: DORA_METRICS.find(known => known === metric) ?? DORA_METRICS[0],
      set: DORA_SETS.find(known => known === shown) ?? 'rows',
      setDays: next => set({ days: `${next}` }),
      setMetric: next => set({ metric: next, behind: undefined }),
      setSet: next => set({ behind: next === 'rows' ? undefined : next }),
      open: next =>
        set({
          panel: DORA_PANEL,
          metric: next,
          behind: undefined,
          // The usual window, from which the tiles are.
          days: undefined,
        }),
    }),
    [days, metric, shown, set],
  );
}

/** Query string that leads to a metric on the Delivery tab. */
export function doraSearch(metric?: DoraMetricId): string {
  return `?${new URLSearchParams({
    panel: DORA_PANEL,
    ...(metric ? { metric } : {}),
  })}`;
}
