import { mockCredentials } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type {
  LogicalDeployment,
  RuntimeDeploymentFact,
  RuntimeServiceFact,
} from 'backstage-plugin-delivery-common';
import type {
  ChangeRange,
  GateReading,
} from 'backstage-plugin-delivery-common/domain';
import { UserToken } from 'backstage-plugin-delivery-node';

export const NOW = Date.UTC(2026, 10, 20, 12);
export const HOUR = 3_600_000;
export const RUNTIME_KEY = 'ecs/222222222222/eu-west-1/production/shop-api';
export const REF = 'component:default/shop';
export const TOKEN = new UserToken('ghu_of_cleo');
export const credentials = mockCredentials.user('user:default/cleo');
export const ECR = '222222222222.dkr.ecr.eu-west-1.amazonaws.com/shop';

export const sha = (n: number) => String(n).repeat(40).slice(0, 40);
export const digest = (n: number) =>
  `sha256:${String(n).repeat(64).slice(0, 64)}`;
export const taskDefinition = (n: number) =>
  `arn:aws:ecs:eu-west-1:222222222222:task-definition/shop:${n}`;
export const deploymentKey = (n: number) =>
  `arn:aws:ecs:eu-west-1:222222222222:service-deployment/production/shop-api/d${n}`;
export const revisionKey = (n: number) => `revision/${n}`;

export const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'shop', namespace: 'default' },
};

/** The n-th version: it ran from hour n on. */
export function logical(
  n: number,
  more: Partial<LogicalDeployment> = {},
): LogicalDeployment {
  return {
    id: `deployment/${n}`,
    ...{ kind: 'regular', status: 'succeeded', ranHealthy: true },
    commit: {
      ...{ sha: sha(n), source: 'deployment', confidence: 'high' },
      image: { uri: `${ECR}:v${n}`, digest: digest(n) },
    },
    startedAt: NOW - (10 - n) * HOUR,
    endedAt: NOW - (10 - n) * HOUR + 60_000,
    by: 'dana',
    approvedBy: ['cleo'],
    evidence: [
      {
        ...{ source: 'runtime_deployment', id: deploymentKey(n) },
        ...{ status: 'SUCCESSFUL', at: NOW },
      },
    ],
    ...more,
  };
}

export function deploymentFact(
  n: number,
  more: Partial<RuntimeDeploymentFact> = {},
): RuntimeDeploymentFact {
  const part = (of: number) => ({
    ...{ revisionKey: revisionKey(of), requested: 2, running: 2, pending: 0 },
  });
  return {
    ...{ kind: 'runtimeDeployment', deploymentKey: deploymentKey(n) },
    ...{ runtimeKey: RUNTIME_KEY, status: 'succeeded', rawStatus: '' },
    createdAt: NOW - (10 - n) * HOUR,
    target: part(n),
    sources: [part(n - 1)],
    hooks: [],
    ...more,
  };
}

export function service(
  n: number,
  more: Partial<RuntimeServiceFact> = {},
): RuntimeServiceFact {
  return {
    ...{ kind: 'runtimeService', runtimeKey: RUNTIME_KEY, arn: '' },
    ...{ status: 'active', rawStatus: 'ACTIVE' },
    ...{ controller: 'ecs', strategy: 'rolling' },
    ...{ desired: 2, running: 2, pending: 0 },
    taskDefinition: taskDefinition(n),
    currentDeployment: deploymentKey(n),
    revisions: [],
    deployments: [primary(n)],
    ...{ targetGroups: [], alarmNames: [], tags: {}, events: [] },
    ...more,
  };
}

export function primary(
  n: number,
  rollout: 'in_progress' | 'completed' | 'failed' = 'completed',
): RuntimeServiceFact['deployments'][number] {
  return {
    ...{ id: `ecs-svc/${n}`, role: 'primary', rollout },
    taskDefinition: taskDefinition(n),
    ...{ desired: 2, running: 2, pending: 0, failedTasks: 0 },
  };
}

export const GATE: GateReading = {
  ...{ environmentId: '7', environmentName: 'production' },
  ...{ preventSelfReview: true, canAdminsBypass: false, waitTimerMinutes: 0 },
  reviewers: [{ kind: 'user', id: '2', name: 'erin' }],
};

export const RANGE: ChangeRange = {
  ...{ status: 'behind', commits: [], total: 0, cut: false },
  ...{ pullRequests: [], files: [], filesCut: false },
};

export const WORKFLOW = `
on:
  workflow_dispatch:
    inputs:
      environment: { type: choice, required: true, options: [staging, production] }
      service: { type: choice, required: true, options: [shop-api] }
      commit: { type: string }
      image: { type: string }
      task-definition: { type: string, required: true }
      reason: { type: string, required: true }
jobs:
  back:
    runs-on: ubuntu-24.04
    environment: { name: '\${{ inputs.environment }}' }
    steps: []
`;
