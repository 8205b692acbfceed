import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import { attributeChanges } from './attributeChanges';
import type { DoraFacts, IncidentFact, OverrideFact } from './facts';
import { type History, makeHistory } from './history';
import { judge } from './judge';
import type {
  DoraChange,
  DoraDeployment,
  Excluded,
  LinkedFacts,
} from './linked';
import { byMoment, byText, mergeSources } from './mergeSources';
import { tellKinds } from './tellKinds';
import { momentOf } from './verdicts';

/**
 * Puts facts together and judges them: what was deployed, what each deployment brought, what failed and what was over when. Each service by
 * itself; the order of the facts plays no part, nor does what is told twice. Never throws for what facts say: what is not counted is in
 * `excluded`, or says so itself (`verdictsOf`, `changeVerdictsOf`).
 */
export function linkFacts(
  facts: DoraFacts,
  settings: DoraSettings,
): LinkedFacts {
  const { asOf, services, commits, changes } = facts;
  const history = makeHistory(commits, facts.spans);
  const merged = mergeSources(facts.deployments, { settings, asOf });
  const { begun, setUps } = withoutSetUps(merged.deployments);
  const { kept, early } = sinceRead(begun, facts);
  const attributed = attributeChanges({
    deployments: tellKinds(kept, history, settings),
    ...{ changes, commits, history, services, settings, asOf },
  });
  const judged = judgeEach(attributed, facts, { history, settings });
  return {
    asOf,
    deployments: judged.deployments.sort(byMoment),
    changes: judged.changes,
    incidents: judged.incidents.sort(
      (a, b) =>
        (a.startedAt ?? 0) - (b.startedAt ?? 0) ||
        compareText(a.id, b.id) ||
        compareText(a.service ?? '', b.service ?? ''),
    ),
    excluded: [
      ...merged.excluded,
      ...setUps,
      ...early,
      ...attributed.excluded,
      ...judged.excluded,
    ].sort(byText),
  };
}

/** Nothing but a runtime tells of it, and not even which commit it was. */
const isNameless = ({ sha, run, sources }: DoraDeployment) =>
  sha === undefined &&
  run === undefined &&
  sources.every(({ source }) => source === 'runtime_deployment');

/** What a runtime began with when its service was made: nobody has deployed anything yet. */
function withoutSetUps(deployments: DoraDeployment[]) {
  const seen = new Set<string>();
  const setUps = new Set<DoraDeployment>();
  for (const deployment of [...deployments].sort(byMoment)) {
    const place = `${deployment.service}\0${deployment.environment}`;
    if (!seen.has(place) && isNameless(deployment)) setUps.add(deployment);
    seen.add(place);
  }
  return {
    begun: deployments.filter(deployment => !setUps.has(deployment)),
    setUps: [...setUps].map(each => leftOut(each, 'set_up')),
  };
}

function leftOut(
  deployment: DoraDeployment,
  reason: Excluded['reason'],
): Excluded {
  const { id, service, title, url } = deployment;
  return {
    ...{ what: 'deployment', id, service, reason },
    at: momentOf(deployment),
    ...(title !== undefined && { title }),
    ...(url !== undefined && { url }),
  };
}

/** Before a service was read whatever is known of it is known in part only. */
function sinceRead(deployments: DoraDeployment[], { services }: DoraFacts) {
  const since = new Map<string, number>();
  for (const { service, dataSince } of services) {
    if (dataSince === undefined || !Number.isFinite(dataSince)) continue;
    since.set(service, Math.max(dataSince, since.get(service) ?? dataSince));
  }
  const isEarly = (deployment: DoraDeployment) =>
    (momentOf(deployment) ?? Infinity) <
    (since.get(deployment.service) ?? -Infinity);
  return {
    kept: deployments.filter(deployment => !isEarly(deployment)),
    early: deployments
      .filter(isEarly)
      .map(deployment => leftOut(deployment, 'before_data')),
  };
}

/** A person may name it by any of its sources. */
function namesOfDeployment({ id, sources }: DoraDeployment): string[] {
  return [id, ...sources.map(source => source.id)];
}

/** Services are judged apart, as ids are their own; last what is of none. */
function judgeEach(
  {
    deployments,
    changes,
  }: {
    deployments: DoraDeployment[];
    changes: DoraChange[];
  },
  { incidents, overrides, asOf }: DoraFacts,
  context: { history: History; settings: DoraSettings },
): Omit<LinkedFacts, 'asOf'> {
  const ids = new Set(deployments.flatMap(namesOfDeployment));
  const strangers = overrides.filter(each => !ids.has(each.deploymentId));
  const all = new Map<string, ReturnType<typeof partOf>>();
  const part = (service: string | undefined) => {
    const name = service ?? '';
    const known = all.get(name) ?? partOf();
    all.set(name, known);
    return known;
  };
  for (const deployment of deployments) {
    part(deployment.service).deployments.push(deployment);
  }
  for (const change of changes) part(change.service).changes.push(change);
  for (const incident of incidents) {
    part(incident.service).incidents.push(incident);
  }
  if (strangers.length > 0) part(undefined).overrides.push(...strangers);
  const results = [...all]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, each]) => {
      const own = new Set(each.deployments.flatMap(namesOfDeployment));
      const words = overrides.filter(word => own.has(word.deploymentId));
      return judge({
        ...{ ...each, asOf, ...context },
        overrides: [...each.overrides, ...words],
      });
    });
  return {
    deployments: results.flatMap(result => result.deployments),
    changes: results.flatMap(result => result.changes),
    incidents: results.flatMap(result => result.incidents),
    excluded: results.flatMap(result => result.excluded),
  };
}

function partOf() {
  return {
    deployments: [] as DoraDeployment[],
    changes: [] as DoraChange[],
    incidents: [] as IncidentFact[],
    overrides: [] as OverrideFact[],
  };
}
