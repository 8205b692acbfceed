import { createPrivateKey } from 'crypto';
import { SignJWT } from 'jose';
import { Sandbox } from '../server';
import { hasOpenApi, OPENAPI_FILE, OpenApiAnswers } from './testUtils/openApi';
import { startSmallSandbox, until } from './testUtils/startSmallSandbox';

interface Question {
  /** The address below `/api/v3`. */
  path: string;
  /** Whose credentials; dana's when absent. */
  as?: 'dana' | 'cleo' | 'app' | 'installation' | 'client';
  body?: object;
  status?: number;
}

/** Routes whose answer is no JSON, with the status they have. */
const REDIRECTS = [302];

async function authorizations(
  sandbox: Sandbox,
): Promise<Record<string, string>> {
  const { app, tokens } = sandbox.github;
  const jwt = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(String(app.id))
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(createPrivateKey(app.privateKeyPem));
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

const describeWithSchema = hasOpenApi() ? describe : describe.skip;
if (!hasOpenApi()) {
  process.stdout.write(
    `Answers are not compared with GitHub's OpenAPI description: there is no ${OPENAPI_FILE}. "npm test" fetches it.\n`,
  );
}

describeWithSchema(
  'every answer, compared with GitHub’s OpenAPI description',
  () => {
    let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
    let answers: OpenApiAnswers;
    let headers: Record<string, string>;
    let questions: Record<string, Question>;

    async function ask(template: string, question: Question) {
      const [method] = template.split(' ');
      const response = await fetch(`${sandbox.url}/api/v3${question.path}`, {
        method,
        redirect: 'manual',
        headers: {
          authorization: headers[question.as ?? 'dana'],
          'content-type': 'application/json',
        },
        body: question.body ? JSON.stringify(question.body) : undefined,
      });
      const text = await response.text();
      const type = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        body:
          type.includes('json') && text !== '' ? JSON.parse(text) : undefined,
      };
    }

    beforeAll(async () => {
      sandbox = await startSmallSandbox();
      answers = new OpenApiAnswers();
      headers = await authorizations(sandbox);
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
      const thrown = sandbox.github.tokens.issueInstallation(
        'acme',
        {},
        undefined,
      );
      headers.thrown = `token ${thrown.token}`;
      sandbox.github.webhooks.send({
        event: 'ping',
        action: null,
        installationId: null,
        repositoryId: null,
        payload: { zen: 'x' },
      });
      const delivery = await until(
        () => sandbox.github.webhooks.newestFirst()[0],
      );
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
      expect(installation.installationAccount(installationId)?.login).toBe(
        'acme',
      );

      const r = '/repos/acme/app';
      const one = `${r}/actions/runs/${run.id}`;
      questions = {
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
        'GET /repos/{owner}/{repo}/pulls': { path: `${r}/pulls?state=all` },
        'GET /repos/{owner}/{repo}/pulls/{pull_number}': {
          path: `${r}/pulls/1`,
        },
        'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits': {
          path: `${r}/pulls/1/commits`,
        },
        'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': {
          path: `${r}/pulls/1/files`,
        },
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
        'POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments':
          {
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
        'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches':
          {
            path: `${r}/actions/workflows/deliver.yml/dispatches`,
            body: { ref: 'main', return_run_details: true },
          },
        'GET /repos/{owner}/{repo}/environments': { path: `${r}/environments` },
        'GET /repos/{owner}/{repo}/environments/{environment_name}': {
          path: `${r}/environments/production`,
        },
        'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies':
          { path: `${r}/environments/production/deployment-branch-policies` },
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
      };
    });

    afterAll(() => sandbox?.stop());

    it('has a question for every route', () => {
      expect(Object.keys(questions).sort()).toEqual(
        [...sandbox.api.templates].sort(),
      );
    });

    it('answers every question as GitHub describes it', async () => {
      const wrong: Record<string, unknown> = {};
      for (const [template, question] of Object.entries(questions)) {
        const [method, route] = template.split(' ');
        const { status, body } = await ask(template, question);
        const want = question.status ?? 200;
        if (status !== want) {
          wrong[template] = { status, body };
          continue;
        }
        // the root of the contents and the archives have an address of their own at GitHub
        const described = route.endsWith('/contents')
          ? `${route}/{path}`
          : route;
        const problems = answers.problems(method, described, status, body);
        if (problems && problems.length > 0)
          wrong[template] = problems.slice(0, 20);
        if (!problems && body !== undefined && !REDIRECTS.includes(status)) {
          wrong[
            template
          ] = `GitHub has no JSON body for ${status}: ${answers.statuses(
            method,
            described,
          )}`;
        }
      }
      expect(wrong).toEqual({});
    });

    it('notices an answer that is wrong', () => {
      const template = '/repos/{owner}/{repo}/actions/runs';
      expect(
        answers.problems('GET', template, 200, {
          total_count: '1',
          workflow_runs: [{}],
        }),
      ).toEqual(
        expect.arrayContaining([
          '/total_count must be integer',
          "/workflow_runs/0 must have required property 'id'",
        ]),
      );
    });
  },
);
