import { doraSettingsSchema } from '../../../contract';
import type { DoraSettings } from '../../../contract';
import type { IncidentFact, OverrideFact } from '../facts';
import { makeHistory } from '../history';
import { judge } from '../judge';
import type { DoraChange, DoraDeployment } from '../linked';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Monday at midnight, UTC. */
export const MONDAY = Date.UTC(2026, 2, 2);
export const SERVICE = 'component:default/shop';

/** A SHA that begins with these hex digits. */
export function sha(start: string): string {
  return start.padEnd(40, '0');
}

/** A deployment that succeeded; it began ten minutes before its finish. */
export function deployed(
  id: string,
  finishedAt: number,
  rest: Partial<DoraDeployment> = {},
): DoraDeployment {
  const outcome = rest.outcome ?? 'succeeded';
  const startedAt = finishedAt - 10 * MINUTE;
  return {
    id,
    service: SERVICE,
    environment: 'production',
    sha: sha(id),
    kind: 'regular',
    outcome,
    attempts: [{ attempt: 1, outcome, startedAt, finishedAt }],
    startedAt,
    finishedAt,
    sources: [{ source: 'run', id, status: 'succeeded' }],
    hints: {},
    changes: [],
    removes: [],
    rolledBack: false,
    failed: false,
    evidence: [],
    rework: false,
    ...rest,
  };
}

/** A pull request that a deployment was the first to bring. */
export function brought(
  number: number,
  deployment: DoraDeployment | undefined,
  rest: Partial<DoraChange> = {},
): DoraChange {
  return {
    id: `pr-${number}`,
    kind: 'pull_request',
    service: SERVICE,
    number,
    title: `Change ${number}`,
    mergeSha: sha(`c${number}`),
    rolledBack: false,
    warnings: [],
    ...(deployment && {
      deploymentId: deployment.id,
      deployedAt: deployment.finishedAt,
    }),
    ...rest,
  };
}

/** An incident that is open. */
export function incident(
  id: string,
  startedAt: number,
  rest: Partial<IncidentFact> = {},
): IncidentFact {
  return { id, service: SERVICE, startedAt, ...rest };
}

/** Settings by what differs from the defaults. */
export function settingsWith(
  rest: Parameters<typeof doraSettingsSchema.parse>[0] = {},
): DoraSettings {
  return doraSettingsSchema.parse(rest);
}

/** Judges, ten days after the deployments of the tests. */
export function judgedOf(input: {
  deployments: DoraDeployment[];
  changes?: DoraChange[];
  incidents?: IncidentFact[];
  overrides?: OverrideFact[];
  commits?: Parameters<typeof makeHistory>[0];
  settings?: DoraSettings;
  asOf?: number;
}) {
  const result = judge({
    deployments: input.deployments,
    changes: input.changes ?? [],
    incidents: input.incidents ?? [],
    overrides: input.overrides ?? [],
    history: makeHistory(input.commits ?? [], []),
    settings: input.settings ?? settingsWith(),
    asOf: input.asOf ?? MONDAY + 10 * DAY,
  });
  const byId = new Map(result.deployments.map(each => [each.id, each]));
  return {
    ...result,
    /** The deployment of that id. */
    of(id: string): DoraDeployment {
      const found = byId.get(id);
      if (!found) throw new Error(`There is no deployment ${id}.`);
      return found;
    },
    /** Ids of what failed. */
    failed: result.deployments.filter(d => d.failed).map(({ id }) => id),
  };
}
