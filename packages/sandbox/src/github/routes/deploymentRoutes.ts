import {
  DeploymentRecord,
  DeploymentStatusRecord,
  GitHubError,
} from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { deployment, deploymentStatus } from '../bodies/deploymentBodies';

const STATES: readonly string[] = [
  'queued',
  'in_progress',
  'success',
  'failure',
  'error',
  'inactive',
];

function isState(value: unknown): value is DeploymentStatusRecord['state'] {
  return typeof value === 'string' && STATES.includes(value);
}

function find(call: Call, need: 'read' | 'write' = 'read'): DeploymentRecord {
  const repo = call.repo('deployments', need);
  const found = call.ctx.store.deployments.get(call.id('deployment_id'));
  if (!found || found.repoId !== repo.id) {
    throw new GitHubError(404, 'Not Found');
  }
  return found;
}

/** Deployments and their statuses. */
export function addDeploymentRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/deployments';

  api.get(base, call => {
    const repo = call.repo('deployments');
    const equal = (name: 'sha' | 'ref' | 'environment') => {
      const wanted = call.query(name);
      return (d: DeploymentRecord) => !wanted || d[name] === wanted;
    };
    const [sha, ref, environment] = [
      equal('sha'),
      equal('ref'),
      equal('environment'),
    ];
    const found = [...call.ctx.store.deployments.values()]
      .filter(d => d.repoId === repo.id && sha(d) && ref(d) && environment(d))
      .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
    return { body: call.page(found).map(d => deployment(call.ctx, d)) };
  });

  api.post(base, async call => {
    const repo = call.repo('deployments', 'write');
    const { ref, environment: name = 'production' } = call.json();
    if (typeof ref !== 'string' || typeof name !== 'string') {
      throw new GitHubError(422, 'Invalid request.\n\n"ref" wasn\'t supplied.');
    }
    const sha = await call.ctx.git.resolve(repo, ref);
    if (!sha) throw new GitHubError(409, `No ref found for: ${ref}`);
    const { store } = call.ctx;
    const id = store.nextId();
    const now = store.clock.now();
    const record: DeploymentRecord = {
      id,
      nodeId: `DE_${id}`,
      repoId: repo.id,
      sha,
      ref,
      environment: name,
      creator: call.login(),
      createdAt: now,
      updatedAt: now,
      runId: null,
      jobId: null,
      statuses: [],
    };
    store.deployments.set(id, record);
    store.changed({
      event: 'deployment',
      action: 'created',
      deployment: record,
    });
    return { status: 201, body: deployment(call.ctx, record) };
  });

  api.get(`${base}/{deployment_id}`, call => ({
    body: deployment(call.ctx, find(call)),
  }));

  api.get(`${base}/{deployment_id}/statuses`, call => {
    const record = find(call);
    const newestFirst = [...record.statuses].reverse();
    return {
      body: call
        .page(newestFirst)
        .map(status => deploymentStatus(call.ctx, record, status)),
    };
  });

  api.get(`${base}/{deployment_id}/statuses/{status_id}`, call => {
    const record = find(call);
    const status = record.statuses.find(s => s.id === call.id('status_id'));
    if (!status) throw new GitHubError(404, 'Not Found');
    return { body: deploymentStatus(call.ctx, record, status) };
  });

  api.post(`${base}/{deployment_id}/statuses`, call => {
    const record = find(call, 'write');
    const { state, description } = call.json();
    if (!isState(state)) {
      throw new GitHubError(422, 'Validation Failed', {
        errors: [
          { resource: 'DeploymentStatus', field: 'state', code: 'invalid' },
        ],
      });
    }
    const { store } = call.ctx;
    const id = store.nextId();
    const status: DeploymentStatusRecord = {
      id,
      nodeId: `DES_${id}`,
      state,
      createdAt: store.clock.now(),
      creator: call.login(),
      description: typeof description === 'string' ? description : '',
    };
    record.statuses.push(status);
    record.updatedAt = status.createdAt;
    store.changed({
      event: 'deployment_status',
      action: 'created',
      deployment: record,
      status,
    });
    return { status: 201, body: deploymentStatus(call.ctx, record, status) };
  });
}
