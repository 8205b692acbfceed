import {
  actingSandbox,
  ActingSandbox,
  APP,
  NOTHING,
} from './__testUtils__/actingSandbox';

describe('faults of GitHub', () => {
  let at: ActingSandbox;

  beforeEach(async () => {
    at = await actingSandbox();
  });
  afterEach(() => at?.sandbox.stop());

  const fault = (kind: string, more: object = {}) =>
    at.control('/fault', { kind, ...more });

  it('does the write and answers 502', async () => {
    const { problem, waiting, pending, review, approvals } = at;
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
    const { sandbox, as, problem, waiting, review, approvals } = at;
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
    const { clock, sandbox } = at;
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
