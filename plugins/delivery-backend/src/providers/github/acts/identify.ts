import { isError, ServiceUnavailableError } from '@backstage/errors';
import {
  VendorRefusal,
  type UserToken,
  type VendorIdentity,
} from 'backstage-plugin-delivery-node';
import { parseBody } from '../schema';
import { unreadable } from './ask';
import { authorizationSchema } from './bodies';
import { UserClient, type UserClientOptions } from './UserClient';
import { revealToken, tokenNotOurs } from './userToken';

/** An application at GitHub that people sign in with. */
export interface SignInApplication {
  host: string;
  clientId: string;
  clientSecret: string;
}

const WHAT = 'proof of whose sign-in it is';

/**
 * See VendorActs.identify. Asks each application of the host in turn; GitHub knows a token only by the one it was issued to.
 */
export async function identify(
  options: UserClientOptions,
  applications: readonly SignInApplication[],
  token: UserToken,
  signal: AbortSignal,
): Promise<VendorIdentity> {
  const value = revealToken(token);
  for (const application of applications) {
    const data = await checkToken(options, application, value, signal);
    if (data !== undefined) return identityOf(data, application, options);
  }
  throw tokenNotOurs(
    `GitHub (${options.host}) does not know your sign-in as one of this portal, or it ran out. Sign in to GitHub again, then repeat what you did.`,
  );
}

/** Undefined: not of this application. */
async function checkToken(
  options: UserClientOptions,
  application: SignInApplication,
  value: string,
  signal: AbortSignal,
): Promise<unknown> {
  const client = new UserClient(options, application);
  try {
    const { data } = await client.call({
      route: 'POST /applications/{client_id}/token',
      parameters: { client_id: application.clientId, access_token: value },
      what: WHAT,
      signal,
    });
    return data;
  } catch (error) {
    // 404 and 422: no such token of this application.
    if (isError(error) && error.name === 'NotFoundError') return undefined;
    // The credentials here are the portal's own, so the person can do nothing about them.
    if (
      error instanceof VendorRefusal ||
      (isError(error) && error.name === 'NotAllowedError')
    ) {
      throw misconfigured(options.host);
    }
    throw error;
  }
}

function identityOf(
  data: unknown,
  application: SignInApplication,
  { host, clock }: UserClientOptions,
): VendorIdentity {
  let raw;
  try {
    raw = parseBody(authorizationSchema, data, WHAT);
  } catch {
    throw unreadable(host, WHAT);
  }
  const { app, user, expires_at: expiresAt } = raw;
  const ofPerson = user?.type === undefined || user.type === 'User';
  if (
    app.client_id !== application.clientId ||
    !ofPerson ||
    !user?.id ||
    !user.login ||
    !user.node_id
  ) {
    throw tokenNotOurs(
      `GitHub (${host}) does not say that your sign-in is one of this portal. Sign in to GitHub again, then repeat what you did.`,
    );
  }
  if (expiresAt !== undefined && expiresAt <= clock()) {
    throw new VendorRefusal(
      'token_expired',
      `Your sign-in at GitHub (${host}) ran out. Sign in to GitHub again, then repeat what you did.`,
    );
  }
  return { host, id: user.id, nodeId: user.node_id, login: user.login };
}

function misconfigured(host: string): Error {
  return Object.assign(
    new ServiceUnavailableError(
      `GitHub (${host}) does not accept the client id and secret of this portal. Whoever runs the portal has to look at delivery.providers.github.signIn.`,
    ),
    { code: 'sign_in_misconfigured', params: { host } },
  );
}
