import type {
  ServiceDeployment,
  ServiceDeploymentLifecycleStage,
  ServiceRevision,
  ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';
import {
  AwsRecords,
  RevisionRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskRecord,
} from '../../records';
import { clusterArn, serviceArn } from '../arns';
import {
  deploymentConfiguration,
  loadBalancers,
  NETWORK,
  PLATFORM,
  productionRule,
} from './configuration';
import { dateOf } from './lookups';
import { liveTasksOf, taskCounts } from './serviceBody';

const STAGES: readonly ServiceDeploymentLifecycleStage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

const serviceOf = (
  records: AwsRecords,
  record: ServiceDeploymentRecord | RevisionRecord,
): ServiceRecord | undefined =>
  records.services.find(
    service =>
      service.name === record.service &&
      service.cluster === record.cluster &&
      service.accountId === record.accountId &&
      service.region === record.region,
  );

/** Traffic weights exist only where traffic is shifted from one target group to another. */
function summary(
  service: ServiceRecord | undefined,
  tasks: readonly TaskRecord[],
  arn: string,
  weights: { production: number; test: number },
): ServiceRevisionSummary {
  return {
    arn,
    ...taskCounts(tasks, arn),
    ...(service && service.strategy !== 'ROLLING'
      ? {
          requestedProductionTrafficWeight: weights.production,
          requestedTestTrafficWeight: weights.test,
        }
      : {}),
  };
}

/** A service deployment as DescribeServiceDeployments answers it. */
export function deploymentBody(
  records: AwsRecords,
  deployment: ServiceDeploymentRecord,
): ServiceDeployment {
  const service = serviceOf(records, deployment);
  const tasks = service ? liveTasksOf(records, service) : [];
  const { productionWeight, testWeight, hook, rollback } = deployment;
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: serviceArn(deployment, deployment.cluster, deployment.service),
    clusterArn: clusterArn(deployment, deployment.cluster),
    createdAt: new Date(deployment.createdAt),
    startedAt: dateOf(deployment.startedAt),
    finishedAt: dateOf(deployment.finishedAt),
    stoppedAt: dateOf(deployment.stoppedAt),
    updatedAt: new Date(deployment.updatedAt),
    sourceServiceRevisions: deployment.sourceRevisions.map((arn, index) =>
      summary(service, tasks, arn, {
        production: index === 0 ? 100 - productionWeight : 0,
        test: index === 0 ? 100 - testWeight : 0,
      }),
    ),
    targetServiceRevision: summary(service, tasks, deployment.targetRevision, {
      production: productionWeight,
      test: testWeight,
    }),
    status: deployment.status,
    statusReason: deployment.statusReason ?? undefined,
    lifecycleStage: STAGES.find(stage => stage === deployment.lifecycleStage),
    lifecycleHookDetails: hook
      ? [
          {
            hookId: hook.id,
            targetType: 'PAUSE',
            status: hook.status,
            expiresAt: new Date(hook.expiresAt),
            timeoutAction: 'ROLLBACK',
          },
        ]
      : undefined,
    deploymentConfiguration: service && deploymentConfiguration(service),
    rollback: rollback
      ? {
          reason: rollback.reason,
          startedAt: new Date(rollback.startedAt),
          serviceRevisionArn: rollback.revision,
        }
      : undefined,
    deploymentCircuitBreaker: {
      status: deployment.circuitBreaker.status,
      failureCount: deployment.failedTasks,
      threshold: deployment.circuitBreaker.threshold,
    },
    alarms: {
      status: deployment.alarms.status,
      alarmNames: service?.alarms?.names ?? [],
      triggeredAlarmNames: deployment.alarms.triggered,
    },
  };
}

/** A service revision as DescribeServiceRevisions answers it. */
export function revisionBody(
  records: AwsRecords,
  revision: RevisionRecord,
): ServiceRevision {
  const service = serviceOf(records, revision);
  const group = records.targetGroups.find(
    known =>
      known.name === revision.targetGroup &&
      known.accountId === revision.accountId &&
      known.region === revision.region,
  );
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: serviceArn(revision, revision.cluster, revision.service),
    clusterArn: clusterArn(revision, revision.cluster),
    taskDefinition: revision.taskDefinition,
    launchType: 'FARGATE',
    ...PLATFORM,
    loadBalancers: service ? loadBalancers(records, service) : [],
    serviceRegistries: [],
    networkConfiguration: NETWORK,
    containerImages: revision.images.map(({ container, image, digest }) => ({
      containerName: container,
      image,
      imageDigest: digest,
    })),
    guardDutyEnabled: false,
    createdAt: new Date(revision.createdAt),
    ...(service && group
      ? {
          resolvedConfiguration: {
            loadBalancers: [
              {
                targetGroupArn: group.arn,
                productionListenerRule: productionRule(records, service),
              },
            ],
          },
        }
      : {}),
  };
}
