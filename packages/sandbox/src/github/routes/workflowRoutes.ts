import { GitHubError, RepoRecord, WorkflowRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { Call } from '../api/call';
import { workflow } from '../bodies/runBodies';
import { repoApi, repoHtml } from '../bodies/repoBodies';
import { listRuns } from './runRoutes';

const MAX_INPUTS = 25;

function workflowsOf(call: Call, repo: RepoRecord): WorkflowRecord[] {
  return [...call.ctx.store.workflows.values()].filter(
    record => record.repoId === repo.id,
  );
}

/** By id or by file name, as GitHub allows. */
function find(call: Call, repo: RepoRecord): WorkflowRecord {
  const wanted = call.param('workflow_id');
  const found = workflowsOf(call, repo).find(
    record =>
      String(record.id) === wanted ||
      record.path === wanted ||
      record.path.endsWith(`/${wanted}`),
  );
  if (!found) throw new GitHubError(404, 'Not Found');
  return found;
}

function inputsOf(call: Call): Record<string, string> {
  const { inputs } = call.json();
  if (inputs === undefined || inputs === null) return {};
  if (typeof inputs !== 'object' || Array.isArray(inputs)) {
    throw new GitHubError(
      422,
      "Invalid request.\n\nFor 'properties/inputs', it is not an object.",
    );
  }
  const entries = Object.entries(inputs);
  if (entries.length > MAX_INPUTS) {
    throw new GitHubError(
      422,
      `you may only define up to ${MAX_INPUTS} \`inputs\` for a \`workflow_dispatch\` event`,
    );
  }
  return Object.fromEntries(
    entries.map(([key, value]) => [key, String(value)]),
  );
}

/** Workflows and their dispatch. */
export function addWorkflowRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/actions/workflows';

  api.get(base, call => {
    const found = workflowsOf(call, call.repo('actions'));
    return {
      body: {
        total_count: found.length,
        workflows: call.page(found).map(w => workflow(call.ctx, w)),
      },
    };
  });

  api.get(`${base}/{workflow_id}`, call => ({
    body: workflow(call.ctx, find(call, call.repo('actions'))),
  }));

  api.get(`${base}/{workflow_id}/runs`, call => {
    const repo = call.repo('actions');
    return listRuns(call, repo, find(call, repo).id);
  });

  api.post(`${base}/{workflow_id}/dispatches`, async call => {
    const repo = call.repo('actions', 'write');
    const record = find(call, repo);
    const { ref, return_run_details: details } = call.json();
    if (typeof ref !== 'string' || ref === '') {
      throw new GitHubError(422, 'Invalid request.\n\n"ref" wasn\'t supplied.');
    }
    const branch = ref.replace(/^refs\/(heads|tags)\//, '');
    const refs = await call.ctx.git.refs(repo);
    if (!refs.has(`refs/heads/${branch}`) && !refs.has(`refs/tags/${branch}`)) {
      throw new GitHubError(422, `No ref found for: ${ref}`);
    }
    const run = await call.ctx.engine.dispatch(repo, record, {
      ref: branch,
      inputs: inputsOf(call),
      actor: call.login(),
    });
    call.ctx.store.changed();
    if (details !== true) return { status: 204 };
    return {
      body: {
        workflow_run_id: run.id,
        run_url: `${repoApi(call.ctx, repo)}/actions/runs/${run.id}`,
        html_url: `${repoHtml(call.ctx, repo)}/actions/runs/${run.id}`,
      },
    };
  });
}
