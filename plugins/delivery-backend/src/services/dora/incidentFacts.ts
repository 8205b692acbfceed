import {
  type DeploymentSource,
  type IncidentFact,
  namesOf,
} from 'backstage-plugin-delivery-common/domain';
import type { IncidentRow } from '../../database/ChangeStore';
import type { RepositoryRow } from '../../database/rows';
import { line, webLink } from './words';

/** Id of an incident that is an issue of a repository. */
export function incidentIdOf(repoKey: string, number: number): string {
  return `issue:${repoKey}#${number}`;
}

/** Whose incidents are told. */
export interface IncidentContext {
  service: string;
  repository: RepositoryRow;
  /** Refs of all services made in the repository. */
  services: string[];
  /** What the service deployed. */
  deployments: DeploymentSource[];
}

/**
 * Incidents of one service among those of its repository. One that names another service of the repository is not among them; one that
 * nobody says whose it is has no `service`.
 */
export function incidentFactsOf(
  rows: IncidentRow[],
  context: IncidentContext,
): IncidentFact[] {
  const { repository } = context;
  return rows.flatMap(row => {
    const names = withKeys(
      namesOf(`${row.title}\n${row.body ?? ''}`, {
        repositoryUrl: repository.url,
      }),
      repository,
    );
    const owner = ownerOf(row, names, context);
    if (owner === 'another') return [];
    return {
      id: incidentIdOf(repository.repoKey, row.number),
      service: owner === 'this' ? context.service : undefined,
      number: row.number,
      title: line(row.title, 500),
      url: webLink(row.url),
      startedAt: row.labelledAt ?? row.openedAt,
      resolvedAt: row.closedAt,
      names,
    };
  });
}

type Names = IncidentFact['names'];

/** Runs and deployments are kept by number and host; a text has only the number. */
function withKeys(names: Names, { repoKey }: RepositoryRow): Names {
  if (!names) return undefined;
  const host = repoKey.slice(0, repoKey.indexOf('/'));
  const both = (ids: string[] | undefined) =>
    ids && [...new Set(ids.flatMap(id => [id, `${host}.${id}`]))];
  return {
    ...names,
    runIds: both(names.runIds),
    deploymentIds: both(names.deploymentIds),
  };
}

function ownerOf(
  { labels }: IncidentRow,
  names: Names,
  { service, services, deployments }: IncidentContext,
): 'this' | 'another' | undefined {
  if (services.every(ref => ref === service)) return 'this';
  const labelled = services.filter(ref => isLabelled(labels, ref));
  if (labelled.length > 0) {
    return labelled.includes(service) ? 'this' : 'another';
  }
  return isNamed(names, deployments) ? 'this' : undefined;
}

/** `api`, `service:api`, `component:default/api`, with or without `service:` before it. */
function isLabelled(labels: string[], ref: string): boolean {
  const whole = ref.toLowerCase();
  const name = whole.slice(whole.indexOf('/') + 1);
  return labels.some(label => {
    const text = label
      .trim()
      .toLowerCase()
      .replace(/^service:\s*/, '');
    return text === name || text === whole;
  });
}

function isNamed(names: Names, deployments: DeploymentSource[]): boolean {
  const { shas = [], runIds = [], deploymentIds = [] } = names ?? {};
  return deployments.some(
    ({ id, sha, run }) =>
      shas.some(short => sha?.startsWith(short.toLowerCase())) ||
      (run !== undefined && runIds.includes(run.id)) ||
      deploymentIds.includes(id),
  );
}
