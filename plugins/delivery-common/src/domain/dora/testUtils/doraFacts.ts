import type {
  ChangeFact,
  DeploymentSource,
  DoraFacts,
  IncidentFact,
} from '../facts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Monday, midnight UTC. */
export const MONDAY = Date.UTC(2026, 7, 31);
export const SERVICE = 'component:default/shop-api';

/** Facts of one service, read twelve weeks after `MONDAY`. */
export function doraFacts(parts: Partial<DoraFacts> = {}): DoraFacts {
  return {
    asOf: MONDAY + 84 * DAY,
    services: [{ service: SERVICE, dataSince: MONDAY - 365 * DAY }],
    deployments: [],
    commits: [],
    spans: [],
    changes: [],
    incidents: [],
    overrides: [],
    ...parts,
  };
}

/** A full SHA that begins with some text of hex digits. */
export function shaOf(text: string): string {
  const hex = [...text].map(letter => letter.charCodeAt(0).toString(16));
  return hex.join('').padEnd(40, '0').slice(0, 40);
}

/** A successful deployment of ten minutes of a commit of its own. */
export function deployed(
  id: string,
  finishedAt: number,
  parts: Partial<DeploymentSource> = {},
): DeploymentSource {
  return {
    id,
    source: 'other',
    service: SERVICE,
    environment: 'production',
    tier: 'production',
    sha: shaOf(id),
    status: 'succeeded',
    createdAt: finishedAt - 11 * MINUTE,
    startedAt: finishedAt - 10 * MINUTE,
    finishedAt,
    ...parts,
  };
}

/** A direct commit with a lead time, deployed by a deployment that says it brings it. */
export function shipped(
  id: string,
  finishedAt: number,
  leadMs: number,
): { deployment: DeploymentSource; change: ChangeFact } {
  const sha = shaOf(id);
  const at = finishedAt - leadMs;
  return {
    deployment: deployed(id, finishedAt, { sha, commits: [sha] }),
    change: {
      id: `change-${id}`,
      kind: 'commit',
      mergeSha: sha,
      mergedAt: at,
      commits: [{ sha, authoredAt: at, committedAt: at }],
    },
  };
}

/** An incident of an hour. */
export function incident(
  id: string,
  startedAt: number,
  parts: Partial<IncidentFact> = {},
): IncidentFact {
  return {
    id,
    service: SERVICE,
    startedAt,
    resolvedAt: startedAt + HOUR,
    ...parts,
  };
}
