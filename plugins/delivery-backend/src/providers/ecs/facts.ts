import {
  runtimeKeyOf,
  type ClusterScope,
  type RevisionPart,
  type RolloutStatus,
  type RuntimeDeploymentFact,
  type RuntimeRevisionFact,
  type RuntimeScope,
  type RuntimeServiceFact,
  type Strategy,
} from 'backstage-plugin-delivery-common';
import { runtimeKeyOfArn, serviceRef } from './places';
import type {
  RawDeployment,
  RawLoadBalancers,
  RawRevision,
  RawRevisionSummary,
  RawService,
} from './schema';

/** AWS's word in ours; a word that is not in the list is `unknown`. */
export function wordIn<T extends string>(
  words: Record<string, T>,
  raw: string | undefined,
): T | 'unknown' {
  return raw !== undefined && Object.hasOwn(words, raw)
    ? words[raw]
    : 'unknown';
}

const SERVICE_STATUS = {
  ACTIVE: 'active',
  DRAINING: 'draining',
  INACTIVE: 'inactive',
} as const;
const CONTROLLER = {
  ECS: 'ecs',
  CODE_DEPLOY: 'code_deploy',
  EXTERNAL: 'external',
} as const;
const STRATEGY = {
  ROLLING: 'rolling',
  BLUE_GREEN: 'blue_green',
  CANARY: 'canary',
  LINEAR: 'linear',
} as const;
const ROLE = {
  PRIMARY: 'primary',
  ACTIVE: 'active',
  INACTIVE: 'inactive',
  // A task set on its way out.
  DRAINING: 'inactive',
} as const;
const ROLLOUT_STATE = {
  IN_PROGRESS: 'in_progress',
  COMPLETED: 'completed',
  FAILED: 'failed',
} as const;
const ROLLOUT_STATUS: Record<string, RolloutStatus> = {
  PENDING: 'pending',
  IN_PROGRESS: 'in_progress',
  SUCCESSFUL: 'succeeded',
  STOP_REQUESTED: 'stopping',
  STOPPED: 'stopped',
  ROLLBACK_REQUESTED: 'rolling_back',
  ROLLBACK_IN_PROGRESS: 'rolling_back',
  ROLLBACK_SUCCESSFUL: 'rolled_back',
  ROLLBACK_FAILED: 'rollback_failed',
};
const MONITOR = {
  DISABLED: 'disabled',
  MONITORING: 'monitoring',
  MONITORING_COMPLETE: 'complete',
  TRIGGERED: 'triggered',
} as const;
/** States of a hook that still holds the deployment. */
const HOLDING = ['AWAITING_ACTION', 'IN_PROGRESS'];
const EVENTS = 10;

function unique<T>(items: T[]): T[] {
  return [...new Set(items)];
}

function targetGroupsOf(balancers: RawLoadBalancers): string[] {
  return unique(
    balancers
      .flatMap(({ targetGroupArn, advancedConfiguration: advanced }) => [
        targetGroupArn,
        advanced?.alternateTargetGroupArn,
      ])
      .filter(arn => arn !== undefined),
  );
}

/** Services that name no strategy are older than strategies: their controller decides. */
function strategyOf(
  raw: string | undefined,
  controller: RuntimeServiceFact['controller'],
): Strategy {
  if (raw !== undefined) return wordIn(STRATEGY, raw);
  if (controller === 'ecs') return 'rolling';
  return controller === 'code_deploy' ? 'blue_green' : 'unknown';
}

function partsOf(raw: RawService): RuntimeServiceFact['deployments'] {
  const deployments = raw.deployments.map(one => ({
    id: one.id,
    role: wordIn(ROLE, one.status),
    taskDefinition: one.taskDefinition,
    desired: one.desiredCount,
    running: one.runningCount,
    pending: one.pendingCount,
    failedTasks: one.failedTasks,
    rollout:
      one.rolloutState === undefined
        ? undefined
        : wordIn(ROLLOUT_STATE, one.rolloutState),
    reason: one.rolloutStateReason,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
  }));
  // Services of other controllers have task sets instead.
  const sets = raw.taskSets.map(one => ({
    id: one.id,
    role: wordIn(ROLE, one.status),
    taskDefinition: one.taskDefinition,
    desired: one.computedDesiredCount,
    running: one.runningCount,
    pending: one.pendingCount,
    failedTasks: 0,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
  }));
  return deployments.length > 0 ? deployments : sets;
}

