import type { DoraSettings } from '../../contract';
import { canonical, compareText } from '../canonical';
import { plain } from '../environments/vendorText';
import { Suspects } from './evidenceSuspects';
import { isTime, isWithin } from './evidenceTimes';
import type { IncidentFact } from './facts';
import type {
  DoraChange,
  DoraDeployment,
  DoraIncident,
  Excluded,
} from './linked';

type Timed = IncidentFact & { service: string; startedAt: number };

/**
 * Says which deployment each incident is a failure of: the one it names (E4), otherwise the last one of the same service that users had
 * when it began, unless that is longer ago than `windows.incidentMs` (E7). One incident belongs to one deployment at most.
 *
 * @returns incidents with a service and a time, sorted by start; those without a deployment are in `excluded` as well, with the reason
 */
export function matchIncidents(input: {
  deployments: DoraDeployment[];
  changes: DoraChange[];
  incidents: IncidentFact[];
  settings: DoraSettings;
  /** Epoch milliseconds; what began later is not believed. */
  asOf: number;
}): { incidents: DoraIncident[]; excluded: Excluded[] } {
  const { settings, asOf } = input;
  const excluded: Excluded[] = [];
  const usable = usableOf(input.incidents, asOf, excluded);
  const suspects = new Map<string, Suspects>();
  for (const service of new Set(usable.map(each => each.service))) {
    suspects.set(
      service,
      new Suspects({
        deployments: input.deployments.filter(d => d.service === service),
        changes: input.changes.filter(c => c.service === service),
        settings,
      }),
    );
  }
  const incidents = usable.map(incident => {
    const match = matchOf(incident, suspects.get(incident.service)!, settings);
    if ('reason' in match) {
      excluded.push(leftOut(incident, match.reason, match.detail));
      return withSpan(incident);
    }
    return { ...withSpan(incident), ...match };
  });
  return { incidents, excluded };
}

function matchOf(
  incident: Timed,
  suspects: Suspects,
  settings: DoraSettings,
):
  | Pick<DoraIncident, 'deploymentId' | 'how'>
  | Pick<Excluded, 'reason' | 'detail'> {
  const { startedAt, names = {} } = incident;
  const named = suspects.named(names, startedAt);
  if (named) return { deploymentId: named.id, how: 'named' };
  const detail = namedInVain(names);
  const last = suspects.before(startedAt);
  if (!last) return { reason: 'no_deployment_before', detail };
  return isWithin(last.at, startedAt, settings.windows.incidentMs)
    ? { deploymentId: last.deployment.id, how: 'by_time' }
    : { reason: 'too_long_after', detail };
}

/** What an incident named although nothing before it is called so. */
function namedInVain(
  names: NonNullable<IncidentFact['names']>,
): string | undefined {
  const all = [
    ...(names.shas ?? []),
    ...(names.numbers ?? []).map(number => `#${number}`),
    ...(names.runIds ?? []).map(id => `run ${id}`),
    ...(names.deploymentIds ?? []).map(id => `deployment ${id}`),
  ];
  if (all.length === 0) return undefined;
  return `names ${plain(
    all.slice(0, 5).join(', '),
    120,
  )}, which no deployment before it brought`;
}

/** Each incident once, with what must be known of it; the others go to `excluded`. */
function usableOf(
  facts: IncidentFact[],
  asOf: number,
  excluded: Excluded[],
): Timed[] {
  const kept = new Set<string>();
  const usable: Timed[] = [];
  for (const fact of [...facts].sort(byWorth)) {
    const key = JSON.stringify([fact.service ?? null, fact.id]);
    if (kept.has(key)) {
      excluded.push(leftOut(fact, 'duplicate'));
      continue;
    }
    kept.add(key);
    const { service, startedAt } = fact;
    if (!service) excluded.push(leftOut(fact, 'no_service'));
    else if (!isTime(startedAt)) excluded.push(leftOut(fact, 'no_time'));
    else if (startedAt > asOf) excluded.push(leftOut(fact, 'future'));
    else {
      usable.push(believed({ ...fact, service, startedAt }, asOf, excluded));
    }
  }
  return usable.sort(
    (a, b) =>
      a.startedAt - b.startedAt ||
      compareText(a.id, b.id) ||
      compareText(a.service, b.service),
  );
}

/** Without an end that cannot be: then it is open as far as anybody knows. */
function believed(incident: Timed, asOf: number, excluded: Excluded[]): Timed {
  const { resolvedAt, ...open } = incident;
  if (!isTime(resolvedAt)) return open;
  if (resolvedAt < incident.startedAt) {
    const detail = 'its end lies before its beginning, so it counts as open';
    excluded.push(leftOut(incident, 'negative_span', detail));
    return open;
  }
  if (resolvedAt > asOf) {
    const detail = 'its end lies in the future, so it counts as open';
    excluded.push(leftOut(incident, 'future', detail));
    return open;
  }
  return incident;
}

/** Of rows with one id the first is taken: the one with a time, with an end, with the earliest start; never the one that came first. */
function byWorth(a: IncidentFact, b: IncidentFact): number {
  return (
    compareText(a.id, b.id) ||
    Number(isTime(b.startedAt)) - Number(isTime(a.startedAt)) ||
    Number(isTime(b.resolvedAt)) - Number(isTime(a.resolvedAt)) ||
    (a.startedAt ?? 0) - (b.startedAt ?? 0) ||
    compareText(canonical(a), canonical(b))
  );
}

function withSpan(incident: Timed): DoraIncident {
  const { resolvedAt, startedAt } = incident;
  return {
    ...incident,
    ...(isTime(resolvedAt) && { openMs: resolvedAt - startedAt }),
  };
}

function leftOut(
  incident: IncidentFact,
  reason: Excluded['reason'],
  detail?: string,
): Excluded {
  const { id, service, startedAt, title, url } = incident;
  return {
    what: 'incident',
    id,
    ...(service && { service }),
    ...(isTime(startedAt) && { at: startedAt }),
    reason,
    ...(detail && { detail }),
    ...(title && { title }),
    ...(url && { url }),
  };
}
