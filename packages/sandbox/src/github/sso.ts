import { randomBytes } from 'crypto';
import { GitHubContext } from './gitHubContext';

/** Where a person would authorise a token for the organisation a REST path is about; undefined for paths about none. */
export function ssoLinkOf(
  ctx: GitHubContext,
  path: string,
): string | undefined {
  const login = /^\/(?:repos|orgs)\/([^/]+)/.exec(path)?.[1];
  const owner = login && ctx.store.account(decodeURIComponent(login));
  if (!owner || owner.type !== 'Organization') return undefined;
  const request = randomBytes(20).toString('hex');
  return `${ctx.baseUrl}/orgs/${owner.login}/sso?authorization_request=${request}`;
}
