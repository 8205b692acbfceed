import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';

/** Errors of this provider carry a stable code; see `RuntimeProblem`. */
export interface ErrorDetails {
  /**
   * `role_not_assumable`, `not_allowed`, `throttled`, `wrong_region`, `cluster_not_found`, `service_not_found`, `credentials_missing`,
   * `credentials_expired`, `unreachable`, `read_failed`; of single things `task_definition_not_found`.
   */
  code: string;
  params: Record<string, string>;
}

/** What was being done when it failed. */
export interface About {
  accountId: string;
  region: string;
  /** `ecs:DescribeServices`: the permission the call needs. */
  action: string;
  cluster?: string;
  service?: string;
}

interface VendorError {
  name: string;
  message: string;
  code?: unknown;
  $metadata?: { httpStatusCode?: number };
}

/** Credentials could not be had; not a `cause`, which the SDK would look into and try again. */
export class CredentialsFailure extends Error {
  constructor(readonly failure: unknown) {
    super('no credentials');
    this.name = 'CredentialsFailure';
  }
}

export function detailed<T extends Error>(error: T, details: ErrorDetails): T {
  return Object.assign(error, details);
}

/** Errors of Node have a `code`, too; only ours have parameters. */
function isOurs(error: unknown): error is Error & ErrorDetails {
  const { code, params } = (error ?? {}) as Partial<ErrorDetails>;
  return typeof code === 'string' && typeof params === 'object';
}

export function codeOf(error: unknown): string | undefined {
  return isOurs(error) ? error.code : undefined;
}

export const THROTTLED =
  /^(Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|RequestThrottled\w*|LimitExceededException|SlowDown|PriorRequestNotComplete)$/;
export const DENIED =
  /^(AccessDenied\w*|UnauthorizedOperation|NotAuthorized\w*|AuthorizationError\w*|OptInRequired)$/;
export const EXPIRED = /^(ExpiredToken\w*|RequestExpired)$/;
export const REFUSED =
  /^(UnrecognizedClient\w*|InvalidClientTokenId|InvalidSignature\w*|SignatureDoesNotMatch|AuthFailure|IncompleteSignature|MissingAuthenticationToken\w*|InvalidIdentityToken\w*|IDPRejectedClaim\w*)$/;
const NETWORK =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ERR_TLS\w+|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+)$/;
const ROLE = /arn:aws[\w-]*:iam::(\d{12}):role\/([\w+=,.@/-]{1,128})/;
const PRINCIPAL = /User: (arn:aws[\w-]*:[\w-]+::\d{12}:[\w+=,.@/-]{1,200})/;
const ACTION = /not authorized to perform:? ([a-z0-9-]{1,40}:\w{1,80})/;

function vendorErrorOf(cause: unknown): VendorError {
  const error = (cause ?? {}) as Partial<VendorError>;
  const { $metadata } = error;
  const name = typeof error.name === 'string' ? error.name : '';
  const message = typeof error.message === 'string' ? error.message : '';
  // The SDK wraps some errors of the network into others that keep the text only.
  const code =
    error.code ??
    ($metadata?.httpStatusCode === undefined
      ? /\b(E[A-Z]{4,20}|EAI_AGAIN)\b/.exec(message)?.[1]
      : undefined);
  return { name, message, code, $metadata };
}

/**
 * A failed call as an error of ours. AWS's own text is read for the name of a role or an action and not passed on: it can hold what was sent.
 */
export function toEcsError(cause: unknown, about: About): Error {
  return cause instanceof CredentialsFailure
    ? credentialsError(cause.failure, about)
    : callError(cause, about);
}

function make(about: About) {
  const params: Record<string, string> = {
    accountId: about.accountId,
    region: about.region,
    action: about.action,
    ...(about.cluster && { cluster: about.cluster }),
    ...(about.service && { service: about.service }),
  };
  type Kind = new (message: string) => Error;
  return (Class: Kind, code: string, message: string, more = {}) =>
    detailed(new Class(message), { code, params: { ...params, ...more } });
}

function credentialsError(failure: unknown, about: About): Error {
  const error = vendorErrorOf(failure);
  const { accountId } = about;
  const as = make(about);
  if (isOurs(failure)) return failure;
  if (
    THROTTLED.test(error.name) ||
    EXPIRED.test(error.name) ||
    isUnreachable(error)
  ) {
    return callError(failure, { ...about, action: 'sts:AssumeRole' });
  }
  if (DENIED.test(error.name) || ROLE.test(error.message)) {
    const [, account = accountId, role = ''] = ROLE.exec(error.message) ?? [];
    const who = PRINCIPAL.exec(error.message)?.[1];
    return as(
      NotAllowedError,
      'role_not_assumable',
      `The portal may not assume ${
        role ? `the role ${role}` : 'its role'
      } of account ${account}: let the trust policy of the role name ${
        who ?? 'the identity the portal runs as'
      }, or correct the role of this account under "aws" in app-config.`,
      { role },
    );
  }
  return as(
    NotAllowedError,
    'credentials_missing',
    `The portal has no credentials for account ${accountId}: name the account and its role under "aws.accounts" in app-config, and check that the portal itself runs with credentials of AWS.`,
  );
}

