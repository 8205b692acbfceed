import {
  actingSandbox,
  ActingSandbox,
  HOUR,
} from './__testUtils__/actingSandbox';

describe('user tokens', () => {
  let at: ActingSandbox;

  beforeEach(async () => {
    at = await actingSandbox();
  });
  afterEach(() => at?.sandbox.stop());

  const check = (
    token: unknown,
    [id, secret] = ['Iv1.sandbox', 'sandbox-secret'],
    asked = id,
  ) =>
    fetch(`${at.sandbox.url}/api/v3/applications/${asked}/token`, {
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
    const { clock, sandbox, control } = at;
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
    const { sandbox, as, control } = at;
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
    const { sandbox, as, problem, control } = at;
    const issue = async () =>
      (await control('/user-token', { user: 'cleo' })).token as string;
    const who = (token: string) => problem(as(token).users.getAuthenticated());
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
    expect(sandbox.github.tokens.useRefresh(grant.refresh.token)).toBeDefined();
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
