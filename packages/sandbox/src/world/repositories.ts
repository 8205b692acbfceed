import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type {
  EnvironmentRecord,
  MergeMethod,
  RepoRecord,
  SandboxState,
} from '../state';
import { nodeId } from '../engine';
import {
  ACCOUNT_IDS,
  environmentVariables,
  type AccountName,
} from './aws/accounts';

interface EnvironmentSpec {
  name: string;
  /** Slug of the team that may approve, beside cleo. */
  team?: string;
  waitMinutes?: number;
  variables?: Record<string, string>;
}

/** One repository of the world. */
export interface RepositorySpec {
  owner: string;
  name: string;
  description: string;
  private: boolean;
  environments: EnvironmentSpec[];
  variables: Record<string, string>;
  /** Squashed when absent. */
  mergeMethod?: MergeMethod;
}

const aws = (service: string, region = 'eu-west-1') => ({
  AWS_REGION: region,
  AWS_ACCOUNT_ID: ACCOUNT_IDS.production,
  AWS_BUILD_ACCOUNT_ID: ACCOUNT_IDS.dev,
  AWS_BUILD_ROLE_ARN: `arn:aws:iam::${ACCOUNT_IDS.dev}:role/${service}-build`,
  AWS_DEPLOY_ROLE_ARN: `arn:aws:iam::${ACCOUNT_IDS.production}:role/${service}-deploy`,
  SLACK_CHANNEL: 'deployments',
  SERVICE_URL: `https://${service}.example`,
});

const orders = (account: AccountName) => ({
  variables: environmentVariables('order-processing', account, 'orders'),
});

/** The one others build on comes first: they name its commit. */
export const REPOSITORIES: RepositorySpec[] = [
  {
    owner: 'acme',
    name: 'platform-workflows',
    description: 'Reusable workflows for services on ECS',
    private: false,
    environments: [],
    variables: {},
  },
  {
    owner: 'vaultex',
    name: 'vaultex',
    description: 'Payments API, ledger and what they share',
    private: true,
    environments: [
      {
        name: 'staging',
        variables: {
          ...environmentVariables('vaultex', 'staging', 'vaultex'),
          SERVICE_URL: 'https://staging.vaultex.example',
        },
      },
      {
        name: 'production',
        team: 'payments',
        variables: environmentVariables('vaultex', 'production', 'vaultex'),
      },
    ],
    variables: aws('vaultex'),
  },
  {
    owner: 'acme',
    name: 'cicd-platform',
    description: 'Reference service of the platform team',
    mergeMethod: 'rebase',
    private: true,
    environments: [
      {
        name: 'production',
        team: 'platform',
        variables: environmentVariables(
          'cicd-platform',
          'production',
          'platform',
        ),
      },
    ],
    variables: aws('cicd-platform'),
  },
  {
    owner: 'flexi',
    name: 'order-processing',
    description: 'Order worker and its infrastructure',
    private: true,
    environments: [
      { name: 'dev', ...orders('dev') },
      { name: 'qa', ...orders('qa') },
      { name: 'staging', ...orders('staging') },
      { name: 'production', team: 'ordering', ...orders('production') },
      { name: 'infra-dev', ...orders('dev') },
      { name: 'infra-qa', ...orders('qa') },
      { name: 'infra-staging', ...orders('staging') },
      { name: 'infra-production', team: 'ordering', ...orders('production') },
    ],
    variables: aws('order-processing'),
  },
  {
    owner: 'eventflow',
    name: 'eventflow',
    description: 'Collects events and shows them',
    mergeMethod: 'merge',
    private: true,
    environments: [
      {
        name: 'staging',
        variables: environmentVariables(
          'eventflow',
          'staging',
          'eventflow-staging',
        ),
      },
      {
        name: 'production',
        team: 'events',
        waitMinutes: 2,
        variables: environmentVariables(
          'eventflow',
          'production',
          'eventflow-production',
        ),
      },
    ],
    variables: {
      ...aws('eventflow', 'eu-central-1'),
      STAGING_URL: 'https://staging.eventflow.example',
      PRODUCTION_URL: 'https://eventflow.example',
    },
  },
  {
    owner: 'acme',
    name: 'legacy-billing',
    description: 'Invoices, from before the platform',
    private: true,
    environments: [],
    variables: {},
  },
];

const FILES = join(
  dirname(require.resolve('../../package.json')),
  'src/world/files',
);

/** Where the files of a repository lie on disk. */
export const folderOf = (spec: Pick<RepositorySpec, 'owner' | 'name'>) =>
  join(FILES, spec.owner, spec.name);

/**
 * Files of a repository at its first commit. On disk, code has `.txt` behind its name, so that the tools of this
 * repository leave it alone.
 */
export function repositoryFiles(
  spec: Pick<RepositorySpec, 'owner' | 'name'>,
  platformSha: string,
): Record<string, string> {
  const root = folderOf(spec);
  const files: Record<string, string> = {};
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const inside = path.slice(root.length + 1).replace(/\.txt$/, '');
    files[inside] = readFileSync(path, 'utf8').replaceAll(
      '__PLATFORM_SHA__',
      platformSha,
    );
  }
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

function environment(
  state: SandboxState,
  org: string,
  spec: EnvironmentSpec,
  createdAt: number,
): EnvironmentRecord {
  const id = state.nextId();
  const cleo = state.accounts.get('cleo');
  const team = state.teams.find(
    item => item.org === org && item.slug === spec.team,
  );
  const reviewers: EnvironmentRecord['reviewers'] = [];
  if (spec.team && cleo) reviewers.push({ type: 'User', id: cleo.id });
  if (team) reviewers.push({ type: 'Team', id: team.id });
  return {
    id,
    nodeId: nodeId('EN', id),
    name: spec.name,
    createdAt,
    waitTimerMinutes: spec.waitMinutes ?? 0,
    preventSelfReview: spec.team !== undefined,
    canAdminsBypass: spec.team === undefined,
    reviewers,
    branchPolicies: spec.team ? [{ id: state.nextId(), name: 'main' }] : null,
    ...(spec.variables && { variables: { ...spec.variables } }),
  };
}

/** Puts a repository with its environments into the state. */
export function addRepository(
  state: SandboxState,
  spec: RepositorySpec,
  createdAt: number,
): RepoRecord {
  const id = state.nextId();
  const repo: RepoRecord = {
    id,
    nodeId: nodeId('R', id),
    owner: spec.owner,
    name: spec.name,
    description: spec.description,
    private: spec.private,
    defaultBranch: 'main',
    createdAt,
    environments: spec.environments.map(item =>
      environment(state, spec.owner, item, createdAt),
    ),
    variables: { ...spec.variables },
    ...(spec.mergeMethod && { mergeMethod: spec.mergeMethod }),
  };
  state.repos.set(id, repo);
  return repo;
}