function isUnreachable(error: VendorError): boolean {
  return (
    (typeof error.code === 'string' && NETWORK.test(error.code)) ||
    /^(TimeoutError|RequestTimeout\w*)$/.test(error.name) ||
    (error.$metadata?.httpStatusCode ?? 0) >= 500
  );
}

function callError(cause: unknown, about: About): Error {
  const error = vendorErrorOf(cause);
  const { accountId, region, cluster = '', service } = about;
  const place = `account ${accountId}, ${region}`;
  const as = make(about);
  const status = error.$metadata?.httpStatusCode;
  if (THROTTLED.test(error.name) || status === 429) {
    return as(
      ServiceUnavailableError,
      'throttled',
      `AWS answers no more calls of ${about.action} for now (${place}): the rate of the account is used up. It is asked again; if this stays, see what else reads this account.`,
    );
  }
  if (DENIED.test(error.name)) {
    const action = ACTION.exec(error.message)?.[1] ?? about.action;
    return as(
      NotAllowedError,
      'not_allowed',
      `The portal's role in account ${accountId} may not call ${action}: allow it in the policy of the role.`,
      { action },
    );
  }
  if (EXPIRED.test(error.name)) {
    return as(
      ServiceUnavailableError,
      'credentials_expired',
      `The portal's credentials for account ${accountId} have expired: renew those the portal runs with, and check its clock.`,
    );
  }
  if (REFUSED.test(error.name)) {
    return as(
      NotAllowedError,
      'credentials_missing',
      `AWS does not know the portal's credentials (${place}): check them under "aws" in app-config, the portal's clock, and that ${region} is enabled for the account.`,
    );
  }
  if (
    error.code === 'ENOTFOUND' ||
    /Identifier is for [\w-]+/.test(error.message)
  ) {
    return as(
      NotFoundError,
      'wrong_region',
      `AWS has nothing to ask in the region ${region} (account ${accountId}): correct the region of the environment in app-config, or let the portal's name server find the addresses of AWS.`,
    );
  }
  if (error.name === 'ClusterNotFoundException') {
    return as(
      NotFoundError,
      'cluster_not_found',
      `There is no cluster ${cluster} in ${place}: correct cluster, account or region of the environment in app-config.`,
    );
  }
  if (/^ServiceNot(Found|Active)Exception$/.test(error.name)) {
    return as(
      NotFoundError,
      'service_not_found',
      serviceNotFound(service ?? '', cluster, place),
    );
  }
  if (isUnreachable(error)) {
    return as(
      ServiceUnavailableError,
      'unreachable',
      `AWS did not answer ${about.action} (${place})${
        status ? ` (HTTP ${status})` : ''
      }; it is asked again. If this stays, check the portal's way out to AWS.`,
    );
  }
  const word = /^[A-Za-z.]{1,80}$/.test(error.name) ? error.name : 'Error';
  return as(
    ServiceUnavailableError,
    'read_failed',
    `AWS refused ${about.action} (${place}) with ${word}; the portal asks again. If this stays, try the call by hand and report what it says.`,
  );
}

/** The sentence for a service that is not there. */
export function serviceNotFound(
  service: string,
  cluster: string,
  place: string,
): string {
  return `There is no service ${service} in cluster ${cluster} (${place}): correct the environment in app-config, or create the service again.`;
}

/** Failures of the whole cluster, region or account: asking for another part of it is in vain. */
export function isWhole(error: unknown): boolean {
  return [
    'role_not_assumable',
    'not_allowed',
    'wrong_region',
    'cluster_not_found',
    'credentials_missing',
    'credentials_expired',
    'throttled',
  ].includes(codeOf(error) ?? '');
}

/** An error of ours as a problem to keep and to show. */
export function problemOf(error: unknown): { code: string; message: string } {
  const code = codeOf(error);
  const { message } = error as Error;
  return code
    ? { code, message }
    : {
        code: 'read_failed',
        message:
          'What AWS answered could not be understood; the portal asks again. If this stays, report it with the version of the portal.',
      };
}
