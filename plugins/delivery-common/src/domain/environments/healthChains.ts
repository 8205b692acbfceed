import type { HealthChain } from '../../contract';
import type {
  RevisionPart,
  RuntimeDeploymentFact,
  RuntimeHealth,
  RuntimeTask,
} from '../../runtime';
import type { Boundary, ChainInput, ChainPart } from './chainParts';
import type { EnvironmentView, RuntimeState } from './facts';
import { currentFact, isMovingService } from './isMovingService';
import { numberOf } from './rolloutOf';
import { serviceBoundary } from './serviceBoundary';
import {
  balancerBoundary,
  queueBoundary,
  targetBoundary,
} from './targetBoundaries';
import { containerBoundary, taskBoundary } from './taskBoundaries';

/** What chains are derived from. */
export interface HealthChainsInput {
  runtime: RuntimeState;
  /** Absent: only what is read regularly is known. */
  health?: RuntimeHealth;
  view: EnvironmentView;
  now: number;
}

/**
 * From the container to the balancer, or to the queue of a worker: the first red boundary is explained, what lies behind it is not
 * reached. While a rollout moves there are two chains, the new one first.
 */
export function healthChains(input: HealthChainsInput): HealthChain[] {
  const { runtime, health } = input;
  const { service } = runtime;
  if (!service) return [];
  const moving = isMovingService(service, runtime.deployments);
  return partsOf(input, moving).map(part => ({
    ...{ role: part.role, commit: part.commit, traffic: part.traffic },
    boundaries: boundariesOf({
      ...{ part, moving, health },
      runtime: { ...runtime, service },
    }),
  }));
}

function boundariesOf(input: ChainInput): Boundary[] {
  const isWorker = input.runtime.service.targetGroups.length === 0;
  const all = [
    containerBoundary(input),
    taskBoundary(input),
    serviceBoundary(input),
    targetBoundary(input),
    balancerBoundary(input),
    ...(isWorker ? [queueBoundary(input)] : []),
  ];
  const red = all.findIndex(({ state }) => state === 'unhealthy');
  return red < 0
    ? all
    : all.map((item, i) =>
        i <= red || item.state === 'absent'
          ? item
          : {
              ...{ boundary: item.boundary, state: 'not_reached' },
              ...{ summary: 'Not reached', facts: item.facts },
            },
      );
}

function partsOf(
  { runtime, health, view: { environment } }: HealthChainsInput,
  moving: boolean,
): ChainPart[] {
  const { service, deployments } = runtime;
  if (!service) return [];
  const tasks = health?.tasks ?? runtime.tasks?.tasks ?? [];
  const stopped = health?.stopped ?? [];
  const fact = currentFact(service, deployments);
  const { rollout } = environment;
  if (!moving || !fact?.target) {
    return [
      {
        ...{ role: 'current', commit: environment.commit },
        ...{ wanted: service.desired, taskDefinition: service.taskDefinition },
        ...{ tasks, stopped },
        targetGroups: groupsOf(
          runtime,
          currentRevisions(service.revisions, fact),
        ),
      },
    ];
  }
  const isNew = belongsTo(runtime, fact.target, fact);
  const fresh: ChainPart = {
    ...{ role: 'new', commit: rollout?.new?.commit },
    traffic: rollout?.new?.traffic,
    wanted: fact.target.requested,
    taskDefinition: definitionOf(runtime, fact.target),
    ...{ tasks: tasks.filter(isNew), stopped: stopped.filter(isNew) },
    targetGroups: groupsOf(runtime, [fact.target]),
  };
  if (fact.sources.length === 0) return [fresh];
  return [
    fresh,
    {
      ...{ role: 'old', commit: rollout?.old?.commit },
      traffic: rollout?.old?.traffic,
      // ECS takes old tasks away as it goes: those that are there are those that are wanted.
      wanted: fact.sources.reduce((sum, part) => sum + part.requested, 0),
      taskDefinition: definitionOf(runtime, fact.sources[0]),
      tasks: tasks.filter(task => !isNew(task)),
      stopped: stopped.filter(task => !isNew(task)),
      targetGroups: groupsOf(runtime, fact.sources),
    },
  ];
}

function currentRevisions(
  revisions: RevisionPart[],
  fact: RuntimeDeploymentFact | undefined,
): RevisionPart[] {
  const running = revisions.filter(part => part.running > 0);
  if (running.length > 0) return running;
  return fact?.status === 'succeeded' && fact.target ? [fact.target] : [];
}

function groupsOf(
  { revisions }: RuntimeState,
  parts: RevisionPart[],
): string[] {
  return parts.flatMap(
    part => revisions.get(part.revisionKey)?.targetGroups ?? [],
  );
}

function definitionOf({ revisions }: RuntimeState, part: RevisionPart) {
  return revisions.get(part.revisionKey)?.taskDefinition;
}

/** Tasks say which deployment started them, by the number of the revision; where they do not, the task definition tells. */
function belongsTo(
  runtime: RuntimeState,
  target: RevisionPart,
  { sources }: RuntimeDeploymentFact,
): (task: RuntimeTask) => boolean {
  const own = numberOf(target.revisionKey);
  const others = new Set(
    sources.flatMap(part => numberOf(part.revisionKey) ?? []),
  );
  const definition = definitionOf(runtime, target);
  return ({ startedBy, taskDefinition }) => {
    const number = numberOf(startedBy);
    if (number !== undefined && number === own) return true;
    if (number !== undefined && others.has(number)) return false;
    return definition !== undefined && taskDefinition === definition;
  };
}
