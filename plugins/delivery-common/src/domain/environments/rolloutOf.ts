import type { Rollout } from '../../contract';
import type {
  RevisionPart,
  RuntimeDeploymentFact,
  RuntimeServiceFact,
} from '../../runtime';
import { MIN_SAMPLES, medianOf } from '../durations';
import type { RuntimeState } from './facts';
import { currentFact, isMovingService } from './isMovingService';
import { isMovingStatus, type Revisions } from './RuntimeSteps';
import { plain, plainOrNone } from './vendorText';

/** Earlier successes that an expectation stands on, at most. */
const SAMPLES = 20;
/** Names of alarms that are told. */
const MAX_ALARMS = 20;

type Part = NonNullable<Rollout['new']>;

/** How the runtime replaces one revision by another; undefined when the last time succeeded and nothing moves. */
export function rolloutOf(
  runtime: RuntimeState,
  revisions: Revisions,
  now: number,
): Rollout | undefined {
  const { service, deployments } = runtime;
  if (!service) return undefined;
  const current = currentFact(service, deployments);
  if (current) {
    return current.status === 'succeeded'
      ? undefined
      : ofDeployment(service, current, deployments, revisions, now);
  }
  return isMovingService(service, deployments)
    ? ofCounts(service, revisions)
    : undefined;
}

function ofDeployment(
  service: RuntimeServiceFact,
  fact: RuntimeDeploymentFact,
  deployments: RuntimeDeploymentFact[],
  revisions: Revisions,
  now: number,
): Rollout {
  const { circuitBreaker: breaker, alarms, target, sources } = fact;
  const moving = isMovingStatus(fact.status);
  const hook = fact.hooks.find(
    ({ state }) => state.toUpperCase() === 'AWAITING_ACTION',
  );
  const fresh = target && partOf([target], revisions);
  const old = sources.length > 0 ? partOf(sources, revisions) : undefined;
  const complement =
    old && old.traffic === undefined && fresh?.traffic !== undefined
      ? { ...old, traffic: 100 - fresh.traffic }
      : old;
  return {
    strategy: service.strategy,
    status: fact.status,
    rawStatus: plain(fact.rawStatus, 60),
    stage: plainOrNone(fact.stage, 60),
    reason: plainOrNone(
      fact.rollback?.reason ?? fact.statusReason ?? primaryOf(service)?.reason,
      300,
    ),
    startedAt: fact.startedAt ?? fact.createdAt,
    endedAt: moving ? undefined : fact.finishedAt ?? fact.stoppedAt,
    expectedAt: expected(fact, deployments, now),
    ...{ new: fresh, old: complement },
    failedTasks: failedTasks(service, fact),
    circuitBreaker:
      breaker && breaker.state !== 'disabled'
        ? {
            state: breaker.state,
            failures: breaker.failures,
            threshold: breaker.threshold,
          }
        : undefined,
    alarms:
      alarms && alarms.names.length > 0
        ? { names: namesOf(alarms.names), triggered: namesOf(alarms.triggered) }
        : undefined,
    paused:
      moving && hook
        ? { stage: plainOrNone(hook.stage, 60), expiresAt: hook.expiresAt }
        : undefined,
  };
}

function namesOf(names: string[]): string[] {
  return names.slice(0, MAX_ALARMS).map(name => plain(name, 120));
}

function partOf(parts: RevisionPart[], revisions: Revisions): Part {
  const sum = (of: (part: RevisionPart) => number | undefined) => {
    const told = parts.map(of).filter(value => value !== undefined);
    return told.length > 0 ? told.reduce((a, b) => a + b, 0) : undefined;
  };
  const main = [...parts].sort(
    (a, b) =>
      (b.productionTraffic ?? 0) - (a.productionTraffic ?? 0) ||
      b.running - a.running ||
      b.requested - a.requested,
  )[0];
  return {
    commit: revisions.of(main.revisionKey).commit,
    requested: sum(part => part.requested) ?? 0,
    running: sum(part => part.running) ?? 0,
    pending: sum(part => part.pending) ?? 0,
    testTraffic: sum(part => part.testTraffic),
    traffic: sum(part => part.productionTraffic),
  };
}

function primaryOf(service: RuntimeServiceFact) {
  return service.deployments.find(item => item.role === 'primary');
}

/** Number at the end of a revision's ARN, which ids of deployments share (`ecs-svc/<number>`). */
export function numberOf(key: string | undefined): string | undefined {
  return /\/(\d+)$/.exec(key ?? '')?.[1];
}

function failedTasks(service: RuntimeServiceFact, fact: RuntimeDeploymentFact) {
  const number = numberOf(fact.target?.revisionKey);
  const own =
    service.deployments.find(
      ({ id }) => number !== undefined && numberOf(id) === number,
    ) ?? (fact.status === 'in_progress' ? primaryOf(service) : undefined);
  return Math.max(own?.failedTasks ?? 0, fact.circuitBreaker?.failures ?? 0);
}

/** A start added to what earlier successes of the same kind took; none in the past, and none for what waits for a person. */
function expected(
  fact: RuntimeDeploymentFact,
  deployments: RuntimeDeploymentFact[],
  now: number,
): number | undefined {
  if (fact.status !== 'in_progress' && fact.status !== 'pending')
    return undefined;
  const durations = deployments
    .filter(
      item =>
        item.deploymentKey !== fact.deploymentKey &&
        item.status === 'succeeded' &&
        item.createdAt < fact.createdAt &&
        shiftsTraffic(item) === shiftsTraffic(fact),
    )
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(0, SAMPLES)
    .flatMap(item =>
      item.finishedAt === undefined
        ? []
        : [item.finishedAt - (item.startedAt ?? item.createdAt)],
    )
    .filter(duration => duration >= 0);
  const median =
    durations.length < MIN_SAMPLES ? undefined : medianOf(durations);
  if (median === undefined) return undefined;
  const at = Math.round((fact.startedAt ?? fact.createdAt) + median);
  return at > now ? at : undefined;
}

/** Deployments do not say their strategy; those that shift traffic are told with its share. */
function shiftsTraffic({ target, sources }: RuntimeDeploymentFact): boolean {
  return [target, ...sources].some(
    part => part?.productionTraffic !== undefined,
  );
}

/** Where the runtime tells no deployment of its own: as far as the service's counts say. */
function ofCounts(service: RuntimeServiceFact, revisions: Revisions): Rollout {
  const primary = primaryOf(service);
  const older = service.deployments.filter(item => item.role === 'active');
  const part = (items: RuntimeServiceFact['deployments']): Part => {
    const arn = items.at(0)?.taskDefinition;
    const sum = (of: (item: (typeof items)[number]) => number) =>
      items.reduce((all, item) => all + of(item), 0);
    return {
      commit: arn ? revisions.ofTaskDefinition(arn).commit : undefined,
      requested: sum(item => item.desired),
      running: sum(item => item.running),
      pending: sum(item => item.pending),
    };
  };
  return {
    strategy: service.strategy,
    status: 'in_progress',
    rawStatus: primary?.rollout ?? 'in_progress',
    reason: plainOrNone(primary?.reason, 300),
    startedAt: primary?.createdAt,
    new: primary && part([primary]),
    old: older.length > 0 ? part(older) : undefined,
    failedTasks: primary?.failedTasks ?? 0,
  };
}
