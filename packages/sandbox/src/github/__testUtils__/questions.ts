import { Sandbox } from '../../server';
import { appJwt } from './appJwt';
import { changeQuestions } from './changeQuestions';
import { creationQuestions } from './creationQuestions';
import { until } from './startSmallSandbox';
import { tagQuestions } from './tagQuestions';

/** One question to the API. */
export interface Question {
  /** The address below `/api/v3`; a function for one that is known when it is asked. */
  path: string | (() => string);
  accept?: string;
  /** Whose credentials; dana's when absent. */
  as?: 'dana' | 'cleo' | 'app' | 'installation' | 'client';
  body?: object;
  status?: number;
}

/** Authorization headers by {@link Question.as}. */
export async function authorizations(
  sandbox: Sandbox,
): Promise<Record<string, string>> {
  const { app, tokens } = sandbox.github;
  const jwt = await appJwt(app);
  return {
    dana: 'token ghp_sandbox_dana',
    cleo: 'token ghp_sandbox_cleo',
    app: `Bearer ${jwt}`,
    installation: `token ${
      tokens.issueInstallation('acme', app.permissions, undefined).token
    }`,
    client: `Basic ${Buffer.from(
      `${app.clientId}:${app.clientSecret}`,
    ).toString('base64')}`,
  };
}

