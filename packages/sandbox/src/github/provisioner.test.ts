import { CreatingSandbox, creatingSandbox } from './__testUtils__/creating';

const BACK = 'http://127.0.0.1:7007/back';

describe('the App that creates repositories', () => {
  let world: CreatingSandbox;
  beforeAll(async () => {
    world = await creatingSandbox();
  });
  afterAll(() => world?.sandbox.stop());

  const create = (token: string, name: string) =>
    world.as(token).repos.createInOrg({ org: 'acme', name, private: true });

  async function exchange(body: Record<string, string>) {
    const answer = await fetch(
      `${world.sandbox.url}/login/oauth/access_token`,
      {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams(body),
      },
    );
    return (await answer.json()) as Record<string, string>;
  }

  it('signs people in under its own name, with tokens that only it can refresh', async () => {
    const { url } = world.sandbox;
    const query = `client_id=Iv1.provisioner&redirect_uri=${BACK}`;
    const asked = await fetch(`${url}/login/oauth/authorize?${query}`);
    expect(await asked.text()).toContain('Sandbox Provisioner');
    const back = await fetch(
      `${url}/login/oauth/authorize?${query}&login=dana`,
      { redirect: 'manual' },
    );
    const code = new URL(back.headers.get('location') ?? '').searchParams.get(
      'code',
    );
    const own = {
      client_id: 'Iv1.provisioner',
      client_secret: 'provisioner-secret',
    };
    const first = await exchange({ ...own, code: code ?? '' });
    await create(first.access_token, 'by-dana');
    expect(world.repo('by-dana').createdBy).toBe('dana');
    const refresh = {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token,
    };
    expect(
      await exchange({
        client_id: 'Iv1.sandbox',
        client_secret: 'sandbox-secret',
        ...refresh,
      }),
    ).toMatchObject({ error: 'bad_refresh_token' });
    const { access_token: next } = await exchange({ ...own, ...refresh });
    expect((await world.as(next).users.getAuthenticated()).data.login).toBe(
      'dana',
    );
  });

  it('gives no code of one App to the other', async () => {
    const { url } = world.sandbox;
    const back = await fetch(
      `${url}/login/oauth/authorize?client_id=Iv1.provisioner&redirect_uri=${BACK}&login=dana`,
      { redirect: 'manual' },
    );
    const code = new URL(back.headers.get('location') ?? '').searchParams.get(
      'code',
    );
    expect(
      await exchange({
        client_id: 'Iv1.sandbox',
        client_secret: 'sandbox-secret',
        code: code ?? '',
      }),
    ).toMatchObject({ error: 'bad_verification_code' });
  });

  it('does what the App of the portal may not, for the same person', async () => {
    const { as, portal, provisioner, problem } = world;
    const refused = {
      status: 403,
      message: 'Resource not accessible by integration',
    };
    expect(await problem(create(portal('dana'), 'orders'))).toEqual(refused);
    await create(provisioner('dana'), 'orders');
    const live = { owner: 'acme', repo: 'orders', environment_name: 'live' };
    const put = (token: string) =>
      as(token).repos.createOrUpdateEnvironment(live);
    expect(await problem(put(portal('dana')))).toEqual(refused);
    expect((await put(provisioner('dana'))).status).toBe(200);
    // nor does it help with what the person may not do
    expect(await problem(put(provisioner('ravi')))).toMatchObject({
      status: 403,
      message: 'Must have admin rights to Repository.',
    });
  });

  it('may not do what it has no permission for', async () => {
    const { as, provisioner, problem } = world;
    const run = { owner: 'acme', repo: 'secret' };
    expect(
      await problem(as(provisioner('dana')).repos.listDeployments(run)),
    ).toEqual({
      status: 403,
      message: 'Resource not accessible by integration',
    });
  });

  it('starts a workflow and tells its run', async () => {
    const dispatch = (details: boolean) =>
      world.request(
        world.provisioner('dana'),
        'POST /repos/acme/app/actions/workflows/deliver.yml/dispatches',
        { ref: 'main', ...(details && { return_run_details: true }) },
      );
    expect((await dispatch(false)).status).toBe(204);
    const { status, data } = await dispatch(true);
    const run = world.sandbox.state.runs.get(data.workflow_run_id);
    expect(status).toBe(200);
    expect(run?.actor).toBe('dana');
    expect(data).toMatchObject({
      html_url: `${world.sandbox.url}/acme/app/actions/runs/${run?.id}`,
      run_url: `${world.sandbox.url}/api/v3/repos/acme/app/actions/runs/${run?.id}`,
    });
  });

  it('has its tokens checked by its own credentials only', async () => {
    const token = world.provisioner('dana');
    const check = (id: string, secret: string) =>
      fetch(`${world.sandbox.url}/api/v3/applications/${id}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString(
            'base64',
          )}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ access_token: token }),
      }).then(answer => answer.status);
    expect(await check('Iv1.provisioner', 'provisioner-secret')).toBe(200);
    expect(await check('Iv1.sandbox', 'sandbox-secret')).toBe(404);
  });
});
