import type { GithubCredentialsProvider } from '@backstage/integration';
import type { Sandbox } from '../../packages/sandbox/src';
import { appJwt } from '../../packages/sandbox/src/github/__testUtils__/appJwt';
import {
  installationIdOf,
  installedAccounts,
} from '../../packages/sandbox/src/github/gitHubApp';

/** As Backstage does: a little before GitHub's hour is over. */
const ROTATE_MS = 50 * 60_000;

/**
 * Tokens of the App by the simulated clock. Backstage's own provider compares GitHub's times with the wall clock, which stands still
 * here while hours pass.
 */
export function appCredentials(
  sandbox: Sandbox,
  now: () => number,
): GithubCredentialsProvider {
  const { app, store } = sandbox.github;
  const jwt = () => appJwt(app);
  let current: { until: number; token: Promise<string> } | undefined;

  const fetchToken = async () => {
    const [account] = installedAccounts(store);
    const response = await fetch(
      `${sandbox.url}/api/v3/app/installations/${installationIdOf(
        account,
      )}/access_tokens`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${await jwt()}` },
      },
    );
    if (!response.ok) throw new Error(`No token: HTTP ${response.status}`);
    const body: { token: string } = await response.json();
    return body.token;
  };

  return {
    async getCredentials({ url }) {
      const [, owner] = new URL(url).pathname.split('/');
      if (!owner) return { type: 'app', token: await jwt() };
      if (!current || current.until <= now()) {
        current = { until: now() + ROTATE_MS, token: fetchToken() };
      }
      return { type: 'app', token: await current.token };
    },
  };
}
