import { Octokit } from '@octokit/rest';
import { HandClock } from '../engine';
import { EnvironmentRecord, RepoRecord, RunRecord } from '../state';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';

const APP = { owner: 'acme', repo: 'app' };
const NOTHING = {
  status: 422,
  message: 'No pending deployment requests to approve or reject',
};
const SPEED = 10;
const HOUR = 3_600_000;

describe('approving and acting, asked by the real Octokit', () => {
  let clock: HandClock;
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let gate: EnvironmentRecord;

  beforeEach(async () => {
    clock = new HandClock(Date.UTC(2026, 10, 20, 9));
    sandbox = await startSmallSandbox({ clock, speed: SPEED });
    const repo = sandbox.state.repo('acme', 'app') as RepoRecord;
    [gate] = repo.environments;
  });
  afterEach(() => sandbox?.stop());

  const as = (auth: string) =>
    new Octokit({
      baseUrl: `${sandbox.url}/api/v3`,
      auth: auth.includes('_') ? auth : `ghp_sandbox_${auth}`,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      retry: { enabled: false },
    }).rest;
  const problem = (asked: Promise<unknown>) =>
    asked.then(
      () => undefined,
      error => ({ status: error.status, message: error.response.data.message }),
    );
  const control = async (path: string, body: object) => {
    const answer = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  /** A run of dana's that has come as far as it does without anybody. */
  async function waiting(): Promise<RunRecord> {
    const { data } = await as('dana').actions.createWorkflowDispatch({
      ...APP,
      workflow_id: 'deliver.yml',
      ref: 'main',
      return_run_details: true,
    } as never);
    const { workflow_run_id: id } = data as unknown as {
      workflow_run_id: number;
    };
    clock.advance(HOUR / SPEED);
    return sandbox.state.runs.get(id) as RunRecord;
  }
  const last = (run: RunRecord) => run.attempts[run.attempts.length - 1];
  const pending = async (run: RunRecord, login = 'cleo') => {
    const { data } = await as(login).actions.getPendingDeploymentsForRun({
      ...APP,
      run_id: run.id,
    });
    return data;
  };
  const review = (
    run: RunRecord,
    by = 'cleo',
    state: 'approved' | 'rejected' = 'approved',
    environment_ids = [gate.id],
  ) =>
    as(by).actions.reviewPendingDeploymentsForRun({
      ...APP,
      run_id: run.id,
      environment_ids,
      state,
      comment: 'Go',
    });
  const approvals = async (run: RunRecord) => {
    const { data } = await as('dana').actions.getReviewsForRun({
      ...APP,
      run_id: run.id,
    });
    return data;
  };

  it('refuses with one text whoever may not decide, and what does not wait', async () => {
    const run = await waiting();
    expect(await problem(review(run, 'dana'))).toEqual(NOTHING);
    expect(await problem(review(run, 'aude'))).toEqual(NOTHING);
    expect(
      await problem(review(run, 'cleo', 'approved', [gate.id, 9])),
    ).toEqual(NOTHING);
    expect(run.reviews).toEqual([]);
    await review(run);
    expect(await problem(review(run))).toEqual(NOTHING);
    expect(await problem(review(run, 'ravi', 'rejected'))).toEqual(NOTHING);
  });

  it('lists a run under a wait timer, and lets nobody decide until it is over', async () => {
    await control('/environment', {
      target: 'app',
      name: 'production',
      'wait-minutes': 30,
    });
    const { data } = await as('dana').actions.createWorkflowDispatch({
      ...APP,
      workflow_id: 'deliver.yml',
      ref: 'main',
      return_run_details: true,
    } as never);
    const id = (data as unknown as { workflow_run_id: number }).workflow_run_id;
    const run = sandbox.state.runs.get(id) as RunRecord;
    while (last(run).status !== 'waiting') clock.advanceTo(clock.nextAt());
    const closedAt = clock.now();
    const [held] = await pending(run);
    expect(held).toMatchObject({
      environment: { id: gate.id },
      wait_timer: 30,
      current_user_can_approve: true,
    });
    // durations are divided by the speed: the end that follows from the answer is the true one
    const end = closedAt + (30 * 60_000) / SPEED;
    expect(Date.parse(held.wait_timer_started_at ?? '') + 30 * 60_000).toBe(
      end - (end % 1000),
    );
    expect(await problem(review(run))).toEqual(NOTHING);
    clock.advance((30 * 60_000) / SPEED - 1);
    expect(await problem(review(run))).toEqual(NOTHING);
    expect(await approvals(run)).toEqual([]);
    clock.advance(1);
    expect(last(run).status).toBe('waiting');
    expect(await pending(run)).toHaveLength(1);
    await review(run);
    expect(
      (await approvals(run)).map(({ user, comment, state }) => [
        user?.login,
        comment,
        state,
      ]),
    ).toEqual([
      ['github-actions[bot]', '30 minute wait timer', 'approved'],
      ['cleo', 'Go', 'approved'],
    ]);
    expect((await approvals(run))[0].user).toMatchObject({ type: 'Bot' });
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('success');
  });

  it('goes on by itself when only the timer holds it', async () => {
    await control('/environment', {
      target: 'app',
      name: 'production',
      'no-reviewers': true,
      'wait-minutes': 5,
    });
    const run = await waiting();
    expect(last(run).conclusion).toBe('success');
    expect((await approvals(run)).map(({ comment }) => comment)).toEqual([
      '5 minute wait timer',
    ]);
  });

  it('wants a new approval for a new attempt, and lists those of all attempts without time or attempt', async () => {
    const run = await waiting();
    await review(run, 'cleo', 'rejected');
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('failure');
    await as('ravi').actions.reRunWorkflow({ ...APP, run_id: run.id });
    clock.advance(HOUR);
    expect(last(run)).toMatchObject({
      attempt: 2,
      status: 'waiting',
      triggeringActor: 'ravi',
    });
    // who runs it again triggers it; dana, who did first, is barred no more
    expect(await problem(review(run, 'ravi'))).toEqual(NOTHING);
    expect((await pending(run, 'dana'))[0].current_user_can_approve).toBe(true);
    await review(run, 'cleo');
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('success');
    await as('ravi').actions.reRunWorkflow({ ...APP, run_id: run.id });
    clock.advance(HOUR);
    expect(last(run)).toMatchObject({ attempt: 3, status: 'waiting' });
    const listed = await approvals(run);
    expect(listed.map(({ state }) => state)).toEqual(['rejected', 'approved']);
    expect(Object.keys(listed[0]).sort()).toEqual([
      'comment',
      'environments',
      'state',
      'user',
    ]);
  });

  it('closes the gate of a run that is cancelled', async () => {
    const run = await waiting();
    const cancel = () =>
      as('dana').actions.cancelWorkflowRun({ ...APP, run_id: run.id });
    expect((await cancel()).status).toBe(202);
    expect(last(run).status).toBe('waiting');
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('cancelled');
    expect(await pending(run)).toEqual([]);
    expect(await problem(review(run))).toEqual(NOTHING);
    expect(await problem(cancel())).toMatchObject({ status: 409 });
  });

  it('refuses to run again what runs, what is old, and whoever may only read', async () => {
    const run = await waiting();
    const again = (by: string) =>
      problem(as(by).actions.reRunWorkflow({ ...APP, run_id: run.id }));
    expect(await again('dana')).toEqual({
      status: 403,
      message: 'This workflow is already running',
    });
    expect(await again('aude')).toMatchObject({ status: 403 });
    await review(run);
    clock.advance(31 * 24 * HOUR);
    expect(await again('dana')).toEqual({
      status: 403,
      message:
        'Unable to retry this workflow run because it was created over a month ago',
    });
  });

  it('tells whether administrators may bypass, and leaves no approval when one does', async () => {
    const run = await waiting();
    const bypass = () => control('/bypass', { target: 'app', run: run.id });
    expect(await bypass()).toEqual({
      error: expect.stringContaining('--admins-bypass true'),
    });
    await control('/environment', {
      target: 'app',
      name: 'production',
      'admins-bypass': true,
    });
    const { data } = await as('cleo').repos.getEnvironment({
      ...APP,
      environment_name: 'production',
    });
    expect(data).toMatchObject({
      can_admins_bypass: true,
      updated_at: new Date(clock.now()).toISOString().replace('.000', ''),
    });
    expect(await bypass()).toEqual({
      bypassed: [{ run: run.id, environments: ['production'] }],
    });
    clock.advance(HOUR);
    expect(last(run).conclusion).toBe('success');
    expect(await approvals(run)).toEqual([]);
  });

  it('gives every answer a number', async () => {
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${sandbox.url}${path}`, init);
    const answers = await Promise.all([
      ask('/api/v3/repos/acme/app'),
      ask('/api/v3/repos/acme/nothing'),
      ask('/api/v3/nowhere', { method: 'POST' }),
      ask('/api/v3/user', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{',
      }),
      ask('/login/oauth/access_token', { method: 'POST' }),
    ]);
    const ids = answers.map(({ headers }) =>
      headers.get('x-github-request-id'),
    );
    expect(ids.every(id => /^[0-9A-F-]{36}$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  describe('faults', () => {
    const fault = (kind: string, more: object = {}) =>
      control('/fault', { kind, ...more });

    it('does the write and answers 502', async () => {
      const run = await waiting();
      await fault('after-errors', { count: 1 });
      // reading and what is refused are not what it waits for
      expect(await pending(run)).toHaveLength(1);
      expect(await problem(review(run, 'dana'))).toEqual(NOTHING);
      expect(await problem(review(run))).toEqual({
        status: 502,
        message: 'Server Error',
      });
      expect((await approvals(run)).map(({ user }) => user?.login)).toEqual([
        'cleo',
      ]);
      expect(await problem(review(run))).toEqual(NOTHING);
    });

    it('strikes the routes it is meant for, and others not', async () => {
      await fault('errors', { status: 503, route: 'pending_deployments' });
      const run = await waiting();
      expect(await problem(review(run))).toMatchObject({ status: 503 });
      expect(run.reviews).toEqual([]);
      expect(await approvals(run)).toEqual([]);
      await fault('after-errors', { count: 1, route: '/acme/secret/' });
      await as('dana').actions.cancelWorkflowRun({ ...APP, run_id: run.id });
      expect(
        await (await fetch(`${sandbox.url}/_sandbox/faults`)).json(),
      ).toEqual([
        { kind: 'errors', status: 503, route: 'pending_deployments' },
        { kind: 'after-errors', count: 1, route: '/acme/secret/' },
      ]);
    });

    it('asks people for single sign-on where an organisation is behind the address', async () => {
      await fault('sso', { seconds: 60 });
      const { access } = sandbox.github.tokens.issueUser('cleo', []);
      const ask = (path: string, token: string) =>
        fetch(`${sandbox.url}/api/v3${path}`, {
          headers: { authorization: `Bearer ${token}` },
        });
      const refused = await ask('/repos/acme/app', access.token);
      expect(refused.status).toBe(403);
      const link = /^required; url=(\S+)$/.exec(
        refused.headers.get('x-github-sso') ?? '',
      )?.[1];
      expect(link).toMatch(
        new RegExp(
          `^${sandbox.url}/orgs/acme/sso\\?authorization_request=[0-9a-f]{40}$`,
        ),
      );
      expect((await fetch(link ?? '')).status).toBe(200);
      expect((await refused.json()).message).toContain('SAML enforcement');
      expect((await ask('/user', access.token)).status).toBe(200);
      const { token } = sandbox.github.tokens.issueInstallation(
        'acme',
        { metadata: 'read' },
        undefined,
      );
      expect((await ask('/repos/acme/app', token)).status).toBe(200);
      clock.advance(60_000);
      expect((await ask('/repos/acme/app', access.token)).status).toBe(200);
    });
  });

  describe('tokens', () => {
    const check = (
      token: unknown,
      [id, secret] = ['Iv1.sandbox', 'sandbox-secret'],
      asked = id,
    ) =>
      fetch(`${sandbox.url}/api/v3/applications/${asked}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString(
            'base64',
          )}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ access_token: token }),
      });
    const OTHER: [string, string] = ['Iv1.other', 'other-secret'];

    it('says whose a token is to the application it was issued to', async () => {
      const { token } = await control('/user-token', { user: 'cleo' });
      const answer = await check(token);
      expect(answer.status).toBe(200);
      const cleo = sandbox.state.accounts.get('cleo');
      expect(await answer.json()).toMatchObject({
        app: { client_id: 'Iv1.sandbox' },
        user: { login: 'cleo', id: cleo?.id, node_id: cleo?.nodeId },
        expires_at: new Date(clock.now() + 8 * HOUR)
          .toISOString()
          .replace('.000', ''),
      });
      expect((await check(token, OTHER)).status).toBe(404);
      expect((await check(token, OTHER, 'Iv1.sandbox')).status).toBe(404);
      expect((await check(token, ['Iv1.sandbox', 'guessed'])).status).toBe(401);
      expect((await check(undefined)).status).toBe(422);
      expect((await check('ghu_unknown')).status).toBe(404);
      clock.advance(8 * HOUR);
      expect((await check(token)).status).toBe(404);
    });

    it('knows tokens of another application, which work as well', async () => {
      const { token, clientId } = await control('/other-token', {
        user: 'cleo',
      });
      expect(clientId).toBe('Iv1.other');
      expect(token).toMatch(/^ghu_/);
      const { data } = await as(token).users.getAuthenticated();
      expect(data.login).toBe('cleo');
      expect((await check(token)).status).toBe(404);
      expect(await (await check(token, OTHER)).json()).toMatchObject({
        app: { client_id: 'Iv1.other' },
      });
      // nobody takes another application's token away
      const taken = await fetch(
        `${sandbox.url}/api/v3/applications/Iv1.sandbox/token`,
        {
          method: 'DELETE',
          headers: {
            authorization: `Basic ${btoa('Iv1.sandbox:sandbox-secret')}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ access_token: token }),
        },
      );
      expect(taken.status).toBe(404);
      await as(token).users.getAuthenticated();
    });

    it('lets them end before their time', async () => {
      const issue = async () =>
        (await control('/user-token', { user: 'cleo' })).token as string;
      const who = (token: string) =>
        problem(as(token).users.getAuthenticated());
      const [one, two] = [await issue(), await issue()];
      expect(await control('/expire-token', { token: one })).toEqual({
        ended: 1,
      });
      expect(await who(one)).toEqual({
        status: 401,
        message: 'Bad credentials',
      });
      expect((await check(one)).status).toBe(404);
      expect(await who(two)).toBeUndefined();
      const other = (await control('/other-token', { user: 'cleo' })).token;
      const grant = sandbox.github.tokens.issueUser('cleo', []);
      expect(await control('/expire-token', { user: 'cleo' })).toEqual({
        ended: 2,
      });
      expect(await who(two)).toMatchObject({ status: 401 });
      expect(await who(other)).toBeUndefined();
      expect(
        sandbox.github.tokens.useRefresh(grant.refresh.token),
      ).toBeDefined();
      await control('/revoke', { user: 'cleo' });
      expect(
        sandbox.github.tokens.useRefresh(grant.refresh.token),
      ).toBeUndefined();
      expect(await control('/revoke', { token: one })).toEqual({
        error: 'No such token, or it is over already.',
      });
      expect(await control('/expire-token', {})).toEqual({
        error: 'Say which: --token text or --user login.',
      });
    });
  });
});
