import { OTHER_APPLICATION } from '../github/gitHubApp';
import { GitHubContext } from '../github/gitHubContext';
import { GitHubError } from '../state';
import { person } from './actions';
import { Body, text } from './awsTarget';

/** A user token as the sign-in of an application gets one. */
function issue(ctx: GitHubContext, body: Body, clientId: string) {
  const account = person(ctx, text(body, 'user') ?? 'cleo');
  if (account.type !== 'User') {
    throw new GitHubError(409, `${account.login} is no person.`);
  }
  const { access } = ctx.tokens.issueUser(account.login, [], clientId);
  return {
    user: account.login,
    clientId,
    token: access.token,
    expiresAt: access.expiresAt,
  };
}

/** A token of the portal's own App. */
export const userToken = (ctx: GitHubContext, body: Body) =>
  issue(ctx, body, ctx.app.clientId);

/** A token of an application that is not the portal. */
export const otherToken = (ctx: GitHubContext, body: Body) =>
  issue(ctx, body, OTHER_APPLICATION.clientId);

/** A token of the App that creates repositories. */
export const provisionerToken = (ctx: GitHubContext, body: Body) =>
  issue(ctx, body, ctx.provisioner.clientId);

/** Ends one token, or all that a person has at the portal's App. */
export function endTokens(
  ctx: GitHubContext,
  body: Body,
  how: 'expire' | 'revoke',
) {
  const [token, login] = [text(body, 'token'), text(body, 'user')];
  if (!token === !login) {
    throw new GitHubError(400, 'Say which: --token text or --user login.');
  }
  const which = token ? { token } : { login: person(ctx, login ?? '').login };
  const ended = ctx.tokens.end(which, how);
  if (token && ended === 0) {
    throw new GitHubError(404, 'No such token, or it is over already.');
  }
  return { ended };
}