/** A service, by the name it was asked by. */
export function serviceFact(
  raw: RawService,
  cluster: ClusterScope,
): RuntimeServiceFact {
  const configuration = raw.deploymentConfiguration;
  const type = raw.deploymentController?.type;
  const controller = type === undefined ? 'ecs' : wordIn(CONTROLLER, type);
  const deployments = partsOf(raw);
  const balancers = [
    ...raw.loadBalancers,
    ...raw.taskSets.flatMap(({ loadBalancers }) => loadBalancers),
  ];
  const productionRules = unique(
    balancers.flatMap(
      ({ advancedConfiguration: advanced }) =>
        advanced?.productionListenerRule ?? [],
    ),
  );
  const alarms = configuration?.alarms;
  const breaker = configuration?.deploymentCircuitBreaker;
  return {
    kind: 'runtimeService',
    runtimeKey: runtimeKeyOf(serviceRef(cluster, raw.serviceName)),
    arn: raw.serviceArn,
    status: wordIn(SERVICE_STATUS, raw.status),
    rawStatus: raw.status ?? '',
    controller,
    strategy: strategyOf(configuration?.strategy, controller),
    desired: raw.desiredCount,
    running: raw.runningCount,
    pending: raw.pendingCount,
    taskDefinition:
      raw.taskDefinition ??
      deployments.find(({ role }) => role === 'primary')?.taskDefinition,
    currentDeployment: raw.currentServiceDeployment,
    revisions: raw.currentServiceRevisions.map(revisionPart),
    deployments,
    targetGroups: targetGroupsOf(balancers),
    ...(productionRules.length > 0 && { productionRules }),
    alarmNames: alarms?.enable === false ? [] : alarms?.alarmNames ?? [],
    circuitBreaker: breaker && {
      enabled: breaker.enable,
      rollback: breaker.rollback ?? false,
    },
    tags: raw.tags,
    events: raw.events
      .map(({ id, createdAt, message }) => ({ id, at: createdAt, message }))
      .sort((a, b) => b.at - a.at)
      .slice(0, EVENTS),
  };
}

function revisionPart(
  raw: Omit<RawRevisionSummary, `${string}Weight`> &
    Partial<RawRevisionSummary>,
): RevisionPart {
  return {
    revisionKey: raw.arn,
    requested: raw.requestedTaskCount,
    running: raw.runningTaskCount,
    pending: raw.pendingTaskCount,
    testTraffic: raw.requestedTestTrafficWeight,
    productionTraffic: raw.requestedProductionTrafficWeight,
  };
}

/** A deployment; undefined when it is of a service of another place. */
export function deploymentFact(
  raw: RawDeployment,
  scope: RuntimeScope,
): RuntimeDeploymentFact | undefined {
  const runtimeKey = runtimeKeyOfArn(scope, raw.serviceArn, raw.clusterArn);
  if (!runtimeKey) return undefined;
  const { rollback, deploymentCircuitBreaker: breaker, alarms } = raw;
  return {
    kind: 'runtimeDeployment',
    deploymentKey: raw.serviceDeploymentArn,
    runtimeKey,
    status: wordIn(ROLLOUT_STATUS, raw.status),
    rawStatus: raw.status ?? '',
    statusReason: raw.statusReason,
    createdAt: raw.createdAt,
    startedAt: raw.startedAt,
    finishedAt: raw.finishedAt,
    stoppedAt: raw.stoppedAt,
    stage: raw.lifecycleStage,
    target:
      raw.targetServiceRevision && revisionPart(raw.targetServiceRevision),
    sources: raw.sourceServiceRevisions.map(revisionPart),
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: rollback.startedAt,
      revisionKey: rollback.serviceRevisionArn,
    },
    circuitBreaker: breaker && {
      state: wordIn(MONITOR, breaker.status),
      failures: breaker.failureCount,
      threshold: breaker.threshold,
    },
    alarms: alarms && {
      state: wordIn(MONITOR, alarms.status),
      names: alarms.alarmNames,
      triggered: alarms.triggeredAlarmNames,
    },
    hooks: raw.lifecycleHookDetails.map(hook => ({
      id: hook.hookId,
      type: hook.targetType ?? '',
      state: hook.status ?? '',
      // A hook does not say where it is; one that holds is where the deployment stands.
      stage: HOLDING.includes(hook.status ?? '')
        ? raw.lifecycleStage
        : undefined,
      expiresAt: hook.expiresAt,
    })),
  };
}

/** A revision; undefined when it is of a service of another place. */
export function revisionFact(
  raw: RawRevision,
  scope: RuntimeScope,
): RuntimeRevisionFact | undefined {
  const runtimeKey = runtimeKeyOfArn(scope, raw.serviceArn, raw.clusterArn);
  if (!runtimeKey) return undefined;
  const resolved = (raw.resolvedConfiguration?.loadBalancers ?? []).map(
    ({ targetGroupArn }) => targetGroupArn,
  );
  return {
    kind: 'runtimeRevision',
    revisionKey: raw.serviceRevisionArn,
    runtimeKey,
    taskDefinition: raw.taskDefinition,
    images: raw.containerImages.map(one => ({
      container: one.containerName,
      image: one.image,
      digest: one.imageDigest,
    })),
    // Of two groups the resolved one is the revision's own.
    targetGroups:
      resolved.length > 0
        ? unique(resolved)
        : targetGroupsOf(raw.loadBalancers),
    createdAt: raw.createdAt,
  };
}
