import type {
  DeploymentRecord,
  DeploymentStatusRecord,
  EnvironmentRecord,
  JobRecord,
  RepoRecord,
  RunRecord,
  SandboxState,
} from '../state';
import { nodeId } from './random';

type DeploymentState = DeploymentStatusRecord['state'];

const BOT = 'github-actions[bot]';

const DESCRIPTIONS: Partial<Record<DeploymentState, string>> = {
  waiting: 'Waiting for approval',
};

/** Adds a status to a deployment and tells everybody. */
export function addStatus(
  state: SandboxState,
  deployment: DeploymentRecord,
  value: DeploymentState,
): void {
  const now = state.clock.now();
  const id = state.nextId();
  const status: DeploymentStatusRecord = {
    id,
    nodeId: nodeId('DES', id),
    state: value,
    createdAt: now,
    creator: BOT,
    description: DESCRIPTIONS[value] ?? '',
  };
  deployment.statuses.push(status);
  deployment.updatedAt = now;
  state.changed({
    event: 'deployment_status',
    action: 'created',
    deployment,
    status,
  });
}

/** Creates the deployment GitHub makes for every job with an environment. */
export function createDeployment(
  state: SandboxState,
  run: RunRecord,
  job: JobRecord,
  environment: string,
): DeploymentRecord {
  const now = state.clock.now();
  const id = state.nextId();
  const deployment: DeploymentRecord = {
    id,
    nodeId: nodeId('DE', id),
    repoId: run.repoId,
    sha: run.headSha,
    ref: run.headBranch,
    environment,
    creator: BOT,
    createdAt: now,
    updatedAt: now,
    runId: run.id,
    jobId: job.id,
    statuses: [],
  };
  state.deployments.set(id, deployment);
  job.deploymentId = id;
  state.changed({ event: 'deployment', action: 'created', deployment });
  return deployment;
}

/** Earlier successful deployments of the same environment become `inactive`, as GitHub does by itself. */
export function supersede(
  state: SandboxState,
  deployment: DeploymentRecord,
  active: Map<string, DeploymentRecord>,
): void {
  const key = `${deployment.repoId}/${deployment.environment.toLowerCase()}`;
  const previous = active.get(key);
  if (previous && previous !== deployment) {
    if (previous.statuses.at(-1)?.state === 'success') {
      addStatus(state, previous, 'inactive');
    }
  }
  active.set(key, deployment);
}

/** Newest successful deployment of each environment, by `repoId/environment`. */
export function activeDeployments(
  state: SandboxState,
): Map<string, DeploymentRecord> {
  const active = new Map<string, DeploymentRecord>();
  for (const deployment of state.deployments.values()) {
    if (deployment.statuses.at(-1)?.state === 'success') {
      const key = `${
        deployment.repoId
      }/${deployment.environment.toLowerCase()}`;
      const known = active.get(key);
      if (!known || known.updatedAt <= deployment.updatedAt) {
        active.set(key, deployment);
      }
    }
  }
  return active;
}

/** The environment of a repository; GitHub makes one without protection when a job names a new one. */
export function environmentOf(
  state: SandboxState,
  repo: RepoRecord,
  name: string,
): EnvironmentRecord {
  const known = repo.environments.find(
    item => item.name.toLowerCase() === name.toLowerCase(),
  );
  if (known) return known;
  const id = state.nextId();
  const created: EnvironmentRecord = {
    id,
    nodeId: nodeId('EN', id),
    name,
    createdAt: state.clock.now(),
    waitTimerMinutes: 0,
    preventSelfReview: false,
    canAdminsBypass: true,
    reviewers: [],
    branchPolicies: null,
  };
  repo.environments.push(created);
  return created;
}
