import type { RuntimeRef } from 'backstage-plugin-delivery-common';
import { VendorRefusal, VendorSilence } from 'backstage-plugin-delivery-node';
import {
  codeOf,
  DENIED,
  EXPIRED,
  REFUSED,
  THROTTLED,
  toEcsError,
} from '../errors';

/** What was being done, and as whom. */
export interface AboutWrite {
  service: RuntimeRef;
  roleName: string;
  /** `ecs:UpdateService` */
  action: string;
}

interface Failed {
  name: string;
  status?: number;
}

function failedOf(error: unknown): Failed {
  const { name, $metadata } = (error ?? {}) as {
    name?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  return {
    name: typeof name === 'string' ? name : '',
    status: $metadata?.httpStatusCode,
  };
}

function paramsOf({ service, roleName, action }: AboutWrite) {
  const { accountId, region, cluster } = service;
  return {
    ...{ accountId, region, cluster, action },
    ...{ service: service.service, role: roleName },
  };
}

/** Why the person's session could not be had: nothing was sent to ECS. */
export function sessionError(error: unknown, about: AboutWrite): VendorRefusal {
  const { accountId } = about.service;
  const params = { ...paramsOf(about), action: 'sts:AssumeRole' };
  const { name } = failedOf(error);
  const code = codeOf(error);
  if (code !== undefined) {
    return new VendorRefusal('not_allowed', (error as Error).message, params);
  }
  if (THROTTLED.test(name)) {
    return new VendorRefusal(
      'rate_limit',
      `AWS gives no more sessions in account ${accountId} for now, so nothing was done: try again in a minute.`,
      params,
    );
  }
  if (DENIED.test(name)) {
    return new VendorRefusal(
      'not_allowed',
      `The portal may not take on the role ${about.roleName} of account ${accountId} in your name, so nothing was done: let the role's trust policy allow sts:AssumeRole and sts:SetSourceIdentity to the portal's own role.`,
      params,
    );
  }
  if (EXPIRED.test(name) || REFUSED.test(name)) {
    return new VendorRefusal(
      'not_allowed',
      `AWS does not accept the portal's own credentials, so nothing was done: the platform team renews those of "aws.mainAccount" in app-config.`,
      params,
    );
  }
  return new VendorRefusal(
    'unreachable',
    `AWS gave no session in account ${accountId}, so nothing was done: try again, and check the portal's way out to AWS if this stays.`,
    params,
  );
}

/** Something that had to be read before failed: nothing was sent that changes anything. */
export function readError(error: unknown, about: AboutWrite): VendorRefusal {
  if (error instanceof VendorRefusal) return error;
  const told =
    codeOf(error) === undefined
      ? toEcsError(error, { ...about.service, action: about.action })
      : (error as Error);
  return new VendorRefusal(
    codeOf(told) === 'throttled' ? 'rate_limit' : 'unreachable',
    `Nothing was done. ${told.message}`,
    paramsOf(about),
  );
}

const GONE = /^(Service|ServiceDeployment|Cluster)Not(Found|Active)Exception$/;

/** What AWS said to the one changing request. Only a clear no is a refusal; its own text is not passed on. */
export function writeError(
  error: unknown,
  about: AboutWrite,
): VendorRefusal | VendorSilence {
  const { name, status = 0 } = failedOf(error);
  const { service, roleName, action } = about;
  const place = `${service.service} in cluster ${service.cluster} (account ${service.accountId}, ${service.region})`;
  const no = (code: string, message: string) =>
    new VendorRefusal(code, message, paramsOf(about));
  if (status < 400 || status >= 500 || status === 408) {
    return new VendorSilence(
      `AWS did not say whether ${action} on ${place} was done. The portal looks what became of it, and does not send it again.`,
    );
  }
  if (THROTTLED.test(name) || status === 429) {
    return no(
      'rate_limit',
      `AWS takes no more calls of ${action} for now, so nothing was done: try again in a minute.`,
    );
  }
  if (DENIED.test(name)) {
    return no(
      'not_allowed',
      `The role ${roleName} of account ${service.accountId} may not call ${action} on ${place}, so nothing was done: allow it in the policy of the role.`,
    );
  }
  if (EXPIRED.test(name) || REFUSED.test(name)) {
    return no(
      'not_allowed',
      `AWS does not accept the session of the role ${roleName} in account ${service.accountId}, so nothing was done: check the portal's clock, and that ${service.region} is enabled for the account.`,
    );
  }
  if (GONE.test(name)) {
    return no(
      'not_found',
      `AWS has no such service or deployment (any more): ${place}. Nothing was done; look at the environment again.`,
    );
  }
  if (/Conflict|InUse|NotStoppable/.test(name)) {
    return no(
      'conflict',
      `The service ${place} is in a state that does not allow ${action} (any more), so nothing was done; look at the environment again.`,
    );
  }
  return no(
    'invalid',
    `AWS refused ${action} on ${place} as not valid, so nothing was done; look at the environment again, and report it if this stays.`,
  );
}
