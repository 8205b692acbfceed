import { Octokit } from '@octokit/rest';
import { RepoRecord } from '../state';
import { startSmallSandbox, until } from './__testUtils__/startSmallSandbox';
import { PAST_RUNS } from './__testUtils__/pastRuns';

const APP = { owner: 'acme', repo: 'app' };
const SECRET = { owner: 'acme', repo: 'secret' };

describe('the REST API, asked by the real Octokit', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let dana: Octokit;
  let repo: RepoRecord;

  const octokit = (auth?: string) =>
    new Octokit({
      baseUrl: `${sandbox.url}/api/v3`,
      auth,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      retry: { enabled: false },
    });
  const person = (login: string) => octokit(`ghp_sandbox_${login}`);
  const problem = (asked: Promise<unknown>) =>
    asked.then(
      () => undefined,
      error => ({ status: error.status, message: error.response.data.message }),
    );

  beforeAll(async () => {
    sandbox = await startSmallSandbox();
    dana = person('dana');
    repo = sandbox.state.repo('acme', 'app') as RepoRecord;
  });
  afterAll(() => sandbox?.stop());

  const runs = () =>
    [...sandbox.state.runs.values()].filter(run => run.repoId === repo.id);

  it('pages through the runs, newest first, by links with the repository id', async () => {
    const first = await dana.rest.actions.listWorkflowRunsForRepo({
      ...APP,
      per_page: 10,
    });
    expect(first.data.total_count).toBe(PAST_RUNS);
    expect(first.data.workflow_runs).toHaveLength(10);
    expect(first.data.workflow_runs[0].run_number).toBe(PAST_RUNS);
    expect(first.headers.link).toBe(
      `<${sandbox.url}/api/v3/repositories/${repo.id}/actions/runs?per_page=10&page=2>; rel="next", ` +
        `<${sandbox.url}/api/v3/repositories/${repo.id}/actions/runs?per_page=10&page=5>; rel="last"`,
    );
    const all = await dana.paginate(dana.rest.actions.listWorkflowRunsForRepo, {
      ...APP,
      per_page: 10,
    });
    expect(new Set(all.map(run => run.id)).size).toBe(PAST_RUNS);
    const most = await dana.rest.actions.listWorkflowRunsForRepo({
      ...APP,
      per_page: 1000,
    });
    expect(most.data.workflow_runs).toHaveLength(PAST_RUNS);
    expect(most.headers.link).toBeUndefined();
  });

  it('filters runs', async () => {
    const list = async (filter: object) =>
      (
        await dana.rest.actions.listWorkflowRunsForRepo({
          ...APP,
          per_page: 100,
          ...filter,
        })
      ).data.workflow_runs;
    expect((await list({ event: 'push' })).map(r => r.event)).toEqual(
      Array(22).fill('push'),
    );
    expect(await list({ branch: 'other' })).toEqual([]);
    expect(await list({ status: 'failure' })).toEqual([]);
    expect(await list({ status: 'success' })).toHaveLength(PAST_RUNS);
    const at = new Date(runs()[9].createdAt).toISOString();
    expect(await list({ created: `<${at.slice(0, 19)}Z` })).toHaveLength(9);
    expect(await problem(list({ created: 'yesterday' }))).toMatchObject({
      status: 422,
    });
  });

  it('gives the attempts of a run and their jobs', async () => {
    const run_id = runs()[0].id;
    const { data: run } = await dana.rest.actions.getWorkflowRun({
      ...APP,
      run_id,
    });
    expect(run).toMatchObject({ run_attempt: 2, conclusion: 'success' });
    const first = await dana.rest.actions.getWorkflowRunAttempt({
      ...APP,
      run_id,
      attempt_number: 1,
    });
    expect(first.data).toMatchObject({ run_attempt: 1, conclusion: 'failure' });
    const jobs = async (filter: 'latest' | 'all') =>
      (
        await dana.rest.actions.listJobsForWorkflowRun({
          ...APP,
          run_id,
          filter,
        })
      ).data.jobs.map(job => `${job.name} ${job.run_attempt}`);
    expect(await jobs('latest')).toEqual(['check 1', 'deploy 2']);
    expect(await jobs('all')).toEqual(['check 1', 'deploy 1', 'deploy 2']);
    expect(
      await problem(
        dana.rest.actions.listJobsForWorkflowRunAttempt({
          ...APP,
          run_id,
          attempt_number: 7,
        }),
      ),
    ).toEqual({ status: 404, message: 'Not Found' });
  });

  it('gives the log of a job over an address without token that ends after 60 s', async () => {
    const [job] = sandbox.state.jobsOfRun.get(runs()[1].id) ?? [];
    const asked = await fetch(
      `${sandbox.url}/api/v3/repos/acme/app/actions/jobs/${job.id}/logs`,
      {
        redirect: 'manual',
        headers: { authorization: 'token ghp_sandbox_dana' },
      },
    );
    expect(asked.status).toBe(302);
    const address = asked.headers.get('location') ?? '';
    const log = await fetch(address);
    expect(log.status).toBe(200);
    expect(log.headers.get('content-type')).toContain('text/plain');
    const forged = address.replace(
      /until=\d+/,
      `until=${Date.now() + 3600_000}`,
    );
    expect((await fetch(forged)).status).toBe(403);
    const { data } = await dana.rest.actions.downloadJobLogsForWorkflowRun({
      ...APP,
      job_id: job.id,
    });
    expect(typeof data).toBe('string');
  });

  it('answers 304 to the same token only, and for free', async () => {
    const url = `${sandbox.url}/api/v3/repos/acme/app/actions/runs`;
    const ask = (login: string, tag?: string) =>
      fetch(url, {
        headers: {
          authorization: `token ghp_sandbox_${login}`,
          ...(tag ? { 'if-none-match': tag } : {}),
        },
      });
    const first = await ask('ravi');
    const tag = first.headers.get('etag') ?? '';
    const used = Number(first.headers.get('x-ratelimit-used'));
    const second = await ask('ravi', tag);
    expect(second.status).toBe(304);
    expect(Number(second.headers.get('x-ratelimit-used'))).toBe(used);
    expect((await ask('cleo', tag)).status).toBe(200);
    expect(Number((await ask('ravi')).headers.get('x-ratelimit-used'))).toBe(
      used + 1,
    );
  });

  it('hides private repositories and refuses writes without the right', async () => {
    const outsider = person('outsider');
    expect(await problem(outsider.rest.repos.get(SECRET))).toEqual({
      status: 404,
      message: 'Not Found',
    });
    expect(await problem(octokit().rest.repos.get(SECRET))).toMatchObject({
      status: 404,
    });
    expect((await octokit().rest.repos.get(APP)).data.full_name).toBe(
      'acme/app',
    );
    expect((await person('aude').rest.repos.get(SECRET)).status).toBe(200);
    const run_id = runs()[2].id;
    const rerun = (by: Octokit) =>
      by.rest.actions.reRunWorkflow({ ...APP, run_id });
    expect(await problem(rerun(octokit()))).toEqual({
      status: 401,
      message: 'Requires authentication',
    });
    expect(await problem(rerun(person('aude')))).toEqual({
      status: 403,
      message: 'Must have admin rights to Repository.',
    });
    expect(
      await problem(octokit('ghp_wrong').rest.users.getAuthenticated()),
    ).toEqual({ status: 401, message: 'Bad credentials' });
  });

  it('dispatches, lets a reviewer answer, and cancels', async () => {
    const dispatch = async () => {
      const answer = await dana.request(
        'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
        {
          ...APP,
          workflow_id: 'deliver.yml',
          ref: 'main',
          inputs: { reason: 'try' },
          return_run_details: true,
        },
      );
      return (answer.data as unknown as { workflow_run_id: number })
        .workflow_run_id;
    };
    const run_id = await dispatch();
    const pending = (by: Octokit) =>
      by.rest.actions.getPendingDeploymentsForRun({ ...APP, run_id });
    await until(async () => (await pending(dana)).data.length > 0);
    const [waiting] = (await pending(person('cleo'))).data;
    expect(waiting).toMatchObject({
      environment: { name: 'production' },
      current_user_can_approve: true,
    });
    expect((await pending(dana)).data[0].current_user_can_approve).toBe(false);
    const review = (by: Octokit) =>
      by.rest.actions.reviewPendingDeploymentsForRun({
        ...APP,
        run_id,
        environment_ids: [waiting.environment.id as number],
        state: 'approved',
        comment: 'Go',
      });
    expect(await problem(review(dana))).toEqual({
      status: 422,
      message: 'No pending deployment requests to approve or reject',
    });
    expect((await review(person('cleo'))).status).toBe(200);
    const approvals = await dana.rest.actions.getReviewsForRun({
      ...APP,
      run_id,
    });
    expect(approvals.data.map(a => `${a.user?.login} ${a.state}`)).toEqual([
      'cleo approved',
    ]);
    const second = await dispatch();
    expect(
      (await dana.rest.actions.cancelWorkflowRun({ ...APP, run_id: second }))
        .status,
    ).toBe(202);
    await until(
      async () =>
        (
          await dana.rest.actions.getWorkflowRun({ ...APP, run_id: second })
        ).data.conclusion === 'cancelled',
    );
    expect(
      await problem(
        dana.rest.actions.cancelWorkflowRun({ ...APP, run_id: second }),
      ),
    ).toMatchObject({ status: 409 });
    expect(
      await problem(
        dana.rest.actions.createWorkflowDispatch({
          ...APP,
          workflow_id: 'deliver.yml',
          ref: 'nowhere',
        }),
      ),
    ).toEqual({ status: 422, message: 'No ref found for: nowhere' });
  });

  it('refuses malformed JSON and unknown API versions', async () => {
    const broken = await fetch(
      `${sandbox.url}/api/v3/repos/acme/app/deployments`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: 'token ghp_sandbox_dana',
        },
        body: '{',
      },
    );
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({
      message: 'Problems parsing JSON',
    });
    const old = await fetch(`${sandbox.url}/api/v3/repos/acme/app`, {
      headers: { 'x-github-api-version': '1999-01-01' },
    });
    expect(old.status).toBe(400);
  });

  it('counts calls by route and kind of token', () => {
    const calls = sandbox.github.counters.list();
    const of = (actor: string) =>
      calls.find(c => c.route === '/repos/{owner}/{repo}' && c.actor === actor)
        ?.calls;
    expect(of('anonymous')).toBe(3);
    expect(of('user')).toBe(2);
    expect(calls.some(c => c.notModified === 1)).toBe(true);
  });
});
