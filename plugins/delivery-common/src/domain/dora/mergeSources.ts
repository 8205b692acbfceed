import type { DoraSettings, ExclusionReason } from '../../contract';
import { canonical, compareText } from '../canonical';
import { plain } from '../environments/vendorText';
import type { DeploymentSource, Instant } from './facts';
import type { DoraDeployment, Excluded } from './linked';
import { toDeployment } from './mergeSourcesBuild';
import { joinSources } from './mergeSourcesJoin';
import { joinWaves } from './mergeSourcesWaves';
import { momentOf } from './verdicts';

const ENDED = new Set<string>([
  ...['succeeded', 'failed', 'timed_out', 'startup_failure', 'rolled_back'],
  ...['cancelled', 'superseded', 'skipped'],
]);

/**
 * Deployments of production, each once, made of everything that was told of them (reference 1.3). The order of the sources plays no part,
 * nor does what is told twice.
 *
 * What was tried and did not get there (cancelled, failed before production, going on …) is a deployment as well; `excluded` is what makes
 * none: of no production environment, skipped, or not to be believed.
 *
 * @returns sorted by finish (or start, or creation), then id; `kind` is `unknown`, nothing is judged
 */
export function mergeSources(
  sources: DeploymentSource[],
  options: { settings: DoraSettings; asOf: Instant },
): { deployments: DoraDeployment[]; excluded: Excluded[] } {
  const { settings, asOf } = options;
  const excluded: Excluded[] = [];
  const told = distinct(sources, excluded);
  const places = groupPlaces(told);
  const usable = told.flatMap(source => {
    const placed = inPlace(source, places);
    const why = whyNot(placed, asOf);
    if (!why) return placed;
    excluded.push(leftOut(source, ...why));
    return [];
  });
  const deployments: DoraDeployment[] = [];
  for (const cluster of joinSources(usable, {
    overlapMs: settings.overlapMs,
    asOf,
  })) {
    const made = toDeployment(cluster);
    if (made) deployments.push(made);
    else {
      for (const source of cluster.sources) {
        excluded.push(leftOut(source, 'skipped'));
      }
    }
  }
  const joined = settings.perEnvironment
    ? deployments
    : joinWaves(deployments, settings.overlapMs);
  return {
    deployments: withOwnIds(joined.sort(byMoment)),
    excluded: excluded.sort(byText),
  };
}

/** Order of deployments: by finish (or start, or creation), then id. */
export function byMoment(a: DoraDeployment, b: DoraDeployment): number {
  return (
    (momentOf(a) ?? 0) - (momentOf(b) ?? 0) ||
    compareText(a.id, b.id) ||
    compareText(a.service, b.service) ||
    compareText(canonical(a), canonical(b))
  );
}

/** Order of what is left out. */
export function byText(a: Excluded, b: Excluded): number {
  return (
    (a.at ?? 0) - (b.at ?? 0) ||
    compareText(a.id, b.id) ||
    compareText(canonical(a), canonical(b))
  );
}

/** Each natural id once, in order; of several tellings what came to an end goes first, then what ended first. */
function distinct(
  sources: DeploymentSource[],
  excluded: Excluded[],
): DeploymentSource[] {
  const sorted = sources
    .map(source => ({ source, text: canonical(source) }))
    .sort(
      (a, b) =>
        timeOf(a.source) - timeOf(b.source) ||
        Number(ENDED.has(b.source.status)) -
          Number(ENDED.has(a.source.status)) ||
        compareText(a.text, b.text),
    );
  const ended = sorted.filter(({ source }) => ENDED.has(source.status));
  const first = new Map<string, string>();
  for (const { source, text } of [...ended, ...sorted]) {
    const name = nameOf(source);
    if (!first.has(name)) first.set(name, text);
  }
  const taken = new Set<string>();
  return sorted.flatMap(({ source, text }) => {
    const name = nameOf(source);
    if (taken.has(text)) return [];
    taken.add(text);
    if (first.get(name) === text) return source;
    excluded.push(
      leftOut(source, 'duplicate', 'told again with other content'),
    );
    return [];
  });
}

function nameOf(source: DeploymentSource): string {
  const { service, id, environment, run } = source;
  return canonical([service, source.source, id, environment, run?.attempt]);
}

function timeOf(source: DeploymentSource): number {
  const at = source.finishedAt ?? source.startedAt ?? source.createdAt ?? 0;
  return Number.isFinite(at) ? at : 0;
}

type Place = Pick<DeploymentSource, 'environment' | 'tier'>;

/** Where the members of a group happened, for those that do not say so themselves. */
function groupPlaces(sources: DeploymentSource[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const { service, group, environment, tier } of sources) {
    if (group === undefined || !environment || tier !== 'production') continue;
    const name = canonical([service, group]);
    if (!places.has(name)) places.set(name, { environment, tier });
  }
  return places;
}

function inPlace(
  source: DeploymentSource,
  places: Map<string, Place>,
): DeploymentSource {
  const { service, group, environment } = source;
  if (group === undefined || environment) return source;
  return { ...source, ...places.get(canonical([service, group])) };
}

function whyNot(
  source: DeploymentSource,
  asOf: Instant,
): [ExclusionReason, string?] | undefined {
  const { environment, tier, createdAt, startedAt, finishedAt } = source;
  const times = [createdAt, startedAt, finishedAt].filter(
    at => at !== undefined,
  );
  if (!source.id || !source.service) {
    return ['malformed', 'id or service is missing'];
  }
  if (!times.every(Number.isFinite)) {
    return ['malformed', 'a time is not a number'];
  }
  if (!environment?.trim()) return ['no_environment'];
  if (tier !== 'production') {
    const name = `environment "${plain(environment, 60)}"`;
    return [
      'not_production',
      tier === undefined ? `${name} of unknown tier` : `${name} (${tier})`,
    ];
  }
  if (times.some(at => at > asOf)) {
    return ['future', 'later than the moment the facts were read'];
  }
  const begun = startedAt ?? createdAt;
  return begun !== undefined && finishedAt !== undefined && finishedAt < begun
    ? ['negative_span', 'finished before it began']
    : undefined;
}

function leftOut(
  source: DeploymentSource,
  reason: ExclusionReason,
  detail?: string,
): Excluded {
  const at = source.finishedAt ?? source.startedAt ?? source.createdAt;
  const url = source.url ?? source.run?.url;
  return {
    ...{ what: 'deployment', id: source.id, service: source.service, reason },
    ...(at !== undefined && Number.isFinite(at) && { at }),
    ...(detail !== undefined && { detail }),
    ...(source.title !== undefined && { title: source.title }),
    ...(url !== undefined && { url }),
  };
}

/** Two tellers may use the same id for different things. */
function withOwnIds(deployments: DoraDeployment[]): DoraDeployment[] {
  const seen = new Map<string, number>();
  return deployments.map(deployment => {
    const name = canonical([deployment.service, deployment.id]);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1
      ? deployment
      : { ...deployment, id: `${deployment.id}~${count}` };
  });
}