/** One question for each route, in an order in which all can be answered. */
export async function questionsFor(
  sandbox: Sandbox,
  headers: Record<string, string>,
): Promise<Record<string, Question>> {
  const { state } = sandbox;
  const repo = state.repo('acme', 'app');
  if (!repo) throw new Error('no repository');
  const runs = [...state.runs.values()].filter(r => r.repoId === repo.id);
  const run = runs[0];
  const job = (state.jobsOfRun.get(run.id) ?? [])[0];
  const deployment = [...state.deployments.values()][0];
  const workflow = [...state.workflows.values()][0];
  const sha = run.headSha;
  const files = await sandbox.git.listFiles(repo, 'main');
  const team = state.teams[0];
  const { access } = sandbox.github.tokens.issueUser('dana', []);
  const revoked = sandbox.github.tokens.issueUser('dana', []).access;
  const thrown = sandbox.github.tokens.issueInstallation('acme', {}, undefined);
  headers.thrown = `token ${thrown.token}`;
  sandbox.github.webhooks.send({
    event: 'ping',
    action: null,
    installationId: null,
    repositoryId: null,
    payload: { zen: 'x' },
  });
  const delivery = await until(() => sandbox.github.webhooks.newestFirst()[0]);
  await sandbox.github.webhooks.idle();

  // one run waits at the gate, one is under way to be cancelled
  const dispatch = () =>
    sandbox.engine.dispatch(repo, workflow, {
      ref: 'main',
      inputs: {},
      actor: 'dana',
    });
  const gated = await dispatch();
  const stopped = await dispatch();
  await until(() => sandbox.engine.pending(gated).length > 0);
  const installation = sandbox.github.tokens;
  const installationId = 50_000_000 + (state.accounts.get('acme')?.id ?? 0);
  expect(installation.installationAccount(installationId)?.login).toBe('acme');

  const r = '/repos/acme/app';
  const one = `${r}/actions/runs/${run.id}`;
  return {
    'GET /user': { path: '/user' },
    'GET /user/orgs': { path: '/user/orgs' },
    'GET /users/{username}': { path: '/users/ravi' },
    'GET /orgs/{org}': { path: '/orgs/acme' },
    'GET /orgs/{org}/members': { path: '/orgs/acme/members' },
    'GET /orgs/{org}/repos': { path: '/orgs/acme/repos' },
    'GET /orgs/{org}/teams': { path: '/orgs/acme/teams' },
    'GET /orgs/{org}/teams/{team_slug}': {
      path: `/orgs/acme/teams/${team.slug}`,
    },
    'GET /orgs/{org}/teams/{team_slug}/members': {
      path: `/orgs/acme/teams/${team.slug}/members`,
    },
    'GET /rate_limit': { path: '/rate_limit' },
    'GET /app': { path: '/app', as: 'app' },
    'GET /app/installations': { path: '/app/installations', as: 'app' },
    'GET /app/installations/{installation_id}': {
      path: `/app/installations/${installationId}`,
      as: 'app',
    },
    'POST /app/installations/{installation_id}/access_tokens': {
      path: `/app/installations/${installationId}/access_tokens`,
      as: 'app',
      body: { permissions: { actions: 'read' }, repository_ids: [repo.id] },
      status: 201,
    },
    'GET /repos/{owner}/{repo}/installation': {
      path: `${r}/installation`,
      as: 'app',
    },
    'GET /orgs/{org}/installation': {
      path: '/orgs/acme/installation',
      as: 'app',
    },
    'GET /installation/repositories': {
      path: '/installation/repositories',
      as: 'installation',
    },
    'DELETE /installation/token': {
      path: '/installation/token',
      as: 'thrown' as 'app',
      status: 204,
    },
    'POST /applications/{client_id}/token': {
      path: '/applications/Iv1.sandbox/token',
      as: 'client',
      body: { access_token: access.token },
    },
    'DELETE /applications/{client_id}/token': {
      path: '/applications/Iv1.sandbox/token',
      as: 'client',
      body: { access_token: revoked.token },
      status: 204,
    },
    'GET /app/hook/config': { path: '/app/hook/config', as: 'app' },
    'GET /app/hook/deliveries': { path: '/app/hook/deliveries', as: 'app' },
    'GET /app/hook/deliveries/{delivery_id}': {
      path: `/app/hook/deliveries/${delivery.id}`,
      as: 'app',
    },
    'POST /app/hook/deliveries/{delivery_id}/attempts': {
      path: `/app/hook/deliveries/${delivery.id}/attempts`,
      as: 'app',
      status: 202,
    },
    'GET /repos/{owner}/{repo}': { path: r },
    'GET /repos/{owner}/{repo}/branches': { path: `${r}/branches` },
    'GET /repos/{owner}/{repo}/branches/{branch}': {
      path: `${r}/branches/main`,
    },
    'GET /repos/{owner}/{repo}/tarball/{ref}': {
      path: `${r}/tarball/main`,
    },
    'GET /repos/{owner}/{repo}/zipball/{ref}': {
      path: `${r}/zipball/main`,
    },
    'GET /repos/{owner}/{repo}/contents/{path}': {
      path: `${r}/contents/README.md`,
    },
    'GET /repos/{owner}/{repo}/contents': { path: `${r}/contents` },
    'GET /repos/{owner}/{repo}/git/blobs/{file_sha}': {
      path: `${r}/git/blobs/${files[0].sha}`,
    },
    'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': {
      path: `${r}/git/trees/main?recursive=true`,
    },
    'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': {
      path: `${r}/git/commits/${sha}`,
    },
    'GET /repos/{owner}/{repo}/git/ref/{ref}': {
      path: `${r}/git/ref/heads/main`,
    },
    'GET /repos/{owner}/{repo}/git/matching-refs/{ref}': {
      path: `${r}/git/matching-refs/heads`,
    },
    ...(await tagQuestions(sandbox, repo, sha)),
    'GET /repos/{owner}/{repo}/commits': { path: `${r}/commits` },
    'GET /repos/{owner}/{repo}/commits/{ref}': {
      path: `${r}/commits/main`,
    },
    'GET /repos/{owner}/{repo}/commits/{ref}/status': {
      path: `${r}/commits/main/status`,
    },
    'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': {
      path: `${r}/commits/${sha}/check-runs`,
    },
    'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls': {
      path: `${r}/commits/${sha}/pulls`,
    },
    'GET /repos/{owner}/{repo}/compare/{basehead}': {
      path: `${r}/compare/${sha}...main`,
    },
    ...changeQuestions(sandbox, repo),
    'GET /repos/{owner}/{repo}/actions/runs': { path: `${r}/actions/runs` },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}': { path: one },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}':
      { path: `${one}/attempts/1` },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs':
      { path: `${one}/attempts/1/jobs` },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/logs':
      { path: `${one}/attempts/1/logs`, status: 302 },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs': {
      path: `${one}/jobs?filter=all`,
    },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/logs': {
      path: `${one}/logs`,
      status: 302,
    },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts': {
      path: `${one}/artifacts`,
    },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals': {
      path: `${one}/approvals`,
    },
    'GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments': {
      path: `${r}/actions/runs/${gated.id}/pending_deployments`,
      as: 'cleo',
    },
    'POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments': {
      path: `${r}/actions/runs/${gated.id}/pending_deployments`,
      as: 'cleo',
      body: {
        environment_ids: [repo.environments[0].id],
        state: 'approved',
        comment: 'Go',
      },
    },
    'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel': {
      path: `${r}/actions/runs/${stopped.id}/cancel`,
      status: 202,
    },
    'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun': {
      path: `${r}/actions/runs/${runs[10].id}/rerun`,
      status: 201,
    },
    'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs': {
      path: `${r}/actions/runs/${runs[11].id}/rerun-failed-jobs`,
      status: 201,
    },
    'GET /repos/{owner}/{repo}/actions/jobs/{job_id}': {
      path: `${r}/actions/jobs/${job.id}`,
    },
    'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs': {
      path: `${r}/actions/jobs/${job.id}/logs`,
      status: 302,
    },
    'POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun': {
      path: `${r}/actions/jobs/${
        (state.jobsOfRun.get(runs[12].id) ?? [])[0].id
      }/rerun`,
      status: 201,
    },
    'GET /repos/{owner}/{repo}/actions/workflows': {
      path: `${r}/actions/workflows`,
    },
    'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}': {
      path: `${r}/actions/workflows/deliver.yml`,
    },
    'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs': {
      path: `${r}/actions/workflows/${workflow.id}/runs`,
    },
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': {
      path: `${r}/actions/workflows/deliver.yml/dispatches`,
      body: { ref: 'main', return_run_details: true },
    },
    'GET /repos/{owner}/{repo}/environments': { path: `${r}/environments` },
    'GET /repos/{owner}/{repo}/environments/{environment_name}': {
      path: `${r}/environments/production`,
    },
    'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules':
      { path: `${r}/environments/production/deployment_protection_rules` },
    'GET /repos/{owner}/{repo}/deployments': { path: `${r}/deployments` },
    'POST /repos/{owner}/{repo}/deployments': {
      path: `${r}/deployments`,
      body: { ref: 'main', environment: 'qa' },
      status: 201,
    },
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}': {
      path: `${r}/deployments/${deployment.id}`,
    },
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
      path: `${r}/deployments/${deployment.id}/statuses`,
    },
    'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses/{status_id}':
      {
        path: `${r}/deployments/${deployment.id}/statuses/${deployment.statuses[0].id}`,
      },
    'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
      path: `${r}/deployments/${deployment.id}/statuses`,
      body: { state: 'inactive' },
      status: 201,
    },
    ...creationQuestions(sandbox),
  };
}
