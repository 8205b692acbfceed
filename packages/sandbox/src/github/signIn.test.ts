import { ConfigReader } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { generateKeyPairSync } from 'crypto';
import { Clock } from '../state';
import { appJwt } from './__testUtils__/appJwt';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';

/** The wall clock, moved on by hand. */
function movableClock(): Clock & { ahead: number } {
  return {
    ahead: 0,
    now() {
      return Date.now() + this.ahead;
    },
    after(ms, fn) {
      const timer = setTimeout(fn, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

describe('sign-in and tokens', () => {
  const clock = movableClock();
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;

  beforeAll(async () => {
    sandbox = await startSmallSandbox({ clock });
  });
  afterAll(() => sandbox?.stop());

  const callback = 'http://localhost:7007/api/auth/github/handler/frame';
  const authorize = (extra: Record<string, string> = {}) =>
    fetch(
      `${sandbox.url}/login/oauth/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: 'Iv1.sandbox',
        redirect_uri: callback,
        state: 'a&b',
        ...extra,
      })}`,
      { redirect: 'manual' },
    );
  const exchange = async (form: Record<string, string>) => {
    const answer = await fetch(`${sandbox.url}/login/oauth/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        client_id: 'Iv1.sandbox',
        client_secret: 'sandbox-secret',
        ...form,
      }),
    });
    return (await answer.json()) as Record<string, string>;
  };
  const whoIs = (token: string) =>
    fetch(`${sandbox.url}/api/v3/user`, {
      headers: { authorization: `Bearer ${token}` },
    });
  const codeFor = async (login: string) => {
    const answer = await authorize({ login });
    return new URL(answer.headers.get('location') ?? '');
  };

  it('shows the people to choose from, without cookie or opener policy', async () => {
    const answer = await authorize();
    const html = await answer.text();
    for (const login of ['dana', 'ravi', 'cleo', 'aude']) {
      expect(html).toContain(`aria-label="${login}"`);
    }
    expect(html).not.toContain('a&b"');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('cross-origin-opener-policy')).toBeNull();
  });

  it('gives a code that works once, and a token of that person', async () => {
    const target = await codeFor('cleo');
    expect(`${target.origin}${target.pathname}`).toBe(callback);
    expect(target.searchParams.get('state')).toBe('a&b');
    const code = target.searchParams.get('code') ?? '';
    const token = await exchange({ code, redirect_uri: callback });
    expect(token).toMatchObject({ token_type: 'bearer', scope: '' });
    const user = await (await whoIs(token.access_token)).json();
    expect(user.login).toBe('cleo');
    expect(await exchange({ code })).toMatchObject({
      error: 'bad_verification_code',
    });
  });

  it('refuses a wrong client and a redirect that is no web address', async () => {
    expect((await authorize({ client_id: 'other' })).status).toBe(404);
    const script = await authorize({
      redirect_uri: 'data:text/html,x',
      login: 'dana',
    });
    expect(script.status).toBe(400);
    expect(await exchange({ client_secret: 'x' })).toMatchObject({
      error: 'incorrect_client_credentials',
    });
  });

  it('refreshes, with 30 s of grace for a used refresh token', async () => {
    const code = (await codeFor('dana')).searchParams.get('code') ?? '';
    const first = await exchange({ code });
    const refresh = () =>
      exchange({
        grant_type: 'refresh_token',
        refresh_token: first.refresh_token,
      });
    const second = await refresh();
    expect((await whoIs(second.access_token)).status).toBe(200);
    expect(await refresh()).toHaveProperty('access_token');
    clock.ahead += 31_000;
    expect(await refresh()).toMatchObject({ error: 'bad_refresh_token' });
    clock.ahead += 8 * 3600_000;
    expect((await whoIs(second.access_token)).status).toBe(401);
  });

  it('tells the App whose token it is', async () => {
    const { access } = sandbox.github.tokens.issueUser('ravi', []);
    const check = (token: string) =>
      fetch(`${sandbox.url}/api/v3/applications/Iv1.sandbox/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(
            'Iv1.sandbox:sandbox-secret',
          ).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ access_token: token }),
      });
    const good = await check(access.token);
    expect(await good.json()).toMatchObject({
      user: { login: 'ravi' },
      app: { client_id: 'Iv1.sandbox' },
    });
    expect((await check('ghp_sandbox_ravi')).status).toBe(404);
  });

  it('believes only what the key of the App signed', async () => {
    const { app } = sandbox.github;
    const ask = (jwt: string) =>
      fetch(`${sandbox.url}/api/v3/app`, {
        headers: { authorization: `Bearer ${jwt}` },
      });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs1', format: 'pem' })
      .toString();
    expect((await ask(await appJwt(app, other))).status).toBe(401);
    expect((await ask(await appJwt(app))).status).toBe(200);
    expect((await ask('a.b.c')).status).toBe(401);
  });

  it('limits an installation token to what was asked for', async () => {
    const { store, tokens } = sandbox.github;
    const secret = store.repo('acme', 'secret');
    const app = store.repo('acme', 'app');
    const { token } = tokens.issueInstallation('acme', { metadata: 'read' }, [
      app?.id ?? 0,
    ]);
    const ask = (path: string) =>
      fetch(`${sandbox.url}/api/v3${path}`, {
        headers: { authorization: `token ${token}` },
      });
    expect((await ask('/repos/acme/secret')).status).toBe(404);
    const wide = tokens.issueInstallation(
      'acme',
      { metadata: 'read' },
      undefined,
    );
    const refused = await fetch(
      `${sandbox.url}/api/v3/repos/acme/secret/actions/runs`,
      { headers: { authorization: `token ${wide.token}` } },
    );
    expect(refused.status).toBe(403);
    expect((await refused.json()).message).toBe(
      'Resource not accessible by integration',
    );
    expect(secret?.private).toBe(true);
    expect((await ask('/user')).status).toBe(403);
  });

  it('serves Backstage’s own credentials provider', async () => {
    const host = sandbox.url.replace('http://', '');
    const { app } = sandbox.github;
    const integrations = ScmIntegrations.fromConfig(
      new ConfigReader({
        integrations: {
          github: [
            {
              host,
              apiBaseUrl: `${sandbox.url}/api/v3`,
              apps: [
                {
                  appId: app.id,
                  clientId: app.clientId,
                  clientSecret: app.clientSecret,
                  webhookSecret: 'x',
                  privateKey: app.privateKeyPem,
                },
              ],
            },
          ],
        },
      }),
    );
    const provider =
      DefaultGithubCredentialsProvider.fromIntegrations(integrations);
    const { token, type } = await provider.getCredentials({
      url: `${sandbox.url}/acme/secret`,
    });
    expect(type).toBe('app');
    const answer = await fetch(`${sandbox.url}/api/v3/repos/acme/secret`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect((await answer.json()).full_name).toBe('acme/secret');
  });
});
