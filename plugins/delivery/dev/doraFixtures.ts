import type { DoraReport, DoraTiles } from 'backstage-plugin-delivery-common';
import { DAY, metrics, WINDOW_FROM, WINDOW_TO } from './doraMetricFixtures';
import { ENTITY_REF, NOW } from './fixtures';

export function doraReport(overrides: Partial<DoraReport> = {}): DoraReport {
  return {
    scope: {
      kind: 'service',
      ref: ENTITY_REF,
      title: 'vaultex-api',
      services: 1,
    },
    window: { from: WINDOW_FROM, to: WINDOW_TO },
    previous: { from: WINDOW_FROM - 90 * DAY, to: WINDOW_FROM },
    settings: {
      timeZone: 'UTC',
      leadTimeStart: 'first_commit',
      percentileMethod: 'continuous',
      includeRollbacks: false,
      smallSample: 5,
    },
    settingsHash: '0123456789abcdef',
    metrics,
    dataSince: WINDOW_FROM - 120 * DAY,
    notes: [],
    pending: false,
    mayOverride: true,
    signalKey: 'dora-key',
    asOf: NOW - 12_000,
    ...overrides,
  };
}

/** A report in which nothing was ever deployed to production. */
export const emptyReport = doraReport({
  metrics: metrics.map(one => ({
    ...one,
    value: null,
    n: 0,
    hits: one.hits === undefined ? undefined : 0,
    excluded: [],
    details: [],
    previous: { value: null, n: 0 },
    bands: [],
    trend: [],
    provisional: false,
    small: true,
  })),
});

export function doraTiles(overrides: Partial<DoraTiles> = {}): DoraTiles {
  return { days: 90, items: metrics.slice(0, 4), ...overrides };
}
