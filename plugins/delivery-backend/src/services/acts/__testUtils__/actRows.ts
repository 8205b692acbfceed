import { mockCredentials } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { UserToken } from 'backstage-plugin-delivery-node';
import type { ApprovalRow } from '../../../database/ApprovalStore';
import type { RepositoryRow, RunRow } from '../../../database/rows';

export const REF = 'component:default/api';
export const RUN_KEY = 'github_com.42';
export const APPROVAL_ID = 'a'.repeat(24);
export const RUNNING = 'c'.repeat(40);
export const NOON = Date.UTC(2026, 10, 20, 12);

export const repository: RepositoryRow = {
  repoKey: 'github_com/1',
  host: 'github.com',
  slug: 'acme/vaultex',
  url: 'https://github.com/acme/vaultex',
  defaultBranch: 'main',
  deleted: false,
};

export function component(name = 'api', slug = 'acme/vaultex'): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: {
        'github.com/project-slug': slug,
        'backstage.io/managed-by-location':
          'url:https://github.com/acme/vaultex/tree/main/catalog-info.yaml',
      },
    },
    spec: { type: 'service', owner: 'team' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
  };
}

export function person(
  name: string,
  annotations: Record<string, string> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: {
      name,
      annotations: {
        'github.com/user-id': `U_${name}`,
        'github.com/user-login': name,
        'backstage.io/managed-by-origin-location':
          'url:https://github.com/acme',
        ...annotations,
      },
    },
    spec: {},
    relations: [{ type: 'memberOf', targetRef: 'group:default/team' }],
  };
}

export function tokenOf(login: string): UserToken {
  return new UserToken(`ghu_${login}_canary`);
}

export const cleo = mockCredentials.user('user:default/cleo');
export const otto = mockCredentials.user('user:default/otto');

export function runRow(): RunRow {
  const state = { status: 'waiting', rawStatus: 'waiting' } as const;
  return {
    runKey: RUN_KEY,
    repoKey: repository.repoKey,
    pipelineKey: 'github_com/1/7',
    pipelineName: 'Deploy',
    pipelinePath: '.github/workflows/deploy.yml',
    runNumber: 42,
    title: 'Change',
    event: 'push',
    sha: 'b'.repeat(40),
    url: `${repository.url}/actions/runs/42`,
    createdAt: NOON,
    referenced: [],
    attempt: 1,
    state,
    status: 'waiting',
    updatedAt: NOON,
    stages: [],
    waitingFor: ['production'],
    needsConfirm: false,
  };
}

export function approvalRow(): ApprovalRow {
  return {
    id: APPROVAL_ID,
    runKey: RUN_KEY,
    repoKey: repository.repoKey,
    attempt: 1,
    environment: 'production',
    sha: 'b'.repeat(40),
    state: 'waiting',
    openedAt: NOON,
    candidates: [],
    updatedAt: NOON,
  };
}
