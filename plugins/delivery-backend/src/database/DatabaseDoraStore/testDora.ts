import type {
  DoraIncident,
  TimeWindow,
} from 'backstage-plugin-delivery-common/domain';
import type { ServiceDora, StoredChange, StoredDeployment } from '../DoraStore';

export const NOON = Date.UTC(2026, 2, 2, 12);
export const HOUR = 3_600_000;
export const API = 'component:default/api';
export const WEB = 'component:default/web';
/** Two days around noon. */
export const AROUND: TimeWindow = {
  from: NOON - 24 * HOUR,
  to: NOON + 24 * HOUR,
};

/** A deployment that succeeded at `at`, took as long as its number says and is still provisional for three days. */
export function storedDeployment(
  number: number,
  at = NOON,
  verdicts: Partial<StoredDeployment['verdicts']> = {},
): StoredDeployment {
  return {
    deployment: {
      ...{ id: `d${number}`, service: API, environment: 'production' },
      ...{ kind: 'regular', outcome: 'succeeded', finishedAt: at },
      attempts: [{ attempt: 1, outcome: 'succeeded', finishedAt: at }],
      ...{ sources: [], hints: {}, changes: [], removes: [], evidence: [] },
      ...{ rolledBack: false, failed: false, rework: false },
      provisionalUntil: at + 72 * HOUR,
    },
    verdicts: {
      at,
      ...{ deployed: true, judged: true, failed: false, open: false },
      ...{ reworkJudged: true, rework: false, tried: true, succeeded: true },
      ...{ attempts: 1, attemptsSucceeded: 1, rolledBack: false },
      durationMs: number,
      ...verdicts,
    },
  };
}

/** A change deployed at `at`, with one value for each lead. */
export function storedChange(
  number: number,
  at = NOON,
  verdicts: Partial<StoredChange['verdicts']> = {},
): StoredChange {
  return {
    change: {
      ...{ id: `c${number}`, service: API, kind: 'pull_request' },
      ...{ mergeSha: `${number}`.padStart(40, 'a'), deploymentId: 'd1' },
      ...{ mergedAt: at - HOUR, deployedAt: at, leadMs: number },
      ...{ rolledBack: false, warnings: [] },
    },
    verdicts: { at, leadsMs: [number], ...verdicts },
  };
}

export function storedIncident(number: number, startedAt = NOON): DoraIncident {
  return {
    ...{ id: `i${number}`, service: API, startedAt },
    ...{ resolvedAt: startedAt + HOUR, openMs: HOUR },
  };
}

/** Everything of a service; what is not told is empty. */
export function serviceDora(told: Partial<ServiceDora> = {}): ServiceDora {
  return {
    ...{ deployments: [], changes: [], incidents: [], excluded: [] },
    ...told,
  };
}
