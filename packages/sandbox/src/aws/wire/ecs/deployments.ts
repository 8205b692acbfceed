import {
  ContinueServiceDeployment$,
  DescribeServiceDeployments$,
  DescribeServiceRevisions$,
  ListServiceDeployments$,
  StopServiceDeployment$,
  type ContinueServiceDeploymentCommandInput,
  type ContinueServiceDeploymentCommandOutput,
  type DescribeServiceDeploymentsCommandInput,
  type DescribeServiceDeploymentsCommandOutput,
  type DescribeServiceRevisionsCommandInput,
  type DescribeServiceRevisionsCommandOutput,
  type ListServiceDeploymentsCommandInput,
  type ListServiceDeploymentsCommandOutput,
  type StopServiceDeploymentCommandInput,
  type StopServiceDeploymentCommandOutput,
} from '@aws-sdk/client-ecs';
import { ServiceDeploymentRecord } from '../../records';
import { clusterArn, serviceArn } from '../arns';
import { acting, isHere, Operation, reading } from '../operation';
import { newestFirst, pageOf, within } from '../paging';
import { deploymentBody, revisionBody } from './deploymentBody';
import {
  dateOf,
  findDeployment,
  findService,
  invalid,
  MISSING,
  someOf,
} from './lookups';

/** ECS forgets deployments after that. */
const KEPT_MS = 90 * 24 * 3600_000;

const listServiceDeployments = reading<
  ListServiceDeploymentsCommandInput,
  ListServiceDeploymentsCommandOutput
>(ListServiceDeployments$, (input, call) => {
  const service = findService(call, input);
  const { status, createdAt } = input;
  const after = Math.max(createdAt?.after?.getTime() ?? 0, call.now - KEPT_MS);
  const before = createdAt?.before?.getTime() ?? Infinity;
  const fits = (deployment: ServiceDeploymentRecord) =>
    deployment.service === service.name &&
    deployment.cluster === service.cluster &&
    deployment.createdAt >= after &&
    deployment.createdAt <= before &&
    (!status?.length || status.includes(deployment.status)) &&
    isHere(call)(deployment);
  const page = pageOf(
    call.records.deployments.filter(fits),
    deployment => newestFirst(deployment.createdAt, deployment.arn),
    {
      size: within(input.maxResults, {
        name: 'maxResults',
        most: 100,
        otherwise: 20,
      }),
      token: input.nextToken,
    },
  );
  return {
    serviceDeployments: page.items.map(deployment => ({
      serviceDeploymentArn: deployment.arn,
      serviceArn: serviceArn(
        deployment,
        deployment.cluster,
        deployment.service,
      ),
      clusterArn: clusterArn(deployment, deployment.cluster),
      createdAt: new Date(deployment.createdAt),
      startedAt: dateOf(deployment.startedAt),
      finishedAt: dateOf(deployment.finishedAt),
      targetServiceRevisionArn: deployment.targetRevision,
      status: deployment.status,
      statusReason: deployment.statusReason ?? undefined,
    })),
    nextToken: page.nextToken,
  };
});

const describeServiceDeployments = reading<
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceDeploymentsCommandOutput
>(DescribeServiceDeployments$, ({ serviceDeploymentArns }, call) => {
  const given = someOf(serviceDeploymentArns, 'serviceDeploymentArns', 20).map(
    arn => ({
      arn,
      found: call.records.deployments.find(
        deployment =>
          deployment.arn === arn &&
          deployment.createdAt >= call.now - KEPT_MS &&
          isHere(call)(deployment),
      ),
    }),
  );
  return {
    serviceDeployments: given.flatMap(({ found }) =>
      found ? [deploymentBody(call.records, found)] : [],
    ),
    failures: given
      .filter(({ found }) => !found)
      .map(({ arn }) => ({ arn, reason: MISSING })),
  };
});

const describeServiceRevisions = reading<
  DescribeServiceRevisionsCommandInput,
  DescribeServiceRevisionsCommandOutput
>(DescribeServiceRevisions$, ({ serviceRevisionArns }, call) => {
  const given = someOf(serviceRevisionArns, 'serviceRevisionArns', 20).map(
    arn => ({
      arn,
      found: call.records.revisions.find(
        revision => revision.arn === arn && isHere(call)(revision),
      ),
    }),
  );
  return {
    serviceRevisions: given.flatMap(({ found }) =>
      found ? [revisionBody(call.records, found)] : [],
    ),
    failures: given
      .filter(({ found }) => !found)
      .map(({ arn }) => ({ arn, reason: MISSING })),
  };
});

const stopServiceDeployment = acting<
  StopServiceDeploymentCommandInput,
  StopServiceDeploymentCommandOutput
>(StopServiceDeployment$, ({ serviceDeploymentArn, stopType }, call) => {
  const { arn } = findDeployment(call, serviceDeploymentArn);
  call.cloud.stopDeployment(arn, stopType === 'ABORT' ? 'ABORT' : 'ROLLBACK');
  return { serviceDeploymentArn: arn };
});

const continueServiceDeployment = acting<
  ContinueServiceDeploymentCommandInput,
  ContinueServiceDeploymentCommandOutput
>(
  ContinueServiceDeployment$,
  ({ serviceDeploymentArn, hookId, action }, call) => {
    const { arn } = findDeployment(call, serviceDeploymentArn);
    if (!hookId) throw invalid('hookId cannot be blank.');
    call.cloud.continueDeployment(
      arn,
      hookId,
      action === 'ROLLBACK' ? 'ROLLBACK' : 'CONTINUE',
    );
    return { serviceDeploymentArn: arn };
  },
);

export const DEPLOYMENT_OPERATIONS: readonly Operation[] = [
  listServiceDeployments,
  describeServiceDeployments,
  describeServiceRevisions,
  stopServiceDeployment,
  continueServiceDeployment,
];
