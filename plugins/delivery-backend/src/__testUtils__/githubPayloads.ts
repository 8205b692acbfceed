type Json = Record<string, unknown>;

/** Payloads of GitHub made for tests, not recorded: only what the schema of the provider asks for. */
export function repositoryPayload(id: number, slug: string): Json {
  const [owner, name] = slug.split('/');
  return {
    id,
    name,
    full_name: slug,
    html_url: `https://github.com/${slug}`,
    default_branch: 'main',
    owner: { login: owner, id: 1, type: 'Organization' },
  };
}

/** A `workflow_run` delivery. */
export function workflowRun(
  slug: string,
  overrides: Json = {},
  repositoryId = 7,
): Json {
  const run = {
    id: 100,
    name: 'CI',
    display_title: 'Add a thing',
    run_number: 12,
    run_attempt: 1,
    event: 'push',
    status: 'in_progress',
    conclusion: null,
    workflow_id: 5,
    path: '.github/workflows/ci.yml',
    head_branch: 'main',
    head_sha: 'a'.repeat(40),
    html_url: `https://github.com/${slug}/actions/runs/100`,
    created_at: '2026-11-01T10:00:00Z',
    updated_at: '2026-11-01T10:00:05Z',
    run_started_at: '2026-11-01T10:00:00Z',
    actor: { login: 'dana' },
    triggering_actor: { login: 'dana' },
    pull_requests: [],
    referenced_workflows: [],
    ...overrides,
  };
  return {
    action: run.status,
    workflow_run: run,
    workflow: {
      id: run.workflow_id,
      name: run.name,
      path: run.path,
      html_url: `https://github.com/${slug}/blob/main/${run.path}`,
    },
    repository: repositoryPayload(repositoryId, slug),
  };
}

/** A `workflow_job` delivery of {@link workflowRun}'s run. */
export function workflowJob(
  slug: string,
  overrides: Json = {},
  repositoryId = 7,
): Json {
  const job = {
    id: 1000,
    run_id: 100,
    run_attempt: 1,
    name: 'test',
    status: 'in_progress',
    conclusion: null,
    head_sha: 'a'.repeat(40),
    html_url: `https://github.com/${slug}/actions/runs/100/job/1000`,
    created_at: '2026-11-01T10:00:01Z',
    started_at: '2026-11-01T10:00:02Z',
    completed_at: null,
    labels: ['ubuntu-latest'],
    runner_name: 'runner-1',
    steps: [],
    ...overrides,
  };
  return {
    action: job.status,
    workflow_job: job,
    repository: repositoryPayload(repositoryId, slug),
  };
}

/** A `deployment_status` delivery of a deployment that {@link workflowRun}'s run made. */
export function deploymentStatus(
  slug: string,
  options: {
    id: number;
    environment: string;
    state: string;
    sha?: string;
    runId?: number;
    at?: string;
  },
  repositoryId = 7,
): Json {
  const { id, environment, state, runId = 100 } = options;
  const at = options.at ?? '2026-11-01T10:01:00Z';
  return {
    action: 'created',
    deployment: {
      ...{ id, environment, ref: 'main', created_at: at },
      sha: options.sha ?? 'a'.repeat(40),
      creator: { login: 'dana' },
    },
    deployment_status: {
      ...{ id: id * 10 + state.length, state, created_at: at },
      creator: { login: 'dana' },
      target_url: `https://github.com/${slug}/actions/runs/${runId}/job/1`,
    },
    workflow_run: { id: runId },
    repository: repositoryPayload(repositoryId, slug),
  };
}
